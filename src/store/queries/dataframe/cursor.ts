import { type Chunk, isStatic, nullArray, timeOrder } from "../../../chunk/index.js";
import { type ArrayData, type DataType, isValidAt, valueAt } from "../../../core/index.js";

/** The component that says an entity was cleared. */
export const CLEAR = "Clear:is_recursive";

/** Cells of one column in one chunk: `list` has an element for each row of it. */
export interface CellSource {
  readonly chunk: Chunk;
  readonly list: ArrayData;
  /** Whether these are the empty cells that a clear stands for. */
  readonly isClear: boolean;
}

/** A chunk's rows by (time, row id), as a query walks through them. */
export interface Cursor {
  readonly chunk: Chunk;
  /** The one whose times these are. */
  readonly timeline: string;
  /** Row numbers in that order; `undefined` = as they lie. */
  readonly order: Uint32Array | undefined;
  /** Times in that order. */
  readonly times: BigInt64Array;
  /** Whether each is known to be greater than the one before. */
  readonly isStrict: boolean;
  /** The cells it has for columns, by number of the column; clears first, so that a cell of the same row counts. */
  readonly cells: ReadonlyMap<number, readonly CellSource[]>;
  /** The first row that no window has taken. */
  position: number;
}

/** `undefined` for a chunk without the timeline. */
export function openCursor(chunk: Chunk, timeline: string, cells: Cursor["cells"]): Cursor | undefined {
  const index = chunk.timelines.get(timeline);
  if (index === undefined) return undefined;
  const order = timeOrder(chunk, timeline);
  const times = order === undefined ? index.times : takeTimes(index.times, order);
  return { chunk, timeline, order, times, isStrict: index.isStrict === true, cells, position: 0 };
}

/** 64-bit integers as halves, the lower first: loops over bigints take several times as long. Shares the buffer. */
export function wordsOf(times: BigInt64Array): Int32Array {
  return new Int32Array(times.buffer, times.byteOffset, 2 * times.length);
}

function takeTimes(times: BigInt64Array, order: Uint32Array): BigInt64Array {
  const taken = new BigInt64Array(order.length);
  const from = wordsOf(times);
  const to = wordsOf(taken);
  for (let i = 0; i < order.length; i++) {
    to[2 * i] = from[2 * order[i]!]!;
    to[2 * i + 1] = from[2 * order[i]! + 1]!;
  }
  return taken;
}

/** First position from `start` on whose time is greater than `time`. */
export function positionAfter(times: BigInt64Array, start: number, time: bigint): number {
  let low = start;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The empty cells that a chunk of clears stands for in a column of type `type`: one in each row that clears.
 *
 * @param onlyRecursive for columns of entities below the one that was cleared
 */
export function clearCells(chunk: Chunk, type: DataType, onlyRecursive: boolean): CellSource | undefined {
  const clears = chunk.components.get(CLEAR)?.list;
  if (clears === undefined || isStatic(chunk)) return undefined;
  const { length } = clears;
  const validity = new Uint8Array((length + 7) >> 3);
  let present = 0;
  for (let row = 0; row < length; row++) {
    if (!isValidAt(clears, row) || (onlyRecursive && !isRecursive(clears, row))) continue;
    validity[row >> 3] = validity[row >> 3]! | (1 << (row & 7));
    present += 1;
  }
  if (present === 0) return undefined;
  const empty = { ...nullArray(type, length), nullCount: length - present };
  return { chunk, list: { ...empty, validity }, isClear: true };
}

function isRecursive(clears: ArrayData, row: number): boolean {
  const cell = valueAt(clears, row);
  return Array.isArray(cell) && cell[0] === true;
}
