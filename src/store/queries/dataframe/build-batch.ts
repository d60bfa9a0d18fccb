/** Makes columns of what a query found: by views where rows lie together, else by copies. */
import { arraySizeBytes, type Chunk, gatherArray, nullArray, Runs, sliceArray, timelineDataType } from "../../../chunk/index.js";
import { type ArrayData, type DataType, isValidAt, RerunError, sameLayout, type Timeline, UTF8 } from "../../../core/index.js";
import { wordsOf } from "./cursor.js";
import type { OutputColumn, ResolvedQuery } from "./query.js";
import type { ColumnCells, FrameRows } from "./read-segment.js";

/** Some rows of a dataframe. */
export interface FrameBatch {
  readonly numRows: number;
  /** One for each output that was asked for. */
  readonly columns: readonly ArrayData[];
}

/** Copied cells of one batch take at most about so much, unless a single row takes more. */
const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Builds the batches of one segment. */
export class BatchBuilder {
  readonly #query: ResolvedQuery;
  readonly #outputs: readonly OutputColumn[];
  readonly #segmentId: ArrayData;
  /** Repeated cells that were made before, by output: shorter ones are views of them. */
  readonly #repeated: Map<OutputColumn, { readonly list: ArrayData; readonly row: number; readonly array: ArrayData }> =
    new Map();

  constructor(query: ResolvedQuery, segmentId: string, outputs: readonly OutputColumn[]) {
    this.#query = query;
    this.#outputs = outputs;
    const values = new TextEncoder().encode(segmentId);
    this.#segmentId = { type: UTF8, length: 1, nullCount: 0, offsets: Int32Array.of(0, values.length), values };
  }

  /** The rows as batches that are not too large. */
  *build(rows: FrameRows): Generator<FrameBatch, void, undefined> {
    const numRows = rows.times.length;
    const parts = Math.min(numRows, Math.ceil(this.#copiedBytes(rows) / MAX_BATCH_BYTES));
    const step = Math.ceil(numRows / Math.max(1, parts));
    for (let start = 0; start < numRows; start += step) {
      const count = Math.min(step, numRows - start);
      yield { numRows: count, columns: this.#outputs.map((output) => this.#column(output, rows, start, count)) };
    }
  }

  #copiedBytes({ cells, times }: FrameRows): number {
    let bytes = 0;
    for (const output of this.#outputs) {
      const column = output.kind === "data" ? cells[output.column] : undefined;
      if (column?.kind === "constant") bytes += times.length * arraySizeBytes(column.list, column.row, 1);
      if (column?.kind === "joined") bytes += joinedBytes(column);
    }
    return bytes;
  }

  #column(output: OutputColumn, rows: FrameRows, start: number, count: number): ArrayData {
    if (output.kind === "segment") return this.#repeat(output, this.#segmentId, 0, count);
    if (output.kind === "index") return this.#times(output.timeline, rows, start, count);
    const { type } = output.field;
    const cells = output === this.#query.filter ? rows.filter : rows.cells[output.column];
    switch (cells?.kind) {
      case "constant":
        return this.#repeat(output, checked(cells.list, output), cells.row, count);
      case "direct": {
        const list = checked(cells.source.list, output);
        return { ...sliceArray(list, cells.start + start, count), type };
      }
      case "joined": {
        const { sources, sourceOf, rowOf } = cells;
        const lists = sources.map(({ list }) => checked(list, output));
        return gatherArray(type, lists, runsOf(sourceOf, rowOf, start, count));
      }
      default:
        return nullArray(type, count);
    }
  }

  #repeat(output: OutputColumn, list: ArrayData, row: number, count: number): ArrayData {
    const known = this.#repeated.get(output);
    if (known !== undefined && known.list === list && known.row === row && known.array.length >= count) {
      return sliceArray(known.array, 0, count);
    }
    const runs = new Runs(count);
    for (let i = 0; i < count; i++) runs.add(isValidAt(list, row) ? 0 : -1, row, 1);
    const array = gatherArray(output.field.type, [list], runs);
    this.#repeated.set(output, { list, row, array });
    return array;
  }

