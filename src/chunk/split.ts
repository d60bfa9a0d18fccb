import type { Chunk } from "./chunk.js";
import { sliceChunk } from "./slice.js";

/** Where a chunk is cut. 0 = no limit. */
export interface ChunkLimits {
  readonly maxBytes: number;
  readonly maxRows: number;
  /** In place of `maxRows` for chunks with a timeline whose times do not ascend. */
  readonly maxRowsIfUnsorted: number;
}

/** Whether rows and timelines of the chunk are in order. */
export function isFullySorted(chunk: Chunk): boolean {
  if (!chunk.isSorted) return false;
  for (const index of chunk.timelines.values()) if (!index.isSorted) return false;
  return true;
}

/** Whether that many rows and bytes are more than the limits allow. */
export function exceedsLimits(numRows: number, sizeBytes: number, isSorted: boolean, limits: ChunkLimits): boolean {
  return (
    (limits.maxBytes > 0 && sizeBytes > limits.maxBytes) ||
    (limits.maxRows > 0 && numRows > limits.maxRows) ||
    (!isSorted && limits.maxRowsIfUnsorted > 0 && numRows > limits.maxRowsIfUnsorted)
  );
}

/**
 * The chunk cut in row order into pieces within `limits`, each with an id from `nextId`; `[chunk]` when it is within them.
 * A single row is never cut. Pieces share the buffers of `chunk`.
 */
export function splitChunk(chunk: Chunk, limits: ChunkLimits, nextId: () => string): Chunk[] {
  const isSorted = isFullySorted(chunk);
  if (chunk.numRows <= 1 || !exceedsLimits(chunk.numRows, chunk.sizeBytes, isSorted, limits)) return [chunk];
  const rows = rowsPerPiece(chunk, isSorted, limits);
  const pieces: Chunk[] = [];
  for (let start = 0; start < chunk.numRows; start += rows) {
    pieces.push(sliceChunk(chunk, start, Math.min(start + rows, chunk.numRows), nextId()));
  }
  return pieces;
}

function rowsPerPiece(chunk: Chunk, isSorted: boolean, limits: ChunkLimits): number {
  let rows = chunk.numRows;
  if (!isSorted && limits.maxRowsIfUnsorted > 0) rows = Math.min(rows, limits.maxRowsIfUnsorted);
  if (limits.maxRows > 0) rows = Math.min(rows, limits.maxRows);
  if (limits.maxBytes > 0) rows = Math.min(rows, Math.floor((limits.maxBytes * chunk.numRows) / Math.max(1, chunk.sizeBytes)));
  return Math.max(1, rows);
}
