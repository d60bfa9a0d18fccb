/** What the store's queries and insertions cost, and what a viewer's index costs on the wire. */

import { type Chunk, makeChunk } from "../src/chunk/index.js";
import { FLOAT64, listOf, type Timeline } from "../src/core/index.js";
import { decodeIndexDelta, decodeSeries } from "../src/link/client.js";
import { QueryService } from "../src/link/index.js";
import { ChunkStore, NO_LIMITS } from "../src/store/index.js";
import { answerNow } from "../tests/support/answer-now.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const LOG_TIME: Timeline = { name: "log_time", type: "timestamp" };
const COMPONENT = "Scalars:scalars";
let nextRow = 0;

/** `numRows` scalars from time `start` on, `step` apart, on two timelines: frames to the step, nanoseconds with some jitter. */
function scalars(start: number, numRows: number, step = 1): Chunk {
  const rowIds = new Uint8Array(16 * numRows);
  const view = new DataView(rowIds.buffer);
  const frames = new BigInt64Array(numRows);
  const nanos = new BigInt64Array(numRows);
  for (let i = 0; i < numRows; i++) {
    view.setUint32(16 * i + 4, nextRow++);
    frames[i] = BigInt(start + i * step);
    nanos[i] = 1_700_000_000_000_000_000n + BigInt(start + i * step) * 1_000_000n + BigInt((nextRow * 2_654_435_761) % 900_000);
  }
  const offsets = Int32Array.from({ length: numRows + 1 }, (_, i) => i);
  const values = Float64Array.from({ length: numRows }, (_, i) => Math.sin(start + i));
  const items = { type: FLOAT64, length: numRows, nullCount: 0, values };
  const list = { type: listOf(FLOAT64), length: numRows, nullCount: 0, offsets, children: [items] };
  return makeChunk({
    id: nextRow.toString(16).padStart(32, "0"),
    entityPath: "/plot",
    rowIds,
    timelines: [
      { timeline: FRAME, times: frames },
      { timeline: LOG_TIME, times: nanos },
    ],
    components: [{ descriptor: { component: COMPONENT, archetype: "rerun.archetypes.Scalars" }, list }],
  });
}

function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function say(what: string, result: string): void {
  console.log(`${what.padEnd(72)} ${result}`);
}

function storeOf(numChunks: number, hasSpanning: boolean): ChunkStore {
  const store = new ChunkStore({ limits: NO_LIMITS });
  if (hasSpanning) store.insert(scalars(0, 1000, (numChunks * 10) / 1000));
  for (let i = 0; i < numChunks; i++) store.insert(scalars(i * 10, 10));
  return store;
}

/** More than the processor's caches near a core hold. */
const sweep = new Float64Array(2 ** 20);

/** Reads memory that has nothing to do with the store, as whoever asks a store does between two questions. */
function forgetCaches(): number {
  let sum = 0;
  for (let i = 0; i < sweep.length; i += 8) sum += sweep[i] ?? 0;
  return sum;
}

/** Orders in which a viewer asks for times: anywhere, as the cursor jumps; one after the other, as it plays. */
const ORDERS = { random: 7919, playing: 1 };
const STARTS = { frame: 0n, log_time: 1_700_000_000_000_000_000n };
const UNITS = { frame: 1n, log_time: 1_000_000n };
const SIZES = [1000, 100_000];
const ROUNDS = 5;

/**
 * The growth of a query from 1 000 to 100 000 chunks, in turns, since the machine is not the same from minute to minute.
 *
 * Warm: one query after the other, so that all of a small store stays in the processor's caches and little of a large one does.
 * Cold: neither does, which is the growth of the search alone.
 */
