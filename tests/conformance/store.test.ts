import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { testRerun } from "../../scripts/paths.mjs";
import { type Chunk, isStatic } from "../../src/chunk/index.js";
import type { StoreId } from "../../src/core/index.js";
import { decodeRrd, RrdEncoder } from "../../src/rrd/index.js";
import {
  ChunkStore,
  LIVE_LIMITS,
  mergeRecording,
  NO_LIMITS,
  OBJECT_STORE_LIMITS,
  optimizeRecording,
  splitRecording,
} from "../../src/store/index.js";
import { chunkRows } from "../support/chunk-rows.js";
import { rerunVerify } from "../support/rerun-compare.js";
import { scalarChunk } from "../support/scalar-chunk.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-store-"));
const id: StoreId = { kind: "recording", applicationId: "app", recordingId: "rec" };
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, chunks: readonly Chunk[]): string {
  const encoder = new RrdEncoder();
  const parts = [encoder.start({ storeId: id, source: "test" })];
  for (const chunk of chunks) parts.push(encoder.chunk(id, chunk));
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([...parts, encoder.finish()]));
  return path;
}

function read(path: string): Chunk[] {
  return [...decodeRrd(readFileSync(path))].flatMap((message) => (message.kind === "chunk" ? [message.chunk] : []));
}

function rerun(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Chunk[] {
  const out = join(folder, `out-${command}.rrd`);
  execFileSync(testRerun(), ["rrd", command, ...args, "-o", out], { env: { ...process.env, ...env }, stdio: "pipe" });
  return read(out);
}

/** Every cell with its row id and times, in one order. */
function cells(chunks: readonly Chunk[]): string[] {
  const found = chunks.flatMap((chunk) =>
    chunkRows(chunk).flatMap(({ rowId, times, cells: values }) =>
      Object.entries(values).map(([name, value]) =>
        [chunk.entityPath, name, rowId, ...Object.entries(times).flat(), JSON.stringify(value)].join(" "),
      ),
    ),
  );
  return found.sort();
}

const rowCounts = (chunks: Iterable<Chunk>): number[] => [...chunks].map(({ numRows }) => numRows).sort((a, b) => a - b);
const fixed = { timeline: undefined, component: "Text:text" };

describe("beside the real store", () => {
  it("a chunk id is taken once, and the greater row id of static data wins, whatever comes first", () => {
    const first = scalarChunk([1, 2], [1, 2], { id: "a".repeat(32), firstRow: 100 });
    const again = scalarChunk([5], [5], { id: "a".repeat(32), firstRow: 300 });
    const newer = scalarChunk([], [[]], { ...fixed, entityPath: "/static", firstRow: 900 });
    const older = scalarChunk([], [7], { ...fixed, entityPath: "/static", firstRow: 800 });
    const chunks = [first, again, newer, older, scalarChunk([0], [null], { firstRow: 5 })];
    const theirs = rerun("merge", [write("merge.rrd", chunks)]);
    expect(theirs.map((chunk) => chunk.id)).toEqual(mergeRecording(chunks).map((chunk) => chunk.id));
    expect(cells(theirs)).toEqual(cells(mergeRecording(chunks)));
  });

  it.each([
    ["the defaults", {}, LIVE_LIMITS],
    ["RERUN_CHUNK_MAX_ROWS", { RERUN_CHUNK_MAX_ROWS: "3000" }, { ...LIVE_LIMITS, maxRows: 3000 }],
    ["RERUN_CHUNK_MAX_BYTES", { RERUN_CHUNK_MAX_BYTES: "50000" }, { ...LIVE_LIMITS, maxBytes: 50_000 }],
    ["RERUN_CHUNK_MAX_ROWS_IF_UNSORTED", { RERUN_CHUNK_MAX_ROWS_IF_UNSORTED: "700" }, { ...LIVE_LIMITS, maxRowsIfUnsorted: 700 }],
  ])("large chunks are cut alike with %s", (_, env, limits) => {
    const chunks = [
      scalarChunk(upTo(10_000), upTo(10_000)),
      scalarChunk(upTo(3000).reverse(), upTo(3000), { entityPath: "/unsorted" }),
    ];
    // Without more passes, since those join pieces again.
    const theirs = rerun("optimize", [write("cut.rrd", chunks), "--profile", "live", "--num-pass", "0"], env);
    const store = new ChunkStore({ limits });
    for (const chunk of chunks) store.insert(chunk);
    const counts = (list: Iterable<Chunk>, path: string): number[] =>
      rowCounts([...list].filter((chunk) => chunk.entityPath === path));
    expect(counts(store.chunks(), "/unsorted")).toEqual(counts(theirs, "/unsorted"));
    const [ours, real] = [counts(store.chunks(), "/plot"), counts(theirs, "/plot")];
    if (limits.maxBytes === LIVE_LIMITS.maxBytes) expect(ours).toEqual(real);
    // They count a byte more for each row, and cut twice.
    else expect(Math.max(...ours) / Math.max(...real)).toBeCloseTo(1, 1);
    expect(cells([...store.chunks()])).toEqual(cells(theirs));
  });

  it("an optimized recording holds the same cells, in no more chunks, and passes for the same recording", () => {
    const chunks = [
      ...upTo(300).map((i) => scalarChunk([i, i + 1], [i, [i, i]])),
      ...upTo(60).map((i) => scalarChunk([i], [i], { entityPath: "/other" })),
      scalarChunk(upTo(90_000), upTo(90_000), { entityPath: "/long" }),
    ];
    const path = write("optimize.rrd", chunks);
    const theirs = rerun("optimize", [path]);
    const ours = optimizeRecording(chunks, { limits: OBJECT_STORE_LIMITS });
    expect(cells(ours)).toEqual(cells(theirs));
    expect(ours.length).toBeLessThanOrEqual(theirs.length);
    rerunVerify(write("optimized.rrd", ours));
  });

  it("a split recording is cut at the same times and says the same at each", () => {
    const chunks = [
      scalarChunk(upTo(10), upTo(10)),
      scalarChunk([1, 5, 9], [1, [], 9], { entityPath: "/sparse" }),
      scalarChunk([], [1], { ...fixed, entityPath: "/static" }),
    ];
    const out = join(folder, "parts");
    mkdirSync(out);
    const source = write("s.rrd", chunks);
    execFileSync(testRerun(), ["rrd", "split", source, "--timeline", "frame", "-t", "3", "-t", "7", "-o", out], {
      stdio: "pipe",
    });
    const parts = splitRecording(chunks, { timeline: "frame", times: [3n, 7n] });
    expect(readdirSync(out).sort()).toEqual(parts.map(({ start, end }) => `s_${start}__${end}.rrd`));
    for (const { start, end, chunks: ours } of parts) {
      const [a, b] = [ours, read(join(out, `s_${start}__${end}.rrd`))].map((list) => {
        const store = new ChunkStore({ limits: NO_LIMITS });
        for (const chunk of list) store.insert(chunk);
        return store;
      });
      for (let at = start; at < end; at++) {
        for (const entityPath of ["/plot", "/sparse"]) {
          const query = { entityPath, component: "Scalars:scalars", timeline: "frame", at };
          const [mine, real] = [a?.latestAt(query), b?.latestAt(query)];
          expect(mine?.time).toEqual(real?.time);
          expect(mine && chunkRows(mine.chunk)[mine.row]?.cells).toEqual(real && chunkRows(real.chunk)[real.row]?.cells);
        }
      }
      expect(ours.filter(isStatic).map(({ entityPath }) => entityPath)).toEqual(["/static"]);
    }
  });
});
