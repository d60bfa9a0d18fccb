import { areEvenTimes, type Chunk, latestRow, type TimedCells, timedCells } from "../chunk/index.js";

/**
 * When the cells of a component in a chunk are. What a query has to touch in memory costs more than what it computes, so this is
 * as little as can be:
 *
 * - how many there are, when they lie equally far apart, as frame numbers do: the two ends tell the rest;
 * - of a few, how long after the first each is;
 * - else the columns of the chunk.
 *
 * The first two only when every row has a cell and the rows lie in the order of time.
 */
export type CellTimes = SpacedTimes | ColumnTimes;

export type SpacedTimes = number | number[];

export interface ColumnTimes extends TimedCells {
  /** The row with the greatest (time, row id). */
  readonly lastRow: number;
}

/** A list takes little beside what a chunk takes, however few its rows are. */
const MAX_LISTED = 32;

/**
 * When the cells of each component in a chunk are; `undefined` when it has none. How the times lie is looked at once for all
 * components that have a cell in every row.
 */
export function cellTimesIn(chunk: Chunk, timeline: string): (component: string) => CellTimes | undefined {
  let spaced: SpacedTimes | "none" | undefined;
  return (component) => {
    const lastRow = latestRow(chunk, timeline, component);
    const cells = timedCells(chunk, timeline, component);
    if (lastRow === undefined || cells === undefined) return undefined;
    if (cells.order === undefined && chunk.components.get(component)?.list.nullCount === 0) {
      spaced ??= spacedTimes(cells.times) ?? "none";
      if (spaced !== "none") return spaced;
    }
    return { ...cells, lastRow };
  };
}

function spacedTimes(times: BigInt64Array): SpacedTimes | undefined {
  if (areEvenTimes(times)) return times.length;
  return times.length <= MAX_LISTED ? sinceFirst(times) : undefined;
}

export function areSpaced(times: CellTimes): times is SpacedTimes {
  return typeof times === "number" || Array.isArray(times);
}

/** The row of the last cell. */
export function lastRowOf(times: CellTimes): number {
  return typeof times === "number" ? times - 1 : Array.isArray(times) ? times.length - 1 : times.lastRow;
}

/** The last row at most `since` after the first one, of rows over `length`; `since` lies within. */
export function rowBy(times: SpacedTimes, since: number, length: number): number {
  if (typeof times === "number") return length === 0 ? times - 1 : Math.floor(since / (length / (times - 1)));
  let row = times.length - 1;
  while (row > 0 && (times[row] ?? 0) > since) row -= 1;
  return row;
}

/** How long after the first one a row is, of rows over `length`. */
export function offsetOf(times: SpacedTimes, row: number, length: number): number {
  return typeof times === "number" ? (length === 0 ? 0 : row * (length / (times - 1))) : (times[row] ?? 0);
}

function sinceFirst(times: BigInt64Array): number[] {
  const first = times[0] ?? 0n;
  return Array.from(times, (time) => Number(time - first));
}
