/** Datasets and dataframes: `rerun-ts/catalog`. */
export {
  type ColumnsForOptions,
  type ComponentColumnDescriptor,
  ContentFilter,
  type ContentsLike,
  DataFrame,
  type Dataset,
  type DatasetItem,
  type DatasetOptions,
  type FrameOptions,
  type FrameRow,
  type HtmlOptions,
  type IndexColumnDescriptor,
  type IndexValue,
  type IndexValuesLike,
  type LocalDataset,
  type OpenDatasetOptions,
  openDataset,
  type PathRuleOptions,
  type PolarsDataFrame,
  type ReaderOptions,
  readArrow,
  readParquet,
  Schema,
  type SegmentsLike,
  type StoredRecording,
  type WaitOptions,
} from "../dataset/index.js";
export type { AssetMode, RegisterAssetOptions } from "./assets.js";
export type { BenchmarkOptions, BenchmarkResult } from "./benchmark.js";
export type { Catalog } from "./catalog.js";
export { CatalogClient, type VersionInfo } from "./catalog-client.js";
export type { ConnectOptions } from "./connect.js";
export { DatasetEntry } from "./dataset-entry.js";
export type { DatasetInfo, LayerInfo, TimelineInfo } from "./dataset-info.js";
export type { RegisterBlueprintOptions } from "./dataset-record.js";
export type { Entry, EntryKind } from "./entry.js";
export type { EntryId } from "./entry-id.js";
export type { EntryRef, ListOptions } from "./find-entries.js";
export type { JoinMetadata } from "./join-frames.js";
export { Layer } from "./layer.js";
export type { MaintenanceOptions } from "./maintenance.js";
export type { OnDuplicateSegmentLayer, RegisterOptions, RegisterPrefixOptions } from "./register-files.js";
export {
  RegistrationOperation,
  RegistrationResult,
  type SegmentRegistrationResult,
  type TaskWaitOptions,
  UnregistrationHandle,
} from "./registration.js";
export { DatasetSelection, type SegmentStoreOptions } from "./remote-dataset.js";
export { Segment } from "./segment.js";
export type { SegmentTime, SegmentUrlOptions } from "./segment-url.js";
export { Server, type ServerOptions } from "./server.js";
export type { StageOptions } from "./stage.js";
export { TableEntry } from "./table-entry.js";
export type { NamedColumns, TableRows } from "./table-rows.js";
export type { UnregisterOptions } from "./unregister.js";
