export { allocateValues, arraySizeBytes, nullArray, viewValues } from "./array-layout.js";
export { type ArrayPiece, concatArrays, concatPieces, sliceArray, takeArray } from "./array-ops.js";
export { ChunkBuilder, type ChunkBuilderOptions, ColumnBuilder } from "./builder.js";
export { checkArray } from "./check-array.js";
export { type Chunk, type DataColumn, type IndexColumn, isStatic } from "./chunk.js";
export { type ChunkEntry, type ComponentEntry, entryOf } from "./chunk-entry.js";
export { type ColumnChunkOptions, chunkFromColumns, type TimeColumnData } from "./column-chunk.js";
export {
  type ComponentColumnInfo,
  componentColumnField,
  componentColumnName,
  descriptorMetadata,
  isPropertyPath,
  isTombstone,
  timelineColumnField,
} from "./column-fields.js";
export { gatherArray, Runs } from "./gather.js";
export { rowIdField, SORBET_VERSION, timelineDataType } from "./ipc/chunk-metadata.js";
export { areEvenTimes, latestAtRow, latestCell, latestRow, type TimedCells, timedCells } from "./latest-at.js";
export { type ChunkParts, chunkSizeBytes, instanceType, makeChunk, makeIndexColumn } from "./make-chunk.js";
export { type ChunkShape, canMerge, mergeChunks } from "./merge.js";
export {
  binaryArray,
  boolArray,
  fixedSizeBinaryArray,
  numberArray,
  textArray,
  textListArray,
} from "./plain-arrays.js";
export { componentRange, rangeRows } from "./range.js";
export { selectComponents } from "./select.js";
export { sliceChunk, takeRows } from "./slice.js";
export { compareRowIds, sortByRowId, sortByTimeline, timeOrder } from "./sort.js";
export { type ChunkLimits, exceedsLimits, isFullySorted, splitChunk } from "./split.js";
export { decodeChunk, encodeChunk } from "./wire.js";
export {
  asArray,
  asBoolean,
  asCount,
  asInt64,
  asRecord,
  asText,
  dataTypeFromJson,
  dataTypeToJson,
  descriptorFromJson,
  descriptorToJson,
  type JsonValue,
  oneOf,
} from "./wire-types.js";
