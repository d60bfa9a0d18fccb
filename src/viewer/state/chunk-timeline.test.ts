import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChunkSummary } from "../../link/client.js";
import { ChunkTimeline } from "./chunk-timeline.js";

/** Chunks as lists of the times at which they hold the component. */
const chunkTimes = fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 6 }), { maxLength: 12 });

function summaryOf(times: readonly number[], i: number): ChunkSummary {
  const range = { min: BigInt(Math.min(...times)), max: BigInt(Math.max(...times)) };
  return {
    id: `c${i}`,
    entityPath: "/e",
    numRows: times.length,
    sizeBytes: 1,
    timelines: new Map([["t", range]]),
    components: ["c"],
  };
}

describe("candidatesAt", () => {
  test("always holds the chunk with the latest row at or before the time", () => {
    fc.assert(
      fc.property(chunkTimes, fc.integer({ min: -25, max: 25 }), (chunks, at) => {
        const timeline = new ChunkTimeline(chunks.map(summaryOf), "t");
        const candidates = timeline.candidatesAt(BigInt(at));
        const latest = Math.max(...chunks.flat().filter((time) => time <= at));
        chunks.forEach((times, i) => {
          if (times.includes(latest)) expect(candidates).toContain(`c${i}`);
        });
      }),
    );
  });

  test("is one chunk when chunks follow each other", () => {
    const chunks = Array.from({ length: 1000 }, (_, i) => [10 * i, 10 * i + 9]);
    expect(new ChunkTimeline(chunks.map(summaryOf), "t").candidatesAt(5004n)).toEqual(["c500", "c499"]);
    expect(new ChunkTimeline(chunks.map(summaryOf), "t").candidatesAt(5009n)).toEqual(["c500"]);
  });

  test("leaves the chunks between out when one spans everything", () => {
    const chunks = [[0, 100_000], ...Array.from({ length: 1000 }, (_, i) => [10 * i, 10 * i + 5])];
    expect(new ChunkTimeline(chunks.map(summaryOf), "t").candidatesAt(5007n)).toEqual(["c501", "c0"]);
  });

  test("is empty before the first row", () => {
    expect(new ChunkTimeline([summaryOf([5], 0)], "t").candidatesAt(4n)).toEqual([]);
  });
});

test("startingIn gives the chunks that begin after the first and up to the second time, in order", () => {
  const timeline = new ChunkTimeline([summaryOf([30, 40], 0), summaryOf([10], 1), summaryOf([20], 2)], "t");
  expect(timeline.startingIn(10n, 30n)).toEqual(["c2", "c0"]);
});
