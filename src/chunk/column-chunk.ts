import type { ArrayData, Timeline } from "../core/index.js";
import { compareDescriptors, incrementTuid, newTuid, RerunError, TUID_BYTES, type TuidSource, tuidToHex } from "../core/index.js";
import type { ComponentColumn } from "../types/index.js";
import { takeArray } from "./array-ops.js";
import { columnType } from "./builder.js";
import type { Chunk, DataColumn, IndexColumn } from "./chunk.js";
import { instanceBuffer } from "./instance-buffer.js";
import { chunkSizeBytes, makeIndexColumn } from "./make-chunk.js";

/** Times of all rows on one timeline. */
export interface TimeColumnData {
  readonly timeline: Timeline;
  readonly times: BigInt64Array;
}

export interface ColumnChunkOptions {
  /** Canonical text. */
  readonly entityPath: string;
  /** Not copied; none = a static chunk. */
  readonly times: readonly TimeColumnData[];
  /** Copied. */
  readonly columns: readonly ComponentColumn[];
  readonly tuids: TuidSource;
}

/**
 * One chunk of whole columns: rows sorted (stably) by their times, timeline by timeline in the order of names; row ids
 * count up from the chunk's id.
 *
 * @throws RerunError `InvalidArgument` when columns differ in their number of rows or hold something else than they should
 */
export function chunkFromColumns(options: ColumnChunkOptions): Chunk {
  const { entityPath, columns, tuids } = options;
  const times = [...options.times].sort((a, b) => (a.timeline.name < b.timeline.name ? -1 : 1));
  const data = columns.map(columnOf);
  const numRows = times[0]?.times.length ?? data[0]?.list.length ?? 0;
  for (const { timeline, times: values } of times) checkRows(`timeline "${timeline.name}"`, values.length, numRows);
  for (const { descriptor, list } of data) checkRows(`column "${descriptor.component}"`, list.length, numRows);
  const idBytes = newTuid(tuids);
  const order = timesOrder(times, numRows);
  const rowIds = countingRowIds(idBytes, numRows);
  const timelines = new Map<string, IndexColumn>();
  for (const column of times) {
    const { timeline } = column;
    if (timelines.has(timeline.name)) throw twice(`timeline "${timeline.name}"`);
    const values = order === undefined ? column.times : takeTimes(column.times, order);
    timelines.set(timeline.name, column === times[0] ? sortedIndex(timeline, values) : makeIndexColumn(timeline, values));
  }
  const components = new Map<string, DataColumn>();
  for (const { descriptor, list } of data.sort((a, b) => compareDescriptors(a.descriptor, b.descriptor))) {
    if (components.has(descriptor.component)) throw twice(`column "${descriptor.component}"`);
    components.set(descriptor.component, { descriptor, list: order === undefined ? list : takeArray(list, order) });
  }
  const sizeBytes = chunkSizeBytes(rowIds, timelines, components);
  return { id: tuidToHex(idBytes), entityPath, numRows, rowIds, isSorted: true, timelines, components, sizeBytes };
}

/** The column of the timeline that the rows are sorted by first. */
function sortedIndex(timeline: Timeline, times: BigInt64Array): IndexColumn {
  const min = times[0];
  const max = times[times.length - 1];
  if (min === undefined || max === undefined) return makeIndexColumn(timeline, times);
  return { timeline, times, isSorted: true, range: { min, max } };
}

function twice(what: string): RerunError {
  return new RerunError("InvalidArgument", `sendColumns: ${what} is given twice`);
}

function checkRows(what: string, rows: number, expected: number): void {
  if (rows === expected) return;
  throw new RerunError(
    "InvalidArgument",
    `sendColumns: all columns must have the same length: ${what} has ${rows} rows, expected ${expected}`,
  );
}

