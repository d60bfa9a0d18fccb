import { describe, expect, test } from "vitest";
import { TestRecording } from "../../../tests/support/test-recording.js";
import type { Chunk } from "../../chunk/index.js";
import type { Timeline } from "../../core/index.js";
import type { ChunkSummary } from "../../link/client.js";
import * as rr from "../../types/index.js";
import { dataDensity, stepToData } from "./data-times.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };

function columns(times: readonly number[]): Chunk {
  const made = new TestRecording();
  const values = Float64Array.from(times);
  made.sendColumns("s", FRAME, BigInt64Array.from(times, BigInt), rr.Scalars.columns({ scalars: values }));
  const chunk = [...made.store.chunks()][0];
  if (chunk === undefined) throw new Error("no chunk");
  return chunk;
}

function summaryOf(chunk: Chunk): ChunkSummary {
  const timelines = new Map([...chunk.timelines].map(([name, { range }]) => [name, range]));
  return { id: chunk.id, entityPath: chunk.entityPath, numRows: chunk.numRows, sizeBytes: 1, timelines, components: [] };
}

describe("stepToData", () => {
  const spanning = columns([0, 10, 50]);
  const later = columns([30, 31]);
  const summaries = [spanning, later].map(summaryOf);
  const peek = (id: string): Chunk | undefined => [spanning, later].find((chunk) => chunk.id === id);

  test("finds the next and the previous row over all chunks", () => {
    expect(stepToData(summaries, "frame", 10n, "next", peek).time).toBe(30n);
    expect(stepToData(summaries, "frame", 30n, "next", peek).time).toBe(31n);
    expect(stepToData(summaries, "frame", 30n, "previous", peek).time).toBe(10n);
    expect(stepToData(summaries, "frame", 50n, "next", peek).time).toBeUndefined();
  });

  test("names the chunk it must look into", () => {
    expect(stepToData(summaries, "frame", 10n, "next", () => undefined).needed).toEqual([spanning.id]);
    expect(stepToData(summaries, "frame", -5n, "next", () => undefined)).toEqual({ time: 0n, needed: [] });
  });
});

test("the density has all rows, where they are", () => {
  const density = dataDensity([columns([0, 1, 2, 3]), columns([99])].map(summaryOf), "frame", { min: 0n, max: 99n }, 10);
  expect(density[0]).toBe(4);
  expect(density[9]).toBe(1);
  expect(density.reduce((sum, rows) => sum + rows, 0)).toBeCloseTo(5);
});
