/** Datasets and dataframes: `rerun-ts/catalog`. */
export {
  type ColumnsForOptions,
  type ComponentColumnDescriptor,
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
  type PolarsDataFrame,
  type ReaderOptions,
  readArrow,
  readParquet,
  Schema,
  type SegmentsLike,
  type StoredRecording,
  type WaitOptions,
} from "../dataset/index.js";
export type { AssetMode } from "./assets.js";
export type { Catalog } from "./catalog.js";
export {
  type BenchmarkResult,
  CatalogClient,
  type ConnectOptions,
  type EntryRef,
  type ListOptions,
  type VersionInfo,
} from "./catalog-client.js";
export { ContentFilter, type PathRuleOptions } from "./content-filter.js";
export { DatasetEntry, type OnDuplicateSegmentLayer, type RegisterOptions } from "./dataset-entry.js";
export type { DatasetInfo, LayerInfo, TimelineInfo } from "./dataset-info.js";
export type { Entry, EntryKind } from "./entry.js";
export type { EntryId } from "./entry-id.js";
export type { JoinMetadata } from "./join-frames.js";
export { Layer } from "./layer.js";
export {
  RegistrationOperation,
  RegistrationResult,
  type SegmentRegistrationResult,
  type TaskWaitOptions,
  UnregistrationHandle,
} from "./registration.js";
export { type ContentsLike, DatasetSelection } from "./remote-dataset.js";
export { Segment } from "./segment.js";
export type { SegmentUrlOptions } from "./segment-url.js";
export { TableEntry } from "./table-entry.js";
export type { NamedColumns, TableRows } from "./table-rows.js";
