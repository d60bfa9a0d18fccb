import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../../tests/support/chunk-rows.js";
import { scalarChunk } from "../../../tests/support/scalar-chunk.js";
import { type Chunk, isStatic, makeChunk } from "../../chunk/index.js";
import { FLOAT32, type Timeline, UTF8 } from "../../core/index.js";
import { ChunkStore, LIVE_LIMITS, mergeRecording, NO_LIMITS, optimizeRecording, splitRecording } from "../index.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const components = { value: FLOAT32, text: UTF8 };

/** Chunks with ids of their own: of several with one id only the first counts. */
const recordings: fc.Arbitrary<Chunk[]> = fc
  .uniqueArray(
    fc.oneof(
      { weight: 5, arbitrary: arbitraryChunk({ components, timelines: [FRAME, LOG_TIME], maxRows: 8 }) },
      { weight: 3, arbitrary: arbitraryChunk({ components: { value: FLOAT32 }, timelines: [FRAME, LOG_TIME], maxRows: 8 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components, timelines: [LOG_TIME], maxRows: 4 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components: { text: UTF8 }, timelines: [], maxRows: 3 }) },
      { weight: 1, arbitrary: arbitraryChunk({ components, timelines: [FRAME], entityPath: "/other" }) },
    ),
    { maxLength: 12, selector: ({ id }) => id },
  )
  .map((list) =>
    list.map((chunk, n) => {
      const rowIds = chunk.rowIds.slice();
      for (let at = 0; at < rowIds.length; at += 16) rowIds[at + 8] = n;
      return makeChunk({ ...chunk, rowIds, timelines: chunk.timelines.values(), components: chunk.components.values() });
    }),
  );

/** Every cell with its row id and times, in one order. */
function cells(chunks: Iterable<Chunk>, which: (chunk: Chunk) => boolean = () => true): string[] {
  const found: string[] = [];
  for (const chunk of chunks) {
    if (!which(chunk)) continue;
    for (const { rowId, times, cells: values } of chunkRows(chunk)) {
      for (const [name, value] of Object.entries(values)) {
        found.push([chunk.entityPath, name, rowId, ...Object.entries(times).flat(), JSON.stringify(value)].join(" "));
      }
    }
  }
  return found.sort();
}

const isTemporal = (chunk: Chunk): boolean => !isStatic(chunk);

function storeOf(chunks: Iterable<Chunk>): ChunkStore {
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (const chunk of chunks) store.insert(chunk);
  return store;
}

function staticState(chunks: Iterable<Chunk>): unknown {
  const store = storeOf(chunks);
  return store.schema().entities.flatMap(({ path, components: known }) =>
    known.flatMap(({ descriptor: { component } }) => {
      const found = store.latestAt({ entityPath: path, component, timeline: undefined, at: 0n });
      return found === undefined ? [] : [[path, component, chunkRows(found.chunk)[found.row]?.cells[component]]];
    }),
  );
}

describe("a merged recording", () => {
  it("keeps every temporal cell and what static data say, in the order of row ids", () => {
    fc.assert(
      fc.property(recordings, (list) => {
        const merged = mergeRecording([...list, ...list.slice(0, 2)]);
        expect(cells(merged, isTemporal)).toEqual(cells(list, isTemporal));
        expect(staticState(merged)).toEqual(staticState(list));
        const firsts = merged.map(({ rowIds }) => Buffer.from(rowIds.subarray(0, 16)).toString("hex"));
        expect(firsts).toEqual([...firsts].sort());
      }),
      { numRuns: 200 },
    );
  });
});

