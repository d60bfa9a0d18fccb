import { isValidAt } from "../core/index.js";
import { bitAt, lastSetBit } from "./bits.js";
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
  return latestCell({ times, order: timeOrder(chunk, timeline), validity: column.list.validity }, at);
}

/** The cells of one component on one timeline: what a query needs of a chunk, without looking it up again. */
export interface TimedCells {
  readonly times: BigInt64Array;
  /** The rows by (time, row id), when they do not lie in that order. */
  readonly order: Uint32Array | undefined;
  /** Absent = no nulls. */
  readonly validity: Uint8Array | undefined;
}

/** `undefined` without that timeline or component. */
export function timedCells(chunk: Chunk, timeline: string, component: string): TimedCells | undefined {
  const times = chunk.timelines.get(timeline)?.times;
  const list = chunk.components.get(component)?.list;
  return times === undefined || list === undefined
    ? undefined
    : { times, order: timeOrder(chunk, timeline), validity: list.validity };
}

/** The row with the greatest (time, row id) with time ≤ `at` where the cell is present. */
export function latestCell({ times, order, validity }: TimedCells, at: bigint): number | undefined {
  const end = upperBound(times, order, at);
  if (order === undefined) return lastPresent(validity, end);
  for (let i = end - 1; i >= 0; i--) {
    const row = order[i]!;
    if (validity === undefined || bitAt(validity, row)) return row;
  }
  return undefined;
}

/** The row where the component is present and (time, row id) is greatest; ordered by row id alone when static. */
export function latestRow(chunk: Chunk, timeline: string | undefined, component: string): number | undefined {
  return latestAtRow(chunk, timeline, LATEST, component);
}

/** Whether the times ascend by the same step from row to row; so do one time, none, and equal ones. */
export function areEvenTimes(times: BigInt64Array): boolean {
  const count = times.length;
  if (count < 3) return count < 2 || times[0]! <= times[1]!;
  const step = times[1]! - times[0]!;
  if (step < 0n || step >= 2n ** 52n || times[2]! - times[1]! !== step) return false;
  // Halves as numbers: reading bigints costs a heap object each.
  const hi = new Int32Array(times.buffer, times.byteOffset, 2 * count);
  const lo = new Uint32Array(times.buffer, times.byteOffset, 2 * count);
  const wanted = Number(step);
  for (let i = 3; i < count; i++) {
    const upper = hi[2 * i + 1]! - hi[2 * i - 1]!;
    if (Math.abs(upper) > 2 ** 20 || upper * 2 ** 32 + (lo[2 * i]! - lo[2 * i - 2]!) !== wanted) return false;
  }
  return true;
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

function lastPresent(validity: Uint8Array | undefined, end: number): number | undefined {
  const row = validity === undefined ? end - 1 : lastSetBit(validity, end);
  return row < 0 ? undefined : row;
}

function greatestRow(chunk: Chunk, column: DataColumn): number | undefined {
  if (chunk.isSorted) return lastPresent(column.list.validity, chunk.numRows);
  let best: number | undefined;
  for (let row = 0; row < chunk.numRows; row++) {
    if (isValidAt(column.list, row) && (best === undefined || compareRowIds(chunk, row, chunk, best) >= 0)) best = row;
  }
  return best;
}
