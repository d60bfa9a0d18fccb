/**
 * Writes a recording of about 4 GB, and queries it through streaming batches in a process of its own: what that process had in
 * memory at most. The file lies in the folder for temporary files and is removed afterwards.
 *
 * Run: node scripts/run-ts.mjs bench/large-recording.ts [GIGABYTES]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DataFrame, openDataset, type ReaderOptions } from "../src/dataset/index.js";
import * as rr from "../src/sdk/index.js";
import { Scalars } from "../src/types/index.js";
import { secondsOf } from "./layouts.js";

const CHUNK_ROWS = 50_000;
const NUM_ENTITIES = 10;
/** Value, time and the rest of a row in the file. */
const ROW_BYTES = 22;

async function write(path: string, gigabytes: number): Promise<void> {
  const recording = new rr.RecordingStream("large", { recordingId: "large" });
  recording.save(path);
  const numPieces = Math.ceil((gigabytes * 1e9) / (CHUNK_ROWS * NUM_ENTITIES * ROW_BYTES));
  const values = new Float64Array(CHUNK_ROWS);
  for (let piece = 0; piece < numPieces; piece++) {
    const frames = BigInt64Array.from({ length: CHUNK_ROWS }, (_, i) => BigInt(piece * CHUNK_ROWS + i) * 1_000_003n);
    const times = [new rr.TimeColumn("frame", { sequence: frames })];
    for (let entity = 0; entity < NUM_ENTITIES; entity++) {
      for (let i = 0; i < CHUNK_ROWS; i++) values[i] = Math.random();
      recording.sendColumns(`data/${entity}`, times, Scalars.columns({ scalars: values }));
    }
    await recording.flush();
  }
  await recording.close();
}

/** Reads all batches of a frame, and says how long that took and what the process had in memory at most. */
async function stream(what: string, frame: DataFrame): Promise<void> {
  let [rows, bytes] = [0, 0];
  const seconds = await secondsOf(async () => {
    for await (const batch of frame.batches()) {
      rows += batch.numRows;
      bytes += batch.data.children.reduce((sum, child) => sum + child.byteLength, 0);
    }
  });
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(
    `${what.padEnd(44)} ${rows} rows, ${(bytes / 1e9).toFixed(2)} GB in ${seconds.toFixed(1)} s, peak ${peak} MiB so far`,
  );
}

async function read(path: string): Promise<void> {
  const start = performance.now();
  const dataset = await openDataset(path);
  await dataset.schema();
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(`opened in ${((performance.now() - start) / 1000).toFixed(2)} s, peak ${peak} MiB`);
  const ask = (options: ReaderOptions = {}): DataFrame => dataset.reader("frame", options);
  await stream("one column", ask({ columns: ["frame", "/data/3:Scalars:scalars"] }));
  const from = 1_000_003_000_000n;
  await stream("a range, all columns, filled", ask({ range: { from, to: from + 10n ** 12n }, fillLatestAt: true }));
  await stream("all columns", ask());
  await stream("all columns, filled", ask({ fillLatestAt: true }));
  await dataset.close();
}

const [first = "4", path] = process.argv.slice(2);
if (first === "read" && path !== undefined) {
  await read(path);
} else {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-large-"));
  try {
    const file = join(folder, "large.rrd");
    const seconds = await secondsOf(() => write(file, Number(first)));
    console.log(`written: ${(statSync(file).size / 1e9).toFixed(2)} GB in ${seconds.toFixed(0)} s`);
    const run = fileURLToPath(new URL("../scripts/run-ts.mjs", import.meta.url));
    execFileSync(process.execPath, [run, fileURLToPath(import.meta.url), "read", file], { stdio: "inherit" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
