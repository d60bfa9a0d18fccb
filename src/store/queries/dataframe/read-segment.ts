import { type Chunk, compareRowIds, latestAtRow } from "../../../chunk/index.js";
import type { ArrayData } from "../../../core/index.js";
import { type CellSource, type Cursor, clearCells, openCursor, positionAfter } from "./cursor.js";
import { type Carried, detached, fillForward, overlay } from "./fill.js";
import { isLater, type JoinedCells, type JoinedTimes, joinCells, joinTimes, placeAmong, type Slice } from "./join.js";
import type { ResolvedQuery } from "./query.js";
import type { EntryUse, SegmentPlan } from "./segment-plan.js";
import { planWindows, type Window } from "./windows.js";

/** Rows of one segment: their index values, and the cells of each column. */
export interface FrameRows {
  readonly times: BigInt64Array;
  /** By number of the column. */
  readonly cells: readonly ColumnCells[];
  /** The cells of the column that rows are filtered by, without filled ones. */
  readonly filter: ColumnCells;
}

/**
 * - `none`: no cell in any row
 * - `constant`: the same cell in every row; `chunk` is absent for static data, which has no times
 * - `direct`: row by row those of a source, from its row `start` on
 * - `joined`
 */
export type ColumnCells =
  | { readonly kind: "none" }
  | { readonly kind: "constant"; readonly list: ArrayData; readonly row: number; readonly chunk?: Chunk }
  | { readonly kind: "direct"; readonly source: CellSource; readonly start: number }
  | ({ readonly kind: "joined" } & JoinedCells);

/** A cell that stands for all times. */
export interface StaticCell {
  readonly list: ArrayData;
  readonly row: number;
}

/** The cells of static data, by number of the column. */
export async function readStatics(
  plan: SegmentPlan,
  query: ResolvedQuery,
  signal: AbortSignal | undefined,
): Promise<Map<number, StaticCell>> {
  const entries = [...new Set([...plan.statics.values()].flat())];
  const fetched = await plan.segment.source.fetch(entries, { signal });
  const chunks = new Map(fetched.map((chunk) => [chunk.id, chunk]));
  const cells = new Map<number, StaticCell>();
  for (const [column, candidates] of plan.statics) {
    const component = query.view[column]?.descriptor.component ?? "";
    let best: { readonly chunk: Chunk; readonly row: number } | undefined;
    for (const entry of candidates) {
      const chunk = chunks.get(entry.id);
      const row = chunk === undefined ? undefined : latestAtRow(chunk, undefined, 0n, component);
      if (chunk === undefined || row === undefined) continue;
      if (best === undefined || compareRowIds(chunk, row, best.chunk, best.row) > 0) best = { chunk, row };
    }
    const list = best?.chunk.components.get(component)?.list;
    if (best !== undefined && list !== undefined) cells.set(column, { list, row: best.row });
  }
  return cells;
}

