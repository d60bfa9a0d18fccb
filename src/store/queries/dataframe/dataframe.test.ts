import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../../../tests/support/arbitrary-chunk.js";
import { type Chunk, compareRowIds, isStatic } from "../../../chunk/index.js";
import {
  BOOL,
  FLOAT64,
  isValidAt,
  listOf,
  type PlainValue,
  parentPath,
  type Timeline,
  type TimeRange,
  UTF8,
  valueAt,
} from "../../../core/index.js";
import { sourceOfStore } from "../../chunk-source.js";
import { ChunkStore } from "../../chunk-store.js";
import { NO_LIMITS } from "../../store-config.js";
import { planDataframe } from "./dataframe.js";
import type { FrameSegment } from "./frame-schema.js";
import type { DataframeQuery } from "./query.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const OTHER: Timeline = { name: "other", type: "duration" };
const CLEAR = "Clear:is_recursive";

function segmentOf(id: string, chunks: readonly Chunk[]): FrameSegment {
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (const chunk of chunks) store.insert(chunk);
  return { id, origin: `${id}.rrd`, source: sourceOfStore(store) };
}

type Rows = readonly Readonly<Record<string, PlainValue>>[];

async function ask(segments: readonly FrameSegment[], query: DataframeQuery, maxRows?: number): Promise<Rows> {
  const plan = planDataframe(segments, query, { warn: () => undefined });
  const rows: Record<string, PlainValue>[] = [];
  for await (const batch of plan.batches({ maxRows })) {
    for (let row = 0; row < batch.numRows; row++) {
      rows.push(Object.fromEntries(batch.columns.map((column, i) => [plan.fields[i]?.name ?? "", valueAt(column, row)])));
    }
  }
  return rows;
}

interface Cell {
  readonly chunk: Chunk;
  readonly row: number;
  readonly value: PlainValue;
  readonly isClear: boolean;
}

/** What the definition says, cell by cell. */
class NaiveFrame {
  readonly #chunks: readonly Chunk[];
  readonly columns: readonly { readonly path: string; readonly component: string }[];

  constructor(chunks: readonly Chunk[], columns: readonly string[]) {
    this.#chunks = chunks;
    this.columns = columns.map((name) => {
      const colon = name.indexOf(":");
      return { path: name.slice(0, colon), component: name.slice(colon + 1) };
    });
  }

  rows({ range, usingIndexValues, fillLatestAt = false, isNotNull }: DataframeQuery): Rows {
    const columns = this.columns.map(({ path, component }) => this.#column(path, component));
    const logged = columns.flatMap(({ fixed, cells }) => (fixed === undefined ? cells.map(timeOf) : []));
    const values = usingIndexValues instanceof Map ? (usingIndexValues.get("s") ?? []) : [...new Set(logged)];
    const times = [...values].filter((time) => range === undefined || (time >= range.min && time <= range.max));
    times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return times.flatMap((time) => {
      const found = columns.map(({ fixed, cells }) => (fixed === undefined ? latest(cells, time, fillLatestAt) : undefined));
      const row: Record<string, PlainValue> = { rerun_segment_id: "s", frame: time };
      const others = found.flatMap((cell) => cell?.chunk.timelines.get("other")?.times[cell.row] ?? []);
      row.other = [...BigInt64Array.from(others).sort()].pop() ?? null;
      this.columns.forEach(({ path, component }, i) => {
        row[`${path}:${component}`] = columns[i]?.fixed ?? found[i]?.value ?? null;
      });
      const filter = this.columns.findIndex(({ path, component }) => `${path}:${component}` === isNotNull);
      const own = columns[filter];
      const isKept = own === undefined || own.fixed !== undefined || latest(own.cells, time, false) !== undefined;
      return isKept ? [row] : [];
    });
  }

  #column(path: string, component: string): { readonly fixed: PlainValue | undefined; readonly cells: readonly Cell[] } {
    const cells: Cell[] = [];
    let fixed: Cell | undefined;
    const logged = this.#cells(path, component);
    // A column without any cell is not emptied.
    for (let at: string | undefined = logged.length === 0 ? undefined : path; at !== undefined && component !== CLEAR; ) {
      for (const cell of this.#cells(at, CLEAR)) {
        const [isRecursive] = cell.value as readonly boolean[];
        if (!isStatic(cell.chunk) && (at === path || isRecursive === true)) cells.push({ ...cell, value: [], isClear: true });
      }
      at = parentPath(at);
    }
    for (const cell of logged) {
      if (!isStatic(cell.chunk)) cells.push(cell);
      else if (fixed === undefined || compareRowIds(cell.chunk, cell.row, fixed.chunk, fixed.row) > 0) fixed = cell;
    }
    return { fixed: fixed?.value, cells: cells.filter(({ chunk }) => chunk.timelines.has("frame")) };
  }