describe("an optimized recording", () => {
  const limits = fc.record({
    maxBytes: fc.constantFrom(0, 500),
    maxRows: fc.constantFrom(0, 5, 30),
    maxRowsIfUnsorted: fc.constantFrom(0, 3),
  });

  it("keeps every cell, within the limits, in no more chunks than it must", () => {
    fc.assert(
      fc.property(recordings, limits, fc.constantFrom(undefined, 1, 10), (list, someLimits, splitSizeRatio) => {
        const optimized = optimizeRecording(list, { limits: someLimits, splitSizeRatio });
        expect(cells(optimized, isTemporal)).toEqual(cells(list, isTemporal));
        expect(staticState(optimized)).toEqual(staticState(list));
        for (const chunk of optimized.filter(isTemporal)) {
          const isFree = chunk.numRows === 1;
          if (someLimits.maxRows > 0) expect(chunk.numRows).toBeLessThanOrEqual(someLimits.maxRows);
          if (someLimits.maxBytes > 0 && !isFree) expect(chunk.sizeBytes).toBeLessThanOrEqual(someLimits.maxBytes * 1.5);
        }
        const again = optimizeRecording(optimized, { limits: someLimits, splitSizeRatio });
        // Rows are counted, bytes are estimated: a chunk that became a little too large may be cut when it is seen again.
        if (someLimits.maxBytes === 0) expect(again.length).toBeLessThanOrEqual(optimized.length);
        expect(cells(again, isTemporal)).toEqual(cells(list, isTemporal));
      }),
      { numRuns: 200 },
    );
  });

  it("joins many small chunks into as few as the limits allow, and keeps the ids of those it leaves alone", () => {
    const small = Array.from({ length: 10_000 }, (_, i) => scalarChunk([i], [i]));
    const large = scalarChunk(
      Array.from({ length: 4000 }, (_, i) => 10_000 + i),
      Array.from({ length: 4000 }, (_, i) => i),
    );
    const optimized = optimizeRecording([...small, large], { limits: LIVE_LIMITS });
    expect(optimized.map(({ numRows }) => numRows)).toEqual([4096, 4096, 1808, 4000]);
    expect(optimized[3]?.id).toBe(large.id);
  });
});

describe("a split recording", () => {
  const cuts = fc.uniqueArray(fc.bigInt({ min: -1n, max: 12n }), { maxLength: 3 });

  it("has every cell in the part of its time, and shows there what the whole recording shows", () => {
    fc.assert(
      fc.property(recordings, cuts, fc.bigInt({ min: 0n, max: 11n }), (list, times, at) => {
        const whole = storeOf(list);
        fc.pre(whole.schema().timelines.some(({ name }) => name === "frame"));
        const parts = splitRecording(list, { timeline: "frame", times });
        expect(parts.length).toBe(times.length + 1);
        const inside = parts.flatMap(({ start, end, chunks }, i) =>
          chunks.filter(isTemporal).flatMap((chunk) => {
            const frames = chunk.timelines.get("frame")?.times;
            if (frames === undefined) expect(i).toBe(0);
            const isOwn = frames === undefined || frames.some((time) => time >= start && time < end);
            return isOwn ? cells([chunk]) : [];
          }),
        );
        expect(inside.sort()).toEqual(cells(list, isTemporal));
        const { range } = whole.schema().timelines.find(({ name }) => name === "frame") ?? { range: { min: 0n, max: -1n } };
        const part = parts.find(({ start, end }) => start <= at && at < end);
        if (part === undefined || at < range.min || at > range.max) return;
        const store = storeOf(part.chunks);
        for (const { path, components: known } of whole.schema().entities) {
          for (const { descriptor } of known) {
            const query = { entityPath: path, component: descriptor.component, timeline: "frame", at };
            const [found, expected] = [store.latestAt(query), whole.latestAt(query)];
            expect(found && chunkRows(found.chunk)[found.row]?.cells[query.component]).toEqual(
              expected && chunkRows(expected.chunk)[expected.row]?.cells[query.component],
            );
            expect(found?.time).toBe(expected?.time);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is cut into equal spans when asked for a number of parts", () => {
    const list = [scalarChunk([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])];
    const parts = splitRecording(list, { timeline: "frame", numParts: 3 });
    expect(parts.map(({ start, end }) => [start, end])).toEqual([
      [0n, 3n],
      [3n, 6n],
      [6n, 10n],
    ]);
    expect(() => splitRecording(list, { timeline: "time", numParts: 3 })).toThrow(
      'There is no timeline "time" in the recording, it has "frame"',
    );
    expect(() => splitRecording(list, { timeline: "frame" })).toThrow("Expected either times or numParts");
  });
});