/** The rows of a segment, ascending, piece by piece. Only the chunks of a piece, and those of the next, are in memory. */
export async function* readRows(
  plan: SegmentPlan,
  query: ResolvedQuery,
  maxRows: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<FrameRows, void, undefined> {
  const statics = await readStatics(plan, query, signal);
  const reader = new SegmentReader(plan, query, statics, maxRows);
  await reader.start(signal);
  const windows = planWindows(
    Array.from(plan.temporal.values(), ({ entry }) => entry),
    query.index ?? "",
    maxRows,
  );
  let next = reader.fetch(windows[0], signal);
  for (const [i, window] of windows.entries()) {
    const chunks = await next;
    next = reader.fetch(windows[i + 1], signal);
    // Whoever stops early leaves the chunks that were read ahead to nobody.
    next.catch(() => undefined);
    yield* reader.join(chunks, window);
  }
  if (windows.length === 0) yield* reader.rest();
}

class SegmentReader {
  readonly #plan: SegmentPlan;
  readonly #query: ResolvedQuery;
  readonly #statics: ReadonlyMap<number, StaticCell>;
  readonly #timeline: string;
  readonly #maxRows: number;
  readonly #carried: (Carried | undefined)[] = [];
  #cursors: Cursor[] = [];
  /** Rows that the query names and no piece has had. */
  #values: BigInt64Array | undefined;

  constructor(plan: SegmentPlan, query: ResolvedQuery, statics: ReadonlyMap<number, StaticCell>, maxRows: number) {
    this.#maxRows = maxRows;
    this.#plan = plan;
    this.#query = query;
    this.#statics = statics;
    this.#timeline = query.index ?? "";
    const { min, max } = plan.range;
    this.#values = plan.values?.filter((value) => value >= min && value <= max);
  }

  async fetch(window: Window | undefined, signal: AbortSignal | undefined): Promise<readonly Chunk[]> {
    return window === undefined ? [] : this.#plan.segment.source.fetch(window.entries, { signal });
  }

  /** Looks up what columns show before the first row. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const uses = [...this.#plan.earlier.values()];
    if (uses.length === 0) return;
    const entries = uses.map(({ entry }) => entry);
    const before = this.#plan.range.min - 1n;
    for (const chunk of await this.#plan.segment.source.fetch(entries, { signal })) {
      for (const [column, sources] of this.#cells(chunk, this.#plan.earlier.get(chunk.id))) {
        for (const source of sources) this.#carry(column, source, before);
      }
    }
  }

  #carry(column: number, source: CellSource, at: bigint): void {
    const { chunk, list, isClear } = source;
    if (isClear && this.#query.clears === "rerun-0.41") return;
    const probe = new Map([["", { descriptor: { component: "" }, list }]]);
    const row = latestAtRow({ ...chunk, components: probe }, this.#timeline, at, "");
    const known = this.#carried[column];
    if (row === undefined) return;
    if (known === undefined || !isLater(this.#timeline, known.source, known.row, source, row)) {
      this.#carried[column] = { source, row };
    }
  }

  /** The rows of a window. */
  *join(chunks: readonly Chunk[], window: Window): Generator<FrameRows, void, undefined> {
    for (const chunk of chunks) {
      const cursor = openCursor(chunk, this.#timeline, this.#cells(chunk, this.#plan.temporal.get(chunk.id)));
      if (cursor === undefined || cursor.cells.size === 0) continue;
      const { min } = this.#plan.range;
      const isFilledFromAll = this.#plan.values !== undefined && this.#query.fillLatestAt === true;
      if (!isFilledFromAll) cursor.position = positionAfter(cursor.times, 0, min - 1n);
      this.#cursors.push(cursor);
    }
    const last = earlier(window.end, this.#plan.range.max);
    for (;;) {
      const end = this.#cut(last);
      const rows = this.#piece(end);
      this.#cursors = this.#cursors.filter(({ position, times }) => position < times.length);
      if (rows !== undefined) yield rows;
      this.#detach();
      if (end >= last) break;
    }
  }

  /** Rows that a query names without any chunk to read. */
  *rest(): Generator<FrameRows, void, undefined> {
    if (this.#values === undefined || this.#values.length === 0) return;
    const rows = this.#piece(this.#plan.range.max);
    if (rows !== undefined) yield rows;
  }

  /** The last time of a piece that has not too many rows. */
  #cut(last: bigint): bigint {
    let end = last;
    for (const { times, position } of this.#cursors) {
      if (position + this.#maxRows < times.length) end = earlier(end, times[position + this.#maxRows - 1]!);
    }
    return end;
  }

  #piece(end: bigint): FrameRows | undefined {
    const slices: Slice[] = [];
    for (const cursor of this.#cursors) {
      const from = cursor.position;
      const to = positionAfter(cursor.times, from, end);
      if (to > from) slices.push({ cursor, from, to });
      cursor.position = to;
    }
    const joined = this.#times(slices, end);
    const cells = this.#query.view.map((_, column) => this.#column(column, joined, slices));
    return joined.times.length === 0 ? undefined : { times: joined.times, cells, filter: this.#ownCells(joined, slices) };
  }

  #ownCells(joined: JoinedTimes, slices: readonly Slice[]): ColumnCells {
    const { filter, fillLatestAt } = this.#query;
    if (filter?.kind !== "data") return { kind: "none" };
    const isExact = this.#values === undefined || fillLatestAt !== true;
    const exact = isExact ? joined : placeAmong(joined.times, slices, false);
    return this.#unfilledColumn(filter.column, exact, slices);
  }

  #times(slices: readonly Slice[], end: bigint): JoinedTimes {
    if (this.#values === undefined) return joinTimes(slices);
    const count = positionAfter(this.#values, 0, end);
    const times = this.#values.subarray(0, count);
    this.#values = this.#values.subarray(count);
    return placeAmong(times, slices, this.#query.fillLatestAt === true);
  }

  #column(column: number, joined: JoinedTimes, slices: readonly Slice[]): ColumnCells {
    if (this.#query.fillLatestAt !== true || this.#statics.has(column)) return this.#unfilledColumn(column, joined, slices);
    return this.#filledColumn(
      column,
      joined,
      slices.filter(({ cursor }) => cursor.cells.has(column)),
    );
  }

  #unfilledColumn(column: number, joined: JoinedTimes, slices: readonly Slice[]): ColumnCells {
    const fixed = this.#statics.get(column);
    if (fixed !== undefined) return { kind: "constant", ...fixed };
    const own = slices.filter(({ cursor }) => cursor.cells.has(column));
    if (own.length === 0) return { kind: "none" };
    return directCells(column, joined, own) ?? { kind: "joined", ...joinCells(column, joined, own, "both") };
  }

  #filledColumn(column: number, joined: JoinedTimes, own: readonly Slice[]): ColumnCells {
    const carried = this.#carried[column];
    if (own.length === 0) {
      return carried === undefined
        ? { kind: "none" }
        : { kind: "constant", list: carried.source.list, row: carried.row, chunk: carried.source.chunk };
    }
    const direct = directCells(column, joined, own);
    if (direct !== undefined && direct.source.list.nullCount === 0 && joined.times.length > 0) {
      this.#carried[column] = { source: direct.source, row: direct.start + joined.times.length - 1 };
      return direct;
    }
    const passesOverClears = this.#query.clears === "rerun-0.41";
    const cells = joinCells(column, joined, own, passesOverClears ? "data" : "both");
    this.#carried[column] = fillForward(cells, carried);
    if (!passesOverClears) return { kind: "joined", ...cells };
    const clears = joinCells(column, placeAmong(joined.times, own, false), own, "clears");
    return { kind: "joined", ...overlay(this.#timeline, cells, clears) };
  }

  #cells(chunk: Chunk, use: EntryUse | undefined): Map<number, CellSource[]> {
    const cells = new Map<number, CellSource[]>();
    const add = (column: number, source: CellSource | undefined): void => {
      if (source === undefined || source.list.nullCount === source.list.length || this.#statics.has(column)) return;
      const known = cells.get(column);
      if (known === undefined) cells.set(column, [source]);
      else known.push(source);
    };
    for (const column of use?.cleared ?? []) {
      const info = this.#query.view[column];
      if (info !== undefined) add(column, clearCells(chunk, info.type, info.entityPath !== chunk.entityPath));
    }
    for (const column of use?.columns ?? []) {
      const list = chunk.components.get(this.#query.view[column]?.descriptor.component ?? "")?.list;
      if (list !== undefined) add(column, { chunk, list, isClear: false });
    }
    return cells;
  }

  /** Lets go of chunks that only a carried cell refers to. */
  #detach(): void {
    const live = new Set(this.#cursors.map(({ chunk }) => chunk));
    this.#carried.forEach((carried, column) => {
      if (carried === undefined || live.has(carried.source.chunk)) return;
      this.#carried[column] = detached(this.#query.view[column]?.descriptor.component ?? "", carried);
    });
  }
}

function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

/** The cells of a column that come row by row from one source. */
function directCells(
  column: number,
  { places }: JoinedTimes,
  own: readonly Slice[],
): Extract<ColumnCells, { kind: "direct" }> | undefined {
  const [slice] = own;
  const [source, second] = slice?.cursor.cells.get(column) ?? [];
  if (slice === undefined || source === undefined || second !== undefined || own.length > 1) return undefined;
  if (!places.has(slice) || places.get(slice) !== undefined || slice.cursor.order !== undefined) return undefined;
  return { kind: "direct", source, start: slice.from };
}