function benchLatestAt(hasSpanning: boolean): void {
  const stores = SIZES.map((numChunks) => storeOf(numChunks, hasSpanning));
  for (const timeline of ["frame", "log_time"] as const) {
    for (const [order, step] of Object.entries(ORDERS)) {
      const ask = (size: number, i: number): number => {
        const at = STARTS[timeline] + BigInt((i * step) % ((SIZES[size] ?? 0) * 10)) * UNITS[timeline];
        return 1e3 * timeOf(() => stores[size]?.latestAt({ entityPath: "/plot", component: COMPONENT, timeline, at }));
      };
      const [warm, cold]: number[][][] = [SIZES.map(() => []), SIZES.map(() => [])];
      for (let round = -1; round < ROUNDS; round++) {
        for (const size of SIZES.keys()) {
          const samples = Array.from({ length: 20_000 }, (_, i) => ask(size, i));
          const uncached = Array.from({ length: 500 }, (_, i) => (forgetCaches() === 0 ? ask(size, i) : 0));
          if (round < 0) continue; // The compiler's.
          warm?.[size]?.push(percentile(samples, 0.5));
          cold?.[size]?.push(percentile(uncached, 0.5));
        }
      }
      const what = `latest-at, ${order} on ${timeline === "frame" ? "even" : "uneven"} times`;
      say(`${what}${hasSpanning ? ", one chunk spans all" : ""}`, `${growth(warm)}; cold ${growth(cold)}`);
    }
  }
}

/** Medians of the rounds, and how they grow with the store. */
function growth(rounds: readonly number[][] | undefined): string {
  const [few = 0, many = 0] = (rounds ?? []).map((times) => percentile(times, 0.5));
  return `p50 ${few.toFixed(2)} → ${many.toFixed(2)} µs, × ${(many / few).toFixed(1)}`;
}

function benchInsert(what: string, store: ChunkStore, chunks: readonly Chunk[]): void {
  const before = process.cpuUsage();
  for (const chunk of chunks) store.insert(chunk);
  const { user, system } = process.cpuUsage(before);
  say(
    `insert, ${what}`,
    `${((user + system) / chunks.length).toFixed(1)} µs of CPU a chunk (${store.stats().numChunks} chunks held)`,
  );
}

function benchLink(): void {
  const store = storeOf(100_000, true);
  const service = new QueryService(store, { applicationId: "bench", recordingId: "bench" });
  let block: Uint8Array = new Uint8Array();
  const encodeMs = timeOf(() => {
    const parts = [...answerNow(service.handle({ kind: "index", id: 1, sinceRevision: 0 }))];
    block = Buffer.concat(parts.flatMap(({ buffers }) => buffers));
  });
  const decodeMs = timeOf(() => decodeIndexDelta(block));
  const size = `${(block.length / 1e6).toFixed(1)} MB`;
  say("index of 100001 chunks on two timelines", `${size}, made in ${encodeMs.toFixed(0)} ms, read in ${decodeMs.toFixed(0)} ms`);
  const plot = new ChunkStore();
  for (let i = 0; i < 50; i++) plot.insert(scalars(i * 100_000, 100_000));
  const request = { kind: "series", id: 1, entityPath: "/plot", component: COMPONENT, timeline: "log_time" } as const;
  const range = { from: "0", to: `${2n ** 62n}`, buckets: 800 };
  const plotService = new QueryService(plot, { applicationId: "bench", recordingId: "bench" });
  let numPoints = 0;
  const seriesMs = timeOf(() => {
    const parts = [...answerNow(plotService.handle({ ...request, ...range }))];
    numPoints = decodeSeries(Buffer.concat(parts.flatMap(({ buffers }) => buffers))).numPoints;
  });
  say(`series of ${numPoints} points reduced to 800 buckets`, `${seriesMs.toFixed(0)} ms`);
}

/** Prints as it goes. */
export function benchStore(): void {
  for (const hasSpanning of [false, true]) benchLatestAt(hasSpanning);
  const single = Array.from({ length: 20_000 }, (_, i) => scalars(i, 1));
  benchInsert("20000 chunks of one row, joined as they come", new ChunkStore(), single);
  benchInsert("20000 chunks of one row, kept as they are", new ChunkStore({ limits: NO_LIMITS }), single);
  const reversed = Array.from({ length: 20_000 }, (_, i) => scalars(20_000 - i, 1));
  benchInsert("20000 chunks of one row, newest first, joined as they come", new ChunkStore(), reversed);
  const limited = new ChunkStore({ limits: NO_LIMITS, memoryLimitBytes: 500_000 });
  benchInsert("20000 chunks of one row, into a store at its memory limit", limited, single);
  benchInsert("one chunk of 2 M rows, split", new ChunkStore(), [scalars(0, 2_000_000)]);
  benchLink();
}