  #cells(path: string, component: string): Cell[] {
    return this.#chunks.flatMap((chunk) => {
      const list = chunk.entityPath === path ? chunk.components.get(component)?.list : undefined;
      if (list === undefined) return [];
      const rows = Array.from({ length: chunk.numRows }, (_, row) => row).filter((row) => isValidAt(list, row));
      return rows.map((row) => ({ chunk, row, value: valueAt(list, row), isClear: false }));
    });
  }
}

function timeOf({ chunk, row }: Cell): bigint {
  return chunk.timelines.get("frame")?.times[row] ?? 0n;
}

function latest(cells: readonly Cell[], time: bigint, isFilled: boolean): Cell | undefined {
  let best: Cell | undefined;
  for (const cell of cells) {
    const own = timeOf(cell);
    if (isFilled ? own > time : own !== time) continue;
    if (best === undefined || isAfter(cell, best)) best = cell;
  }
  return best;
}

function isAfter(a: Cell, b: Cell): boolean {
  if (timeOf(a) !== timeOf(b)) return timeOf(a) > timeOf(b);
  const order = compareRowIds(a.chunk, a.row, b.chunk, b.row);
  return order > 0 || (order === 0 && b.isClear);
}

const shapes = [
  { entityPath: "/a", components: { x: FLOAT64, y: UTF8 } },
  { entityPath: "/a", components: { x: FLOAT64 } },
  { entityPath: "/a/b", components: { z: listOf(FLOAT64) } },
  { entityPath: "/c", components: { x: FLOAT64, w: UTF8 } },
];
// Chunk ids and row ids differ: of two cells with one row id none is the later.
const arbitraryChunks: fc.Arbitrary<Chunk[]> = fc
  .uniqueArray(
    fc.oneof(
      ...shapes.flatMap((shape) =>
        [[FRAME], [FRAME, OTHER], [FRAME, OTHER], [OTHER], []].map((timelines) =>
          arbitraryChunk({ ...shape, timelines, maxRows: 8, maxTime: 12 }),
        ),
      ),
      ...["/a", "/a/b", "/"].map((entityPath) =>
        arbitraryChunk({ entityPath, timelines: [FRAME], components: { [CLEAR]: BOOL }, maxRows: 2, maxTime: 12 }),
      ),
    ),
    { maxLength: 9, selector: ({ id }) => id },
  )
  .filter(haveOwnRowIds);

function haveOwnRowIds(chunks: readonly Chunk[]): boolean {
  const ids = chunks.flatMap(({ rowIds, numRows }) =>
    Array.from({ length: numRows }, (_, row) => String(rowIds.subarray(row * 16, row * 16 + 16))),
  );
  return new Set(ids).size === ids.length;
}

const time = fc.bigInt({ min: -1n, max: 14n });
const arbitraryQuery: fc.Arbitrary<DataframeQuery> = fc.record(
  {
    index: fc.constant("frame"),
    fillLatestAt: fc.boolean(),
    range: fc.tuple(time, time).map(([a, b]): TimeRange => (a < b ? { min: a, max: b } : { min: b, max: a })),
    usingIndexValues: fc.uniqueArray(time, { maxLength: 6 }).map((values) => new Map([["s", BigInt64Array.from(values).sort()]])),
    isNotNull: fc.constantFrom("/a:x", "/a/b:z"),
  },
  { requiredKeys: ["index", "fillLatestAt"] },
);

describe("a dataframe", () => {
  it("is the naive join of all cells, whatever the chunks, the options and the size of batches", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryChunks, arbitraryQuery, fc.constantFrom(undefined, 1, 3, 8), async (chunks, query, maxRows) => {
        const segment = segmentOf("s", chunks);
        if (!segment.source.timelines.some(({ name }) => name === "frame")) return;
        const schema = planDataframe([segment], { index: "frame", includeSemanticallyEmptyColumns: true }).fields;
        const columns = schema.flatMap(({ name }) => (name.startsWith("/") ? [name] : []));
        if (query.isNotNull !== undefined && !columns.includes(query.isNotNull)) return;
        const kept = new Set(segment.source.entries.map(({ id }) => id));
        const naive = new NaiveFrame(
          chunks.filter(({ id }) => kept.has(id)),
          columns,
        );
        // Clear's own columns are plain ones here: what a clear does to them is not defined.
        const shown = columns.filter((name) => !name.endsWith(CLEAR));
        const asked = { ...query, includeSemanticallyEmptyColumns: true };
        const ours = await ask([segment], asked, maxRows);
        const theirs = naive.rows(asked);
        const pick = (rows: Rows): Rows =>
          rows.map((row) => Object.fromEntries(["rerun_segment_id", "frame", ...shown].map((name) => [name, row[name] ?? null])));
        const hasClears = chunks.some(({ components }) => components.has(CLEAR));
        expect(pick(ours)).toEqual(pick(theirs));
        if (!hasClears && segment.source.timelines.length > 1) {
          expect(ours.map(({ other }) => other)).toEqual(theirs.map(({ other }) => other));
        }
      }),
      { numRuns: 600 },
    );
  });
});
