export { ChunkStore, type ChunkStoreOptions, type StoreStats } from "./chunk-store.js";
export type { ChunkRow } from "./entity-index.js";
export {
  type LatestAtQuery,
  type LatestAtResult,
  type LatestAtSource,
  latestAtWithClear,
} from "./queries/latest-at.js";
export { areInOrder, type ChunkRows, mergeRows, type RangeQuery, type TimedRow } from "./queries/range.js";
export type { ComponentSchema, EntitySchema, StoreSchema } from "./schema.js";
export { chunkLimitsFromEnv, LIVE_LIMITS, NO_LIMITS } from "./store-config.js";
export type { RemovalReason, StoreEvent, StoreListener } from "./store-event.js";
