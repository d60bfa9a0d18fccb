import { isValidAt } from "../core/index.js";
import { lastSetBit } from "./bits.js";
import type { Chunk, DataColumn } from "./chunk.js";
import { isStatic } from "./chunk.js";
import { compareRowIds, timeOrder } from "./sort.js";

/**
 * The row of `chunk` that answers a latest-at query for one component.
 *
 * Considers rows with time ≤ `at` (inclusive); among equal times the greater row id wins. Rows where the component is null are
 * skipped, empty cells are not. A static chunk ignores timeline and time: its greatest row id wins. A temporal chunk without
 * the timeline has no answer.
 *
 * @returns the row number, or `undefined` when no row qualifies. Never copies column data.
 */
export function latestAtRow(chunk: Chunk, timeline: string | undefined, at: bigint, component: string): number | undefined {
  const column = chunk.components.get(component);
  if (column === undefined || column.list.nullCount === column.list.length) return undefined;
  if (isStatic(chunk)) return greatestRow(chunk, column);
  const index = timeline === undefined ? undefined : chunk.timelines.get(timeline);
  if (timeline === undefined || index === undefined || index.range.min > at) return undefined;
  const { times } = index;
  const order = timeOrder(chunk, timeline);
  const end = index.range.max <= at ? chunk.numRows : upperBound(times, order, at);
  if (order === undefined) return lastPresent(column, end);
  for (let i = end - 1; i >= 0; i--) if (isValidAt(column.list, order[i]!)) return order[i];
  return undefined;
}

/** The row where the component is present and (time, row id) is greatest; ordered by row id alone when static. */
export function latestRow(chunk: Chunk, timeline: string | undefined, component: string): number | undefined {
  return latestAtRow(chunk, timeline, LATEST, component);
}

const LATEST = 2n ** 63n - 1n;

/** Number of rows with time ≤ `at`, counted in the order of `order` (or of the rows). */
export function upperBound(times: BigInt64Array, order: Uint32Array | undefined, at: bigint): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[order === undefined ? middle : order[middle]!]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastPresent(column: DataColumn, end: number): number | undefined {
  const { validity } = column.list;
  const row = validity === undefined ? end - 1 : lastSetBit(validity, end);
  return row < 0 ? undefined : row;
}

function greatestRow(chunk: Chunk, column: DataColumn): number | undefined {
  if (chunk.isSorted) return lastPresent(column, chunk.numRows);
  let best: number | undefined;
  for (let row = 0; row < chunk.numRows; row++) {
    if (isValidAt(column.list, row) && (best === undefined || compareRowIds(chunk, row, chunk, best) >= 0)) best = row;
  }
  return best;
}
