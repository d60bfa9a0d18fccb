import { isValidAt, type TimeRange } from "../core/index.js";
import type { Chunk } from "./chunk.js";
import { upperBound } from "./latest-at.js";
import { timeOrder } from "./sort.js";

const NO_ROWS = new Uint32Array(0);

/**
 * Row numbers of `chunk` whose time lies in `range` (inclusive) and where the component is present, by (time, row id).
 * Empty without that timeline or component.
 */
export function rangeRows(chunk: Chunk, timeline: string, range: TimeRange, component: string): Uint32Array {
  const index = chunk.timelines.get(timeline);
  const column = chunk.components.get(component);
  if (index === undefined || column === undefined || range.min > range.max) return NO_ROWS;
  if (index.range.min > range.max || index.range.max < range.min) return NO_ROWS;
  const order = timeOrder(chunk, timeline);
  const start = index.range.min >= range.min ? 0 : upperBound(index.times, order, range.min - 1n);
  const end = index.range.max <= range.max ? chunk.numRows : upperBound(index.times, order, range.max);
  const rows = new Uint32Array(Math.max(0, end - start));
  let count = 0;
  for (let i = start; i < end; i++) {
    const row = order === undefined ? i : order[i]!;
    if (!isValidAt(column.list, row)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.subarray(0, count);
}

/** First and last time of the rows where the component is present, inclusive; `undefined` when it never is. */
export function componentRange(chunk: Chunk, timeline: string, component: string): TimeRange | undefined {
  const index = chunk.timelines.get(timeline);
  const list = chunk.components.get(component)?.list;
  if (index === undefined || list === undefined || list.nullCount === list.length) return undefined;
  if (list.nullCount === 0) return index.range;
  if (index.isSorted) {
    let [first, last] = [0, chunk.numRows - 1];
    while (!isValidAt(list, first)) first += 1;
    while (!isValidAt(list, last)) last -= 1;
    return { min: index.times[first]!, max: index.times[last]! };
  }
  let min: bigint | undefined;
  let max: bigint | undefined;
  for (let row = 0; row < chunk.numRows; row++) {
    if (!isValidAt(list, row)) continue;
    const time = index.times[row]!;
    if (min === undefined || time < min) min = time;
    if (max === undefined || time > max) max = time;
  }
  return min === undefined || max === undefined ? undefined : { min, max };
}
