import { type Chunk, type ChunkLimits, canMerge, compareRowIds, exceedsLimits, isFullySorted } from "../chunk/index.js";
import type { EntityIndex } from "./entity-index.js";

/** A chunk takes in a neighbour of at most this many times its own rows. */
const GROWTH = 2;

/**
 * The neighbour that `chunk`, not yet in the store, should become one chunk with; `undefined` = none fits within `limits`.
 *
 * A neighbour much larger than the chunk is left alone: so every row is copied O(log n) times however small the chunks
 * come, and a viewer that follows a recording does not fetch the same large chunk again for each new row.
 */
export function mergeCandidate(entity: EntityIndex, chunk: Chunk, limits: ChunkLimits): Chunk | undefined {
  if (limits.maxBytes <= 0 && limits.maxRows <= 0 && limits.maxRowsIfUnsorted <= 0) return undefined;
  let best: Chunk | undefined;
  let bestPoints = 0;
  for (const [near, points] of entity.neighbours(chunk)) {
    if (points <= bestPoints || near.numRows > GROWTH * chunk.numRows) continue;
    const numRows = near.numRows + chunk.numRows;
    const sizeBytes = near.sizeBytes + chunk.sizeBytes;
    if (exceedsLimits(numRows, sizeBytes, staysSorted(near, chunk), limits) || !canMerge(near, chunk)) continue;
    best = near;
    bestPoints = points;
  }
  return best;
}

/** Whether both together, by row id, have times in order. */
function staysSorted(a: Chunk, b: Chunk): boolean {
  if (!isFullySorted(a) || !isFullySorted(b)) return false;
  const [first, second] = compareRowIds(a, 0, b, 0) <= 0 ? [a, b] : [b, a];
  if (compareRowIds(first, first.numRows - 1, second, 0) > 0) return false;
  for (const [name, index] of first.timelines) {
    const other = second.timelines.get(name);
    if (other !== undefined && index.range.max > other.range.min) return false;
  }
  return true;
}
