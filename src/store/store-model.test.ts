import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import {
  type ModelRow,
  modelRows,
  plainRow,
  scanLatest,
  scanRange,
  withDistinctRowIds,
} from "../../tests/support/store-model.js";
import { type Chunk, isStatic } from "../chunk/index.js";
import { FLOAT32, type Timeline, UTF8 } from "../core/index.js";
import { ChunkStore, mergeRows } from "./index.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const PATH = "/world/points";
const VALUE = "value";
const components = { [VALUE]: FLOAT32, text: UTF8 };

const chunks: fc.Arbitrary<Chunk[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: arbitraryChunk({ components, timelines: [FRAME, LOG_TIME], maxRows: 9 }) },
      { weight: 3, arbitrary: arbitraryChunk({ components: { [VALUE]: FLOAT32 }, timelines: [FRAME], maxRows: 9 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components, timelines: [LOG_TIME], maxRows: 4 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components: { text: UTF8 }, timelines: [], maxRows: 3 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components, timelines: [FRAME], entityPath: "/other" }) },
    ),
    { maxLength: 14 },
  )
  .map(withDistinctRowIds);

const limits = fc.record({
  maxBytes: fc.constantFrom(0, 300, 1000),
  maxRows: fc.constantFrom(0, 3, 8, 50),
  maxRowsIfUnsorted: fc.constantFrom(0, 2, 6),
});
const time = fc.bigInt({ min: -1n, max: 11n });

function expectSameAnswers(store: ChunkStore, rows: readonly ModelRow[], at: bigint, min: bigint, max: bigint): void {
  for (const component of [VALUE, "text"]) {
    for (const timeline of ["frame", "log_time"]) {
      const query = { entityPath: PATH, component, timeline };
      const latest = store.latestAt({ ...query, at });
      const expected = scanLatest(rows, { component, timeline, at });
      expect(latest && chunkRows(latest.chunk)[latest.row], `${component} on ${timeline} at ${at}`).toEqual(
        expected && plainRow(expected),
      );
      expect(latest?.time).toBe(expected?.isStatic ? undefined : expected?.times[timeline]);
      const found = mergeRows(store.range({ ...query, range: { min, max } }), timeline);
      const wanted = scanRange(rows, { component, timeline, min, max });
      expect(
        found.map(({ chunk, row }) => chunkRows(chunk)[row]),
        `${component} on ${timeline} in ${min} … ${max}`,
      ).toEqual(min > max && !wanted[0]?.isStatic ? [] : wanted.map(plainRow));
    }
  }
}

describe("a store", () => {
  it("answers as a scan over all rows ever inserted, whatever it splits and joins", () => {
    fc.assert(
      fc.property(
        chunks,
        limits,
        fc.array(fc.nat(), { maxLength: 4 }),
        time,
        time,
        time,
        (list, someLimits, repeats, at, min, max) => {
          const store = new ChunkStore({ limits: someLimits });
          const inserted = [...list, ...repeats.flatMap((n) => list.slice(n % (list.length + 1)).slice(0, 1))];
          for (const chunk of inserted) store.insert(chunk);
          expectSameAnswers(store, modelRows(inserted, PATH), at, min, max);
          const stats = store.stats();
          const held = [...store.chunks()];
          expect(stats.numChunks).toBe(held.length);
          expect(stats.sizeBytes).toBe(held.reduce((sum, chunk) => sum + chunk.sizeBytes, 0));
          expect(stats.numRows).toBe(held.reduce((sum, chunk) => sum + chunk.numRows, 0));
        },
      ),
      { numRuns: 600 },
    );
  });

  it("answers as a scan over what is left after a collection, and keeps the latest and the static", () => {
    fc.assert(
      fc.property(
        chunks,
        limits,
        fc.integer({ min: 0, max: 100 }),
        time,
        time,
        time,
        (list, someLimits, percent, at, min, max) => {
          const store = new ChunkStore({ limits: someLimits });
          for (const chunk of list) store.insert(chunk);
          const before = store.stats().sizeBytes;
          const freed = store.collect({ targetBytes: (before * percent) / 100 });
          expect(store.stats().sizeBytes).toBe(before - freed);
          const all = modelRows(list, PATH);
          expectSameAnswers(store, modelRows(store.chunks(), PATH), at, min, max);
          expectSameAnswers(store, all, 11n, 12n, 12n);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("tells of every change, so that a listener can keep the same set of chunks", () => {
    fc.assert(
      fc.property(chunks, limits, fc.option(fc.integer({ min: 200, max: 3000 })), (list, someLimits, memoryLimitBytes) => {
        const store = new ChunkStore({ limits: someLimits, ...(memoryLimitBytes !== null && { memoryLimitBytes }) });
        const known = new Set<string>();
        let revision = 0;
        store.subscribe((event) => {
          expect(event.revision).toBe(++revision);
          for (const { chunk } of event.removed) expect(known.delete(chunk.id)).toBe(true);
          for (const { id } of event.added) known.add(id);
        });
        for (const chunk of list) store.insert(chunk);
        expect([...known].sort()).toEqual([...store.chunks()].map(({ id }) => id).sort());
        expect(store.revision).toBe(revision);
      }),
      { numRuns: 200 },
    );
  });

  it("knows the range of each timeline and the components of each entity", () => {
    fc.assert(
      fc.property(chunks, limits, fc.boolean(), (list, someLimits, collect) => {
        const store = new ChunkStore({ limits: someLimits });
        for (const chunk of list) store.insert(chunk);
        if (collect) store.collect();
        const expected = ["frame", "log_time"].flatMap((name) => {
          const times = [...store.chunks()].flatMap((chunk) => [...(chunk.timelines.get(name)?.times ?? [])]).map(Number);
          return times.length === 0
            ? []
            : [{ name, range: { min: BigInt(Math.min(...times)), max: BigInt(Math.max(...times)) } }];
        });
        expect(store.schema().timelines.map(({ name, range }) => ({ name, range }))).toEqual(expected);
        const filled = list.filter((chunk) => chunk.numRows > 0);
        const paths = [...new Set(filled.map((chunk) => chunk.entityPath))].sort();
        expect(store.schema().entities.map(({ path }) => path)).toEqual(paths);
        for (const { path, components: known } of store.schema().entities) {
          const holders = filled.filter((chunk) => chunk.entityPath === path);
          expect(known.map(({ descriptor, isStatic: fixed }) => [descriptor.component, fixed])).toEqual(
            ["text", VALUE]
              .filter((name) => holders.some((chunk) => chunk.components.has(name)))
              .map((name) => [name, holders.some((chunk) => chunk.components.has(name) && isStatic(chunk))]),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
