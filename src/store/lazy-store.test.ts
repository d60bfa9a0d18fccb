import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../tests/support/chunk-rows.js";
import { countingSource } from "../../tests/support/counting-source.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { type Chunk, type ChunkEntry, entryOf, makeChunk } from "../chunk/index.js";
import { FLOAT32, type Timeline, UTF8 } from "../core/index.js";
import { type ChunkSource, ChunkStore, LazyStore, NO_LIMITS, sourceOfStore } from "./index.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const PATH = "/world/points";
const components = { value: FLOAT32, text: UTF8 };

const chunks: fc.Arbitrary<Chunk[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: arbitraryChunk({ components, timelines: [FRAME, LOG_TIME], maxRows: 6 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components: { text: UTF8 }, timelines: [], maxRows: 3 }) },
    ),
    { maxLength: 10 },
  )
  .map((list) =>
    list.map((chunk, n) => {
      const rowIds = chunk.rowIds.slice();
      for (let at = 0; at < rowIds.length; at += 16) rowIds[at + 8] = n;
      return makeChunk({ ...chunk, rowIds, timelines: chunk.timelines.values(), components: chunk.components.values() });
    }),
  );

const time = fc.bigInt({ min: -1n, max: 11n });

describe("a store over a source", () => {
  it("answers as a store that holds all of its chunks, whatever fits the cache", async () => {
    await fc.assert(
      fc.asyncProperty(chunks, time, time, time, fc.constantFrom(0, 4000, 1e9), async (list, at, min, max, cacheBytes) => {
        const store = new ChunkStore({ limits: NO_LIMITS });
        for (const chunk of list) store.insert(chunk);
        const lazy = new LazyStore(sourceOfStore(store), { cacheBytes });
        for (const component of ["value", "text"]) {
          for (const timeline of ["frame", "log_time"]) {
            const query = { entityPath: PATH, component, timeline };
            const [latest, known] = [await lazy.latestAt({ ...query, at }), store.latestAt({ ...query, at })];
            expect(latest).toEqual(known === undefined ? undefined : { chunk: known.chunk, row: known.row, ...timeOf(known) });
            expect(await lazy.range({ ...query, range: { min, max } })).toEqual(store.range({ ...query, range: { min, max } }));
          }
        }
        expect(lazy.schema()).toEqual(store.schema());
        expect(lazy.stats()).toEqual(store.stats());
        expect(lazy.cachedBytes).toBeLessThanOrEqual(cacheBytes);
      }),
      { numRuns: 200 },
    );
  });

  it("reads only what may hold the answer, and that once", async () => {
    const list = [0, 10, 20, 30].map((start) => scalarChunk([start, start + 5], [start, 1]));
    const source = countingSource(list);
    const lazy = new LazyStore(source);
    const query = { entityPath: "/plot", component: "Scalars:scalars", timeline: "frame" };
    await lazy.latestAt({ ...query, at: 17n });
    await lazy.range({ ...query, range: { min: 6n, max: 21n } });
    await lazy.latestAt({ ...query, at: 22n });
    // At 22 the chunk of 20 … 25 may hold the answer, and so may the one that ended last.
    expect(source.fetched).toEqual([[list[1]?.id], [list[2]?.id]]);
    expect(await lazy.range({ ...query, range: { min: 6n, max: 4n } })).toEqual([]);
  });

  it("fetches a chunk once for all who ask at the same time", async () => {
    const list = [0, 10, 20].map((start) => scalarChunk([start], [start]));
    const source = countingSource(list);
    const lazy = new LazyStore(source);
    const entries = lazy.entries();
    const both = await Promise.all([lazy.load(entries.slice(0, 2)), lazy.load([...entries].reverse())]);
    expect(both.map((found) => found.map(({ id }) => id))).toEqual([
      list.slice(0, 2).map(({ id }) => id),
      [...list].reverse().map(({ id }) => id),
    ]);
    expect(source.fetched.map((ids) => ids.length)).toEqual([2, 1]);
  });

  it("gives up what nobody waits for, and fetches it again when asked", async () => {
    const chunk = scalarChunk([1], [1]);
    const signals: AbortSignal[] = [];
    const source: ChunkSource = {
      ...countingSource([chunk]),
      fetch: (_, { signal } = {}) => {
        if (signal !== undefined) signals.push(signal);
        return signals.length > 1
          ? Promise.resolve([chunk])
          : new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      },
    };
    const lazy = new LazyStore(source);
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [first, second].map(({ signal }) => lazy.load(lazy.entries(), { signal }));
    first.abort(new Error("first left"));
    await expect(waiting[0]).rejects.toThrow("first left");
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    second.abort(new Error("second left"));
    await expect(waiting[1]).rejects.toThrow("second left");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await lazy.load(lazy.entries())).map(chunkRows)).toEqual([chunkRows(chunk)]);
    await expect(lazy.load(lazy.entries(), { signal: first.signal })).rejects.toThrow("first left");
  });

  it("does not keep a failure", async () => {
    const chunk = scalarChunk([1], [1]);
    let calls = 0;
    const source: ChunkSource = {
      ...countingSource([chunk]),
      fetch: async () => {
        calls += 1;
        if (calls === 1) throw new Error("not now");
        return [chunk];
      },
    };
    const lazy = new LazyStore(source);
    await expect(lazy.load(lazy.entries())).rejects.toThrow("not now");
    expect(await lazy.load(lazy.entries())).toEqual([chunk]);
  });

  it("lets go of what was used least recently", async () => {
    const list = [0, 10, 20].map((start) => scalarChunk([start], [start]));
    const source = countingSource(list);
    const [a, b, c] = list.map(entryOf) as [ChunkEntry, ChunkEntry, ChunkEntry];
    const lazy = new LazyStore(source, { cacheBytes: 2 * (1024 + a.sizeBytes) });
    for (const entry of [a, b, a, c, a, b]) await lazy.load([entry]);
    expect(source.fetched.flat()).toEqual([a.id, b.id, c.id, b.id]);
    await lazy.close();
    expect(lazy.cachedBytes).toBe(0);
  });
});

function timeOf({ time }: { readonly time?: bigint }): { time?: bigint } {
  return time === undefined ? {} : { time };
}
