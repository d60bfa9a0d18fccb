import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { arrayFromValues } from "../../tests/support/array-from-values.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import {
  type ModelRow,
  modelRows,
  plainRow,
  scanLatest,
  scanRange,
  withDistinctRowIds,
} from "../../tests/support/store-model.js";
import { type Chunk, isStatic, makeChunk } from "../chunk/index.js";
import { BOOL, FLOAT32, listOf, type Timeline, UTF8 } from "../core/index.js";
import { ChunkStore, type CollectOptions, latestAtWithClear, mergeRows } from "./index.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const PATH = "/world/points";
const CLEAR = "Clear:is_recursive";
const components = { value: FLOAT32, text: UTF8 };
/** So far that doubles near it are 256 apart. */
const FAR = 2n ** 60n;
const TIMES = [0n, FAR].flatMap((base) => Array.from({ length: 14 }, (_, i) => base + BigInt(i) - 1n));

/** Rows in order with even times: what a query answers by arithmetic. */
const evenChunk: fc.Arbitrary<Chunk> = fc
  .tuple(
    arbitraryChunk({ components: { value: FLOAT32 }, timelines: [], minRows: 1, maxRows: 6 }),
    fc.nat(9),
    fc.nat(3),
    fc.boolean(),
  )
  .map(([chunk, first, step, isFar]) => {
    const rowIds = new Uint8Array(16 * chunk.numRows);
    const times = new BigInt64Array(chunk.numRows);
    for (let row = 0; row < chunk.numRows; row++) {
      rowIds[16 * row + 7] = row;
      times[row] = (isFar ? FAR : 0n) + BigInt(first + row * step);
    }
    const list = arrayFromValues(
      listOf(FLOAT32),
      Array.from(times, (_, row) => (row === 1 ? [] : [row])),
    );
    const timelines = [FRAME, LOG_TIME].map((timeline) => ({ timeline, times }));
    return makeChunk({
      ...chunk,
      rowIds,
      entityPath: PATH,
      timelines,
      components: [{ descriptor: { component: "value" }, list }],
    });
  });

const cellChunk: fc.Arbitrary<Chunk> = fc.oneof(
  { weight: 4, arbitrary: evenChunk },
  { weight: 4, arbitrary: arbitraryChunk({ components, timelines: [FRAME, LOG_TIME], maxRows: 1 }) },
  { weight: 4, arbitrary: arbitraryChunk({ components, timelines: [FRAME, LOG_TIME], maxRows: 7 }) },
  { weight: 1, arbitrary: arbitraryChunk({ components, timelines: [LOG_TIME], maxRows: 4 }) },
  { weight: 1, arbitrary: arbitraryChunk({ components: { text: UTF8 }, timelines: [], maxRows: 3 }) },
  { weight: 1, arbitrary: arbitraryChunk({ components: { [CLEAR]: BOOL }, timelines: [FRAME, LOG_TIME], maxRows: 3 }) },
  {
    weight: 1,
    arbitrary: arbitraryChunk({ components: { [CLEAR]: BOOL }, timelines: [FRAME], entityPath: "/world", maxRows: 3 }),
  },
  { weight: 1, arbitrary: arbitraryChunk({ components: { [CLEAR]: BOOL }, timelines: [FRAME], entityPath: "/", maxRows: 2 }) },
);

type Step =
  | { readonly kind: "insert"; readonly number: number }
  | { readonly kind: "delete"; readonly number: number }
  | { readonly kind: "collect"; readonly percent: number; readonly protectLatest: number; readonly furthest: bigint | undefined };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("insert" as const), number: fc.nat(19) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), number: fc.nat(100) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("collect" as const),
      percent: fc.integer({ min: 0, max: 100 }),
      protectLatest: fc.nat(2),
      furthest: fc.option(fc.constantFrom(...TIMES), { nil: undefined }),
    }),
  },
);

const limits = fc.record({
  maxBytes: fc.constantFrom(0, 1000),
  maxRows: fc.constantFrom(0, 3, 50),
  maxRowsIfUnsorted: fc.constantFrom(0, 6),
});

/** The rows that a store should hold: what came in, without what it says it dropped. */
class Model {
  readonly #rows = new Map<string, ModelRow>();

  add(chunk: Chunk): void {
    for (const row of modelRows([chunk])) this.#rows.set(row.rowId, row);
  }

