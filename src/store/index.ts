export { ChunkCache } from "./chunk-cache.js";
export { type ChunkSource, type FetchOptions, sourceOfChunks, sourceOfStore } from "./chunk-source.js";
export { ChunkStore, type ChunkStoreOptions, type StoreStats } from "./chunk-store.js";
export type { CollectOptions } from "./collection.js";
export type { ChunkRow } from "./entity-index.js";
export { LazyStore, type LazyStoreOptions } from "./lazy-store.js";
export type { FrameBatch } from "./queries/dataframe/build-batch.js";
export { listClosest } from "./queries/dataframe/closest.js";
export { type AllContents, type Contents, parseContents } from "./queries/dataframe/contents.js";
export {
  type BatchOptions,
  batchBytes,
  type DataframePlan,
  DEFAULT_QUERY_BYTES,
  type PlanOptions,
  planDataframe,
} from "./queries/dataframe/dataframe.js";
export {
  type FrameColumn,
  type FrameSchema,
  type FrameSegment,
  frameSchema,
  schemaFields,
} from "./queries/dataframe/frame-schema.js";
export { type DataframeQuery, SEGMENT_COLUMN } from "./queries/dataframe/query.js";
export {
  type LatestAtQuery,
  type LatestAtResult,
  type LatestAtSource,
  latestAtWithClear,
} from "./queries/latest-at.js";
export { areInOrder, type ChunkRows, mergeRows, type RangeQuery, type TimedRow } from "./queries/range.js";
export { mergeRecording } from "./rewrite/merge-recording.js";
export { type OptimizeOptions, optimizeRecording } from "./rewrite/optimize-recording.js";
export { type RecordingPart, type SplitOptions, splitRecording } from "./rewrite/split-recording.js";
export { type ComponentSchema, type EntitySchema, EntitySchemas, type StoreSchema } from "./schema.js";
export { chunkLimitsFromEnv, LIVE_LIMITS, NO_LIMITS, OBJECT_STORE_LIMITS } from "./store-config.js";
export { StoreContents } from "./store-contents.js";
export type { RemovalReason, StoreEvent, StoreListener } from "./store-event.js";