  /** The rows' times: on the index itself, on others the greatest of the cells in the row. */
  #times(timeline: Timeline, rows: FrameRows, start: number, count: number): ArrayData {
    const type = timelineDataType(timeline);
    if (this.#query.index === null) return nullArray(type, count);
    if (timeline.name === this.#query.index) {
      return { type, length: count, nullCount: 0, values: rows.times.subarray(start, start + count) };
    }
    return greatestTimes(type, timeline.name, rows.cells, start, count);
  }
}

function checked(list: ArrayData, { field }: OutputColumn): ArrayData {
  if (sameLayout(list.type, field.type)) return list;
  throw new RerunError("InvalidData", `Column "${field.name}" is not of one type in all chunks: its name stands for two things`);
}

function joinedBytes({ sources, sourceOf }: Extract<ColumnCells, { kind: "joined" }>): number {
  const counts = new Float64Array(sources.length);
  for (let i = 0; i < sourceOf.length; i++) if (sourceOf[i]! >= 0) counts[sourceOf[i]!] = counts[sourceOf[i]!]! + 1;
  return sources.reduce((sum, { list }, i) => sum + (counts[i]! * arraySizeBytes(list)) / Math.max(1, list.length), 0);
}

function runsOf(sourceOf: Int32Array, rowOf: Int32Array, start: number, count: number): Runs {
  const runs = new Runs();
  for (let i = start; i < start + count; ) {
    const source = sourceOf[i]!;
    const row = rowOf[i]!;
    let length = 1;
    while (i + length < start + count && sourceOf[i + length] === source && (source < 0 || rowOf[i + length] === row + length)) {
      length += 1;
    }
    runs.add(source, row, length);
    i += length;
  }
  return runs;
}

/** Cells whose times were looked at: many columns have theirs from the same rows. */
type Seen = Set<unknown>;

function greatestTimes(
  type: DataType,
  timeline: string,
  columns: readonly ColumnCells[],
  start: number,
  count: number,
): ArrayData {
  const values = new BigInt64Array(count);
  const greatest = { words: wordsOf(values), has: new Uint8Array(count) };
  const seen: Seen = new Set();
  for (const cells of columns) {
    if (cells.kind === "direct") {
      const { chunk, list } = cells.source;
      if (list.validity === undefined && seen.has(chunk)) continue;
      if (list.validity === undefined) seen.add(chunk);
      const words = timesOf(chunk, timeline);
      if (words === undefined) continue;
      for (let i = 0; i < count; i++) {
        const row = cells.start + start + i;
        if (isValidAt(list, row)) raise(greatest, i, words, row);
      }
    } else if (cells.kind === "constant") {
      const words = cells.chunk === undefined ? undefined : timesOf(cells.chunk, timeline);
      for (let i = 0; i < count && words !== undefined; i++) raise(greatest, i, words, cells.row);
    } else if (cells.kind === "joined") {
      const words = cells.sources.map(({ chunk }) => timesOf(chunk, timeline));
      for (let i = 0; i < count; i++) {
        const own = words[cells.sourceOf[start + i]!];
        if (own !== undefined) raise(greatest, i, own, cells.rowOf[start + i]!);
      }
    }
  }
  return withValidity(type, values, greatest.has);
}

function timesOf(chunk: Chunk, timeline: string): Int32Array | undefined {
  const times = chunk.timelines.get(timeline)?.times;
  return times === undefined ? undefined : wordsOf(times);
}

function raise({ words, has }: { words: Int32Array; has: Uint8Array }, at: number, from: Int32Array, row: number): void {
  const high = from[2 * row + 1]!;
  const low = from[2 * row]!;
  const order = has[at] === 0 ? 1 : high - words[2 * at + 1]! || (low >>> 0) - (words[2 * at]! >>> 0);
  if (order <= 0) return;
  has[at] = 1;
  words[2 * at] = low;
  words[2 * at + 1] = high;
}

function withValidity(type: DataType, values: BigInt64Array, has: Uint8Array): ArrayData {
  const { length } = has;
  const validity = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    if (has[i] === 0) nullCount += 1;
    else validity[i >> 3] = validity[i >> 3]! | (1 << (i & 7));
  }
  return nullCount === 0 ? { type, length, nullCount, values } : { type, length, nullCount, validity, values };
}
