/** The Arrow door of chunks: Arrow IPC bytes, and apache-arrow's arrays, schemas and record batches. */
import type { Chunk } from "./chunk.js";
import { tableFromOtherIpc } from "./ipc/arrow-check.js";
import { chunkFromOtherIpc } from "./ipc/arrow-chunk.js";
import { type ChunkFromIpcOptions, type DecodedTable, decodeChunkIpc, decodeTableIpc } from "./ipc/chunk-decode.js";

export { arrayFromArrow, arrayFromVector, arrayToArrow } from "./ipc/arrow-arrays.js";
export { arrowTableFromIpc } from "./ipc/arrow-check.js";
export { chunkFromRecordBatch, chunkSchema, chunkToRecordBatch } from "./ipc/arrow-chunk.js";
export { fieldFromArrow, fieldToArrow, typeFromArrow, typeToArrow } from "./ipc/arrow-types.js";
export { type BatchChunksOptions, chunksFromRecordBatch } from "./ipc/batch-chunks.js";
export { type ChunkFromIpcOptions, checkMessages, type DecodedTable } from "./ipc/chunk-decode.js";
export { type ChunkIpcPlan, chunkToIpc, planChunkIpc, writeChunkIpc } from "./ipc/chunk-encode.js";
export {
  KEY_ARCHETYPE,
  KEY_COMPONENT,
  KEY_COMPONENT_TYPE,
  KEY_ENTITY_PATH,
  KEY_INDEX_NAME,
  KEY_KIND,
  KIND_CONTROL,
  KIND_INDEX,
  rowIdField,
  timelineDataType,
} from "./ipc/chunk-metadata.js";
export { type ColumnTable, schemaToIpc, tableToIpc } from "./ipc/table-encode.js";

/**
 * The chunk in an Arrow IPC stream. Its arrays are views of `bytes` (of one copy, when those are not aligned to 8 bytes), which
 * must not change any more.
 *
 * Forgiving as Rerun's own reader: columns that are no lists become lists of one, missing metadata are replaced by names,
 * wide and dictionary types become plain ones, of several batches the first is read.
 *
 * @throws RerunError `CorruptFile` for bytes that are not a chunk, whatever they are
 */
export function chunkFromIpc(bytes: Uint8Array, options: ChunkFromIpcOptions = {}): Chunk {
  return decodeChunkIpc(bytes, options, chunkFromOtherIpc);
}

/**
 * The first record batch of an Arrow IPC stream; no rows when the stream holds a schema only. Wide, view and dictionary types become
 * plain ones; columns of types that have no counterpart are left out with a warning.
 *
 * @throws RerunError `CorruptFile` for bytes that are no table, whatever they are
 */
export function tableFromIpc(bytes: Uint8Array): DecodedTable {
  return decodeTableIpc(bytes, tableFromOtherIpc);
}
