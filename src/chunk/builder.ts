import type { ArrayData, Timeline } from "../core/index.js";
import { compareDescriptors, listOf, newTuidHex, type TuidSource } from "../core/index.js";
import type { ComponentData, ComponentLayout } from "../types/index.js";
import type { Chunk, DataColumn, IndexColumn } from "./chunk.js";
import { type InstanceBuffer, instanceBuffer } from "./instance-buffer.js";
import { chunkSizeBytes, makeIndexColumn } from "./make-chunk.js";
import { grown, grownCapacity, trimmed, ValidityBits } from "./typed-buffer.js";

/** Row ids are 16 bytes, written as whole words. Constants of this module: an imported one costs a call in compiled CommonJS. */
const ROW_ID_BYTES = 16;
const ROW_ID_WORDS = 4;

export interface ChunkBuilderOptions {
  /** Canonical text. */
  readonly entityPath: string;
  /** None = a static chunk. */
  readonly timelines: readonly Timeline[];
  /** Where chunk and row ids come from; ids of one source ascend. */
  readonly tuids: TuidSource;
}

/**
 * Collects rows of one entity in typed buffers, without an object per row.
 *
 * For each row: `beginRow`, `setTime` for every timeline, `append` to the columns the row has; a column that got nothing is
 * null in that row. `finish` gives the chunk and empties the builder, which can then be filled again.
 */
export class ChunkBuilder {
  readonly entityPath: string;
  readonly timelines: readonly Timeline[];
  readonly #tuids: TuidSource;
  readonly #times: readonly TimeBuffer[];
  readonly #columns: ColumnBuilder[] = [];
  #rowIds = new Int32Array(0);
  #numRows = 0;
  #hint = 64;

  constructor(options: ChunkBuilderOptions) {
    this.entityPath = options.entityPath;
    this.timelines = options.timelines;
    this.#tuids = options.tuids;
    this.#times = options.timelines.map(() => new TimeBuffer());
  }

  get numRows(): number {
    return this.#numRows;
  }

