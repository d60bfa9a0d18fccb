import { compareTuids, TUID_BYTES } from "../core/index.js";
import type { Chunk } from "./chunk.js";
import { takeRows } from "./slice.js";

/** The chunk with its rows in the order of their ids; the same object when they are. Equal ids keep their order. */
export function sortByRowId(chunk: Chunk): Chunk {
  if (chunk.isSorted) return chunk;
  const order = rowNumbers(chunk.numRows).sort((a, b) => compareRowIds(chunk, a, chunk, b));
  return takeRows(chunk, order);
}

/** The chunk with its rows by (time, row id); the same object when they are. Without that timeline: unchanged. */
export function sortByTimeline(chunk: Chunk, timeline: string): Chunk {
  const order = timeOrder(chunk, timeline);
  return order === undefined ? chunk : takeRows(chunk, order);
}

const timeOrders = new WeakMap<Chunk, Map<string, Uint32Array>>();

/**
 * The row numbers of `chunk` by (time, row id); `undefined` when the rows lie in that order already or the chunk lacks the timeline.
 * Computed once for a chunk and timeline.
 */
export function timeOrder(chunk: Chunk, timeline: string): Uint32Array | undefined {
  const index = chunk.timelines.get(timeline);
  // Of times that increase always the row ids say nothing.
  if (index === undefined || index.isStrict === true || (index.isSorted && chunk.isSorted)) return undefined;
  let orders = timeOrders.get(chunk);
  if (orders === undefined) {
    orders = new Map();
    timeOrders.set(chunk, orders);
  }
  let order = orders.get(timeline);
  if (order === undefined) {
    const { times } = index;
    order = rowNumbers(chunk.numRows).sort((a, b) => {
      const left = times[a]!;
      const right = times[b]!;
      return left < right ? -1 : left > right ? 1 : compareRowIds(chunk, a, chunk, b) || a - b;
    });
    orders.set(timeline, order);
  }
  return order;
}

/** Negative, 0 or positive as the id of row `aRow` of `a` is smaller than, equal to or greater than that of row `bRow` of `b`. */
export function compareRowIds(a: Chunk, aRow: number, b: Chunk, bRow: number): number {
  return compareTuids(a.rowIds, aRow * TUID_BYTES, b.rowIds, bRow * TUID_BYTES);
}

function rowNumbers(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  return rows;
}
