import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { rerunCompare, rerunVerify, strictDifferences } from "../support/rerun-compare.js";
import * as cases from "./cases/index.js";

const here = join(ROOT, "tests", "conformance");
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-conformance-"));
const ours = join(folder, "ours");
const theirs = join(folder, "theirs");
const logs = new Map(Object.entries(cases));
const names = [...logs.keys()];
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const file = (side: string, name: string): string => join(side, `${snake(name)}.rrd`);

function python(script: string, args: string[]): string {
  const env = { ...process.env, RERUN_STRICT: "1", RERUN_FLUSH_NUM_ROWS: "0" };
  return execFileSync(testPython(), [join(here, script), ...args], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

let differences: Readonly<Record<string, string[]>> = {};

beforeAll(async () => {
  mkdirSync(ours);
  mkdirSync(theirs);
  const logged = python("python/log_cases.py", [theirs]).trim().split(" ");
  expect([...logged].sort()).toEqual(names.map(snake).sort());
  rr.setStrictMode(true);
  for (const [name, log] of logs) {
    const batcher = { flushNumRows: 0 };
    const rec = new rr.RecordingStream("conformance", { recordingId: snake(name), batcher });
    rec.save(file(ours, name));
    log(rec);
    await rec.close();
  }
  rr.setStrictMode(false);
  differences = strictDifferences(theirs, ours, names.map(snake));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(names)("the case %s, logged here and with Rerun's Python SDK,", (name) => {
  it("is equal bit for bit", () => {
    expect(differences[snake(name)]).toEqual([]);
  });

  it("is equal for `rerun rrd compare`, and ours passes `rerun rrd verify`", () => {
    rerunCompare(file(theirs, name), file(ours, name));
    rerunVerify(file(ours, name));
  });
});
