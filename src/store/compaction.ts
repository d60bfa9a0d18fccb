import { type Chunk, type ChunkLimits, canMerge, compareRowIds, exceedsLimits, isFullySorted } from "../chunk/index.js";
import type { EntityIndex } from "./entity-index.js";

/** So many chunks of one order of size, side by side, become one chunk of the next order. */
const FAN_IN = 8;

const NONE: readonly Chunk[] = [];

/**
 * The neighbours that `chunk`, not yet in the store, should become one chunk with, by row id; none for now when empty.
 *
 * Joined are eight chunks of a size, or as many as the limits allow when that is fewer. So each row is copied
 * log₈(rows) times however small the chunks come (joining each one at once took fifteen times as long, see
 * bench/store.ts), and a viewer that follows a recording does not fetch a large chunk anew for each new row.
 */
export function chunksToMerge(entity: EntityIndex, chunk: Chunk, limits: ChunkLimits): readonly Chunk[] {
  if (limits.maxBytes <= 0 && limits.maxRows <= 0 && limits.maxRowsIfUnsorted <= 0) return NONE;
  const tree = entity.place(chunk);
  if (tree === undefined) return NONE;
  const order = sizeOrder(chunk);
  const found: Chunk[] = [];
  let isFull = false;
  const run = { numRows: chunk.numRows, sizeBytes: chunk.sizeBytes, isSorted: isFullySorted(chunk) };
  for (const step of ["before", "after"] as const) {
    let last = chunk;
    for (let near = tree[step](chunk); near !== undefined && found.length < FAN_IN - 1; near = tree[step](near)) {
      if (sizeOrder(near) > order || !canJoin(near, chunk, found)) break;
      const isSorted = run.isSorted && (step === "before" ? staysSorted(near, last) : staysSorted(last, near));
      const numRows = run.numRows + near.numRows;
      const sizeBytes = run.sizeBytes + near.sizeBytes;
      isFull = exceedsLimits(numRows, sizeBytes, isSorted, limits);
      if (isFull) break;
      Object.assign(run, { numRows, sizeBytes, isSorted });
      found.push(near);
      last = near;
    }
    if (isFull) break;
  }
  if (!isFull && found.length < FAN_IN - 1) return NONE;
  return found.sort((a, b) => compareRowIds(a, 0, b, 0));
}

/** Whether `near` goes together with `chunk`, and with the others where these have components that `chunk` lacks. */
function canJoin(near: Chunk, chunk: Chunk, others: readonly Chunk[]): boolean {
  if (!canMerge(near, chunk)) return false;
  for (const component of near.components.keys()) {
    if (!chunk.components.has(component)) return others.every((other) => canMerge(near, other));
  }
  return true;
}

/** Chunks of 1 … 7 rows are of order 0, of 8 … 63 of order 1, and so on. */
function sizeOrder({ numRows }: Chunk): number {
  return Math.floor(Math.log2(numRows) / Math.log2(FAN_IN));
}

/** Whether rows of `second` come after those of `first` by row id and on every timeline, and both are in order. */
function staysSorted(first: Chunk, second: Chunk): boolean {
  if (!isFullySorted(first) || !isFullySorted(second)) return false;
  if (compareRowIds(first, first.numRows - 1, second, 0) > 0) return false;
  for (const [name, index] of first.timelines) {
    const other = second.timelines.get(name);
    if (other !== undefined && index.range.max > other.range.min) return false;
  }
  return true;
}
