/**
 * The examples in `docs/snippets`, each run and compared with what Rerun's Python SDK 0.41 logs for the example of that name
 * (`tests/fixtures/snippets`), blueprints included.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython, testRerun } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { setUuidSource } from "../../src/sdk/blueprint/index.js";
import { countingUuids } from "../support/counting-uuids.js";
import { withPythonTrigonometry } from "../support/python-trigonometry.js";

const SNIPPETS = join(ROOT, "docs", "snippets");
const FIXTURES = join(ROOT, "tests", "fixtures", "snippets");
const names = readdirSync(SNIPPETS)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-snippets-"));
const ours = join(folder, "ours");
const theirs = join(folder, "theirs");
let differences: Record<string, string[]> = {};

beforeAll(async () => {
  mkdirSync(ours);
  mkdirSync(theirs);
  const before = { ...process.env };
  process.env["RERUN_FLUSH_NUM_ROWS"] = "0";
  rr.setStrictMode(true);
  await withPythonTrigonometry(async (pass) => {
    for (const name of names) await run(name, pass);
  });
  rr.setStrictMode(false);
  setUuidSource(undefined);
  process.env = before;
  for (const name of names) {
    writeFileSync(join(theirs, `${name}.rrd`), gunzipSync(readFileSync(join(FIXTURES, `${name}.rrd.gz`))));
  }
  const script = join(ROOT, "tests", "conformance", "tools", "compare_many.py");
  const compared = execFileSync(testPython(), [script, theirs, ours, ...names], { encoding: "utf8", maxBuffer: 2 ** 28 });
  differences = JSON.parse(compared) as typeof differences;
});

/** Runs an example; what it logs goes to a file, whatever sinks it has. */
async function run(name: string, pass: number): Promise<void> {
  process.env["_RERUN_TEST_FORCE_SAVE"] = join(ours, `${name}.rrd`);
  setUuidSource(countingUuids());
  await import(`${join(SNIPPETS, `${name}.ts`)}?pass=${pass}`);
  await rr.getGlobalDataRecording()?.close();
  rr.setGlobalDataRecording(undefined);
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it("there is an example for each recording, and a recording for each example", () => {
  const recordings = readdirSync(FIXTURES).filter((file) => file.endsWith(".rrd.gz"));
  expect(recordings.sort()).toEqual(names.map((name) => `${name}.rrd.gz`));
});

describe.each(names)("%s", (name) => {
  it("logs what Rerun's example logs, bit for bit", () => {
    expect(differences[name]).toEqual([]);
  });

  it("is equal for `rerun rrd compare`", () => {
    const files = [theirs, ours].map((side) => join(side, `${name}.rrd`));
    const compare = (options: string[]): void => {
      execFileSync(testRerun(), ["rrd", "compare", "--ignore-chunks-without-components", ...options, ...files], {
        stdio: "pipe",
      });
    };
    try {
      compare([]); // in order: more than is asked, and much faster for thousands of chunks
    } catch {
      compare(["--unordered"]);
    }
  });
});
