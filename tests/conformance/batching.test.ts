import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { rerunPrint, rerunVerify } from "../support/rerun-compare.js";

const here = join(ROOT, "tests", "conformance");
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-batching-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The same calls as in python/log_batched.py. */
async function logBatched(path: string): Promise<void> {
  const rec = new rr.RecordingStream("conformance", {
    recordingId: "batched",
    batcher: { flushTickSec: 1000, flushNumBytes: 1e9 },
  });
  rec.save(path);
  for (let i = 0; i < 40; i++) {
    rec.setTime("frame", { sequence: i });
    rec.log("a", new rr.Scalars(i));
    rec.log("b", new rr.Points3D([[i, 0, 0]], { radii: 0.5 }));
    if (i % 3 === 0) {
      rec.log("a", new rr.SeriesLines({ widths: i, names: "n" }));
      rec.log("b", rr.Points3D.fromFields({ radii: i }));
      rec.log("b", rr.Points3D.fromFields({ colors: [[i, 0, 0]] }));
    }
    if (i % 10 === 0) {
      rec.setTime("other", { duration: i });
      rec.log("a", new rr.Scalars(-1 - i));
      rec.disableTimeline("other");
      rec.log("a", new rr.Scalars([i, i]), { static: true });
    }
    rec.log("mixed", new rr.AnyValues(i % 2 === 1 ? { x: 0.5 } : { y: 0.25 }));
  }
  for (let i = 0; i < 9000; i++) {
    rec.setTime("frame", { sequence: i !== 100 ? i : 5000 });
    rec.log("late", new rr.Scalars(i));
  }
  for (let i = 0; i < 9000; i++) {
    rec.setTime("frame", { sequence: i !== 8500 ? i : 5 });
    rec.log("later", new rr.Scalars(i));
  }
  await rec.close();
}

it("the batcher groups rows into the same chunks as Rerun's", async () => {
  // Two thresholds are taken away from both sides: the tick would cut where the machine happens to be slow, and bytes are
  // counted differently (the real one counts its bookkeeping, about 1100 bytes for a row with one scalar; we count the values).
  const env = { ...process.env, RERUN_FLUSH_TICK_SECS: "1000", RERUN_FLUSH_NUM_BYTES: "1GB" };
  mkdirSync(join(folder, "theirs"));
  mkdirSync(join(folder, "ours"));
  execFileSync(testPython(), [join(here, "python", "log_batched.py"), join(folder, "theirs", "batched.rrd")], { env });
  await logBatched(join(folder, "ours", "batched.rrd"));
  const compare = join(here, "tools", "compare_many.py");
  const result = execFileSync(testPython(), [compare, join(folder, "theirs"), join(folder, "ours"), "batched"], {
    encoding: "utf8",
  });
  const differences = (JSON.parse(result) as { batched: string[] }).batched;
  expect(differences.map((text) => text.slice(0, 200))).toEqual([]);
});

it("a file of many batches passes `rerun rrd verify` and prints every entity", async () => {
  const path = join(folder, "many.rrd");
  const rec = new rr.RecordingStream("conformance", { batcher: { flushTickSec: 0, flushNumRows: 50 } });
  rec.save(path);
  for (let i = 0; i < 1000; i++) {
    rec.setTime("frame", { sequence: i });
    rec.log(`plot/${i % 7}`, new rr.Scalars(i));
    rec.log("cloud", new rr.Points3D([[i, i, i]], { colors: [[i % 256, 0, 0]] }));
  }
  await rec.close();
  rerunVerify(path);
  const printed = rerunPrint(path);
  for (const entity of ["/__properties", "/cloud", ...Array.from({ length: 7 }, (_, i) => `/plot/${i}`)]) {
    expect(printed).toContain(` - ${entity} - `);
  }
});
