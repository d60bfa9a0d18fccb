import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testRerun } from "../scripts/paths.mjs";
import { openRrdFile } from "../src/files/index.js";
import { loadRecording } from "../src/sdk/index.js";
import { LazyStore } from "../src/store/index.js";
import { LAYOUTS, makeLayouts, secondsOf } from "./layouts.js";

/** Reading one file here and with the real command, in one run on one machine. Times in seconds, the best of several. */
export interface ReadingResult {
  readonly layout: string;
  readonly bytes: number;
  /** `rerun rrd verify`, with the start of its process. */
  readonly verify: number;
  /** Everything decoded and in a store. */
  readonly load: number;
  /** Opened by the footer: schema and index are there, chunks come when asked. */
  readonly open: number;
  readonly loadRatio: number;
  readonly openRatio: number;
}

const GOALS = { load: 1, open: 0.1 };

/** Three recordings of `rows` rows × 10 scalars, written by Rerun's Python SDK, each read in `repeats` turns. */
export async function benchReading(options: { readonly repeats: number; readonly rows: number }): Promise<ReadingResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-bench-"));
  try {
    makeLayouts(folder, options.rows);
    const results: ReadingResult[] = [];
    for (const layout of LAYOUTS) results.push(await benchLayout(layout, join(folder, `${layout}.rrd`), options.repeats));
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What one side does at its turn. Starting a process copies the page tables of this one, whose first reading afterwards faults on
 * each page it writes: that is no part of reading a file, so that a turn is longer than one run.
 */
const RUNS_OF_A_TURN = 5;

async function benchLayout(layout: string, path: string, turns: number): Promise<ReadingResult> {
  const best = { verify: Number.POSITIVE_INFINITY, load: Number.POSITIVE_INFINITY, open: Number.POSITIVE_INFINITY };
  const takeTurn = async (what: keyof typeof best, run: () => Promise<unknown>): Promise<void> => {
    for (let i = 0; i < RUNS_OF_A_TURN; i++) best[what] = Math.min(best[what], await secondsOf(run));
  };
  for (let turn = 0; turn < turns; turn++) {
    await takeTurn("verify", async () => execFileSync(testRerun(), ["rrd", "verify", path], { stdio: "ignore" }));
    await takeTurn("load", () => loadRecording(path));
    await takeTurn("open", () => openByFooter(path));
  }
  const { verify, load, open } = best;
  return { layout, bytes: statSync(path).size, verify, load, open, loadRatio: load / verify, openRatio: open / verify };
}

async function openByFooter(path: string): Promise<void> {
  const file = await openRrdFile(path);
  const stores = file.stores.map(({ storeId }) => new LazyStore(file.source(storeId)));
  for (const store of stores) store.schema();
  await file.close();
}

export function formatReading(results: readonly ReadingResult[]): string {
  const seconds = (value: number): string => value.toFixed(3).padStart(7);
  const ratio = (value: number, goal: number): string => `${value.toFixed(2)} (goal ${goal}${value <= goal ? "" : ", missed"})`;
  const lines = results.map(
    ({ layout, bytes, verify, load, open, loadRatio, openRatio }) =>
      `${layout.padEnd(14)} ${(bytes / 1e6).toFixed(0).padStart(4)} MB  verify ${seconds(verify)} s  ` +
      `load ${seconds(load)} s = ${ratio(loadRatio, GOALS.load)}  open ${seconds(open)} s = ${ratio(openRatio, GOALS.open)}`,
  );
  return ["reading a file, against `rerun rrd verify`", ...lines].join("\n");
}