  drop(chunk: Chunk): void {
    for (const { rowId } of chunkRows(chunk)) expect(this.#rows.delete(rowId), "a row leaves once").toBe(true);
  }

  rows(entityPath: string): ModelRow[] {
    return [...this.#rows.values()].filter((row) => row.entityPath === entityPath).sort((a, b) => (a.rowId < b.rowId ? -1 : 1));
  }
}

function expectSameAnswers(store: ChunkStore, model: Model): void {
  const rows = model.rows(PATH);
  for (const component of ["value", "text"]) {
    for (const { name: timeline } of [FRAME, LOG_TIME]) {
      const query = { entityPath: PATH, component, timeline };
      for (const at of TIMES) {
        const found = store.latestAt({ ...query, at });
        const wanted = scanLatest(rows, { component, timeline, at });
        const what = `${component} on ${timeline} at ${at}`;
        expect(found && chunkRows(found.chunk)[found.row], what).toEqual(wanted && plainRow(wanted));
        expect(found?.time, what).toBe(wanted?.isStatic ? undefined : wanted?.times[timeline]);
        const cleared = latestAtWithClear(store, { ...query, at });
        expect(cleared, `${what}, with clears`).toEqual(wanted && !isCleared(model, wanted, timeline, at) ? found : undefined);
      }
      for (const [min, max] of [
        [2n, 5n],
        [-5n, FAR + 4n],
        [FAR + 2n, FAR + 3n],
      ] as const) {
        const found = mergeRows(store.range({ ...query, range: { min, max } }), timeline);
        const wanted = scanRange(rows, { component, timeline, min, max });
        expect(found.map(({ chunk, row }) => chunkRows(chunk)[row])).toEqual(wanted.map(plainRow));
      }
    }
  }
}

/** Whether the entity, or recursively an ancestor, was cleared at or after the cell. */
function isCleared(model: Model, cell: ModelRow, timeline: string, at: bigint): boolean {
  return [PATH, "/world", "/"].some((path) => {
    const clear = scanLatest(model.rows(path), { component: CLEAR, timeline, at });
    const flag = (clear?.cells[CLEAR] as (boolean | null)[] | undefined)?.[0];
    if (clear === undefined || typeof flag !== "boolean" || (path !== PATH && !flag) || cell.isStatic) return false;
    const [cellTime = 0n, clearTime = 0n] = [cell.times[timeline], clear.times[timeline]];
    return cellTime < clearTime || (cellTime === clearTime && cell.rowId <= clear.rowId);
  });
}

/** A collection drops the oldest of what may go, and no more than it has to. */
function expectFairCollection(
  removed: readonly Chunk[],
  held: readonly Chunk[],
  targetBytes: number,
  isOldestFirst: boolean,
): void {
  expect(removed.filter(isStatic)).toEqual([]);
  const firstRow = (chunk: Chunk): string => chunkRows(chunk)[0]?.rowId ?? "";
  if (isOldestFirst) expect(removed.map(firstRow)).toEqual(removed.map(firstRow).sort());
  const left = held.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  const last = removed.at(-1);
  if (last !== undefined) expect(left + last.sizeBytes).toBeGreaterThan(targetBytes);
}

function run(store: ChunkStore, step: Step, chunks: readonly Chunk[], model: Model): void {
  if (step.kind === "insert") {
    const chunk = chunks[step.number % chunks.length];
    if (chunk !== undefined && store.insert(chunk)) model.add(chunk);
    return;
  }
  const held = [...store.chunks()];
  const removed: Chunk[] = [];
  const end = store.subscribe((event) => removed.push(...event.removed.map(({ chunk }) => chunk)));
  if (step.kind === "delete") {
    const gone = held[step.number % Math.max(1, held.length)];
    const protectedChunks = new Set(held.filter((chunk) => chunk !== gone).map(({ id }) => id));
    store.collect({ protectedChunks, protectLatest: 0 });
    expect(removed).toEqual(gone === undefined || isStatic(gone) ? [] : [gone]);
  } else {
    const targetBytes = (store.stats().sizeBytes * step.percent) / 100;
    const { protectLatest, furthest } = step;
    const options: CollectOptions = { targetBytes, protectLatest };
    store.collect(furthest === undefined ? options : { ...options, furthestFrom: { timeline: "frame", at: furthest } });
    expectFairCollection(removed, [...store.chunks()], targetBytes, furthest === undefined);
  }
  end();
}

it("answers as a scan over all rows after each insertion, deletion and collection", () => {
  fc.assert(
    fc.property(
      fc.array(cellChunk, { minLength: 1, maxLength: 20 }).map(withDistinctRowIds),
      limits,
      fc.array(step, { minLength: 8, maxLength: 24, size: "max" }),
      (chunks, someLimits, steps) => {
        const store = new ChunkStore({ limits: someLimits });
        const model = new Model();
        store.subscribe(({ removed }) => {
          for (const { chunk, reason } of removed) if (reason === "collected" || reason === "overwritten") model.drop(chunk);
        });
        for (const step of steps) {
          run(store, step, chunks, model);
          expectSameAnswers(store, model);
        }
      },
    ),
    { numRuns: 40 },
  );
});