  /** Bytes taken by values so far (ids and times included). */
  get sizeBytes(): number {
    let size = this.#numRows * (ROW_ID_BYTES + 8 * this.#times.length);
    for (let i = 0; i < this.#columns.length; i++) size += this.#columns[i]!.sizeBytes;
    return size;
  }

  /** Whether the rows so far ascend on every timeline. */
  get isSorted(): boolean {
    for (let i = 0; i < this.#times.length; i++) if (!this.#times[i]!.isSorted) return false;
    return true;
  }

  /** The column of a component, new when there was none. */
  column(layout: ComponentLayout): ColumnBuilder {
    for (const column of this.#columns) {
      if (column.layout === layout || column.layout.descriptor.component === layout.descriptor.component) return column;
    }
    const column = new ColumnBuilder(layout);
    this.#columns.push(column);
    return column;
  }

  /** What the column of that component holds, when there is one. */
  layoutOf(component: string): ComponentLayout | undefined {
    return this.#columns.find((column) => column.layout.descriptor.component === component)?.layout;
  }

  /** Starts a row with the next row id. Gives its number. */
  beginRow(): number {
    const row = this.#numRows;
    const at = row * ROW_ID_WORDS;
    const end = at + ROW_ID_WORDS;
    if (end > this.#rowIds.length) {
      this.#rowIds = grown(this.#rowIds, at, grownCapacity(this.#rowIds.length, end, 4, this.#hint * ROW_ID_WORDS));
    }
    this.#tuids.nextInto(this.#rowIds, at);
    this.#numRows = row + 1;
    return row;
  }

  /** Sets the row's time on timeline number `index` from 32-bit halves. */
  setTime(index: number, row: number, hi: number, lo: number): void {
    this.#times[index]!.set(row, hi, lo, this.#hint);
  }

  /** The chunk of all rows, with a new id; columns without any value are left out. The builder is empty afterwards. */
  finish(): Chunk {
    const numRows = this.#numRows;
    const id = newTuidHex(this.#tuids);
    const idWords = trimmed(this.#rowIds, numRows * ROW_ID_WORDS);
    const rowIds = new Uint8Array(idWords.buffer, idWords.byteOffset, idWords.byteLength);
    const timelines = new Map<string, IndexColumn>();
    for (const [i, timeline] of this.timelines.entries()) {
      timelines.set(timeline.name, this.#times[i]!.finish(timeline, numRows));
    }
    const columns = this.#columns.filter((column) => column.numRows > 0);
    columns.sort(compareColumns);
    const components = new Map<string, DataColumn>();
    for (const column of columns) components.set(column.layout.descriptor.component, column.finish(numRows));
    this.#rowIds = new Int32Array(0);
    this.#numRows = 0;
    this.#hint = Math.max(16, Math.min(numRows + (numRows >> 2), 1 << 14));
    const sizeBytes = chunkSizeBytes(rowIds, timelines, components);
    return { id, entityPath: this.entityPath, numRows, rowIds, isSorted: true, timelines, components, sizeBytes };
  }
}

/** Cells of one component: instances end to end, and where each row's end. */
export class ColumnBuilder {
  readonly layout: ComponentLayout;
  readonly #items: InstanceBuffer;
  #validity: ValidityBits | undefined;
  #offsets = new Int32Array(0);
  #rows = 0;
  #hint = 64;

  constructor(layout: ComponentLayout) {
    this.layout = layout;
    this.#items = instanceBuffer(layout.type);
  }

  /** Rows up to the last one that has a value. */
  get numRows(): number {
    return this.#rows;
  }

  get sizeBytes(): number {
    return this.#items.sizeBytes + 4 * this.#rows;
  }

  /** Why `data` cannot be appended, with what was expected and what came; `undefined` when it can. */
  problem(data: ComponentData): string | undefined {
    return this.#items.problem(data);
  }

  /** Copies `data`, which has no `problem`, into the cell of `row`; rows between the last one and this become null. */
  append(row: number, data: ComponentData): void {
    this.#room(row + 1);
    if (row > this.#rows) this.#skipTo(row);
    this.#items.append(data);
    this.#offsets[row + 1] = this.#items.length;
    if (this.#validity !== undefined) this.#validity.setValid(row, row + 1);
    this.#rows = row + 1;
  }

  /** The column with `numRows` rows. The builder is empty afterwards. */
  finish(numRows: number): DataColumn {
    this.#room(numRows);
    if (numRows > this.#rows) this.#skipTo(numRows);
    const validity = this.#validity?.finish(numRows) ?? { nullCount: 0 };
    const offsets = trimmed(this.#offsets, numRows + 1);
    const list: ArrayData = {
      type: columnType(this.layout),
      length: numRows,
      ...validity,
      offsets,
      children: [this.#items.finish()],
    };
    this.#hint = Math.max(16, Math.min(numRows + (numRows >> 2), 1 << 14));
    this.#offsets = new Int32Array(0);
    this.#rows = 0;
    this.#validity = undefined;
    return { descriptor: this.layout.descriptor, list };
  }

  #skipTo(row: number): void {
    const end = this.#items.length;
    this.#validity ??= new ValidityBits();
    this.#validity.setNull(this.#rows, row);
    this.#offsets.fill(end, this.#rows + 1, row + 1);
    this.#rows = row;
  }

  #room(rows: number): void {
    if (rows + 1 <= this.#offsets.length) return;
    const capacity = grownCapacity(this.#offsets.length, rows + 1, 4, this.#hint + 1);
    this.#offsets = grown(this.#offsets, this.#rows + 1 <= this.#offsets.length ? this.#rows + 1 : 0, capacity);
  }
}

/** Times of one timeline as 32-bit halves, lower half first: the memory layout of a `BigInt64Array`. */
class TimeBuffer {
  isSorted = true;
  #halves = new Int32Array(0);
  #lastHi = 0;
  #lastLo = 0;

  set(row: number, hi: number, lo: number, hint: number): void {
    const at = row * 2;
    if (at + 2 > this.#halves.length) {
      this.#halves = grown(this.#halves, at, grownCapacity(this.#halves.length, at + 2, 4, hint * 2));
    }
    this.#halves[at] = lo;
    this.#halves[at + 1] = hi;
    const upper = hi | 0;
    const lower = lo >>> 0;
    if (row > 0 && (upper < this.#lastHi || (upper === this.#lastHi && lower < this.#lastLo))) this.isSorted = false;
    this.#lastHi = upper;
    this.#lastLo = lower;
  }

  finish(timeline: Timeline, numRows: number): IndexColumn {
    const halves = trimmed(this.#halves, numRows * 2);
    const times = new BigInt64Array(halves.buffer, halves.byteOffset, numRows);
    const { isSorted } = this;
    this.#halves = new Int32Array(0);
    this.isSorted = true;
    if (!isSorted || numRows === 0) return makeIndexColumn(timeline, times);
    return { timeline, times, isSorted, range: { min: times[0]!, max: times[numRows - 1]! } };
  }
}

function compareColumns(a: ColumnBuilder, b: ColumnBuilder): number {
  return compareDescriptors(a.layout.descriptor, b.layout.descriptor);
}

const columnTypes = new WeakMap<ComponentLayout, ArrayData["type"]>();

/** Type of a layout's column, one object per layout. */
export function columnType(layout: ComponentLayout): ArrayData["type"] {
  let type = columnTypes.get(layout);
  if (type === undefined) {
    type = listOf(layout.type);
    columnTypes.set(layout, type);
  }
  return type;
}