function columnOf({ layout, data, lengths }: ComponentColumn): DataColumn {
  const buffer = instanceBuffer(layout.type);
  const { component } = layout.descriptor;
  const problem = buffer.problem(data);
  if (problem !== undefined) throw new RerunError("InvalidArgument", `sendColumns: column "${component}": ${problem}`);
  buffer.append(data);
  const items = buffer.finish();
  const offsets = offsetsOf(lengths, items.length);
  const end = offsets[offsets.length - 1] ?? 0;
  if (end !== items.length) {
    throw new RerunError(
      "InvalidArgument",
      `sendColumns: column "${component}": the lengths add up to ${end}, but there are ${items.length} instances`,
    );
  }
  const list: ArrayData = { type: columnType(layout), length: offsets.length - 1, nullCount: 0, offsets, children: [items] };
  return { descriptor: layout.descriptor, list };
}

function offsetsOf(lengths: ComponentColumn["lengths"], numItems: number): Int32Array {
  const offsets = new Int32Array((lengths?.length ?? numItems) + 1);
  if (lengths === undefined) {
    for (let i = 1; i <= numItems; i++) offsets[i] = i;
  } else {
    let end = 0;
    for (let i = 0; i < lengths.length; i++) {
      end += lengths[i]!;
      offsets[i + 1] = end;
    }
  }
  return offsets;
}

/** Ids `first + 1, first + 2, …`: whole rows are written from 32-bit halves, since two million of them are no exception. */
export function countingRowIds(first: Uint8Array, numRows: number): Uint8Array {
  const rowIds = new Uint8Array(numRows * TUID_BYTES);
  const words = new Int32Array(rowIds.buffer);
  const id = first.slice();
  incrementTuid(id, 0, 1);
  const view = new DataView(id.buffer);
  // Read in the machine's (little-endian) order, so that storing them gives the big-endian bytes back.
  const w0 = view.getInt32(0, true);
  const w1 = view.getInt32(4, true);
  let upper = view.getUint32(8);
  let lower = view.getUint32(12);
  let w2 = swapped(upper);
  for (let row = 0, at = 0; row < numRows; row++, at += 4) {
    words[at] = w0;
    words[at + 1] = w1;
    words[at + 2] = w2;
    words[at + 3] = swapped(lower);
    lower += 1;
    if (lower === 0x100000000) {
      lower = 0;
      upper += 1;
      w2 = swapped(upper);
    }
  }
  return rowIds;
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** The stable order of the rows by their times, or `undefined` when they lie in it already. */
function timesOrder(columns: readonly TimeColumnData[], numRows: number): Uint32Array | undefined {
  const compare = (a: number, b: number): number => {
    for (const { times } of columns) {
      if (times[a]! < times[b]!) return -1;
      if (times[a]! > times[b]!) return 1;
    }
    return 0;
  };
  const [first] = columns;
  if (first === undefined || (columns.length === 1 && isAscending(first.times))) return undefined;
  let isSorted = true;
  for (let row = 1; row < numRows && isSorted; row++) isSorted = compare(row - 1, row) <= 0;
  if (isSorted) return undefined;
  return Uint32Array.from({ length: numRows }, (_, row) => row).sort((a, b) => compare(a, b) || a - b);
}

/** Compares 32-bit halves: a loop over millions of bigints takes several times as long. */
function isAscending(times: BigInt64Array): boolean {
  const halves = new Int32Array(times.buffer, times.byteOffset, times.length * 2);
  for (let at = 3; at < halves.length; at += 2) {
    const before = halves[at - 2]!;
    const upper = halves[at]!;
    if (upper < before || (upper === before && halves[at - 1]! >>> 0 < halves[at - 3]! >>> 0)) return false;
  }
  return true;
}

function takeTimes(times: BigInt64Array, order: Uint32Array): BigInt64Array {
  const taken = new BigInt64Array(order.length);
  for (let i = 0; i < order.length; i++) taken[i] = times[order[i]!]!;
  return taken;
}
