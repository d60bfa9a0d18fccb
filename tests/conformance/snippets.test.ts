/**
 * The examples in `docs/snippets`, each run and compared with what Rerun's Python SDK 0.41 logs for the example of that name
 * (`tests/fixtures/snippets`), blueprints included.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { setUuidSource } from "../../src/sdk/blueprint/index.js";
import { countingUuids } from "../support/counting-uuids.js";
import { withPythonTrigonometry } from "../support/python-trigonometry.js";
import { rerunCompare, strictDifferences, twoSides, unpack } from "../support/rerun-compare.js";

const SNIPPETS = join(ROOT, "docs", "snippets");
const FIXTURES = join(ROOT, "tests", "fixtures", "snippets");
/** Its values were worked out by numpy in 32 bits, with an exponential that does not round correctly: the last two bits are forgiven. */
const NEAR = new Set(["howto__component_mapping"]);
const names = readdirSync(SNIPPETS)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

const { ours, theirs } = twoSides("snippets");
let differences: Readonly<Record<string, string[]>> = {};

beforeAll(async () => {
  const before = { ...process.env };
  process.env["RERUN_FLUSH_NUM_ROWS"] = "0";
  rr.setStrictMode(true);
  process.chdir(SNIPPETS); // some read files from data/
  await withPythonTrigonometry(async (pass) => {
    for (const name of names) await run(name, pass);
  });
  rr.setStrictMode(false);
  setUuidSource(undefined);
  process.env = before;
  process.chdir(ROOT);
  for (const name of names) unpack(join(FIXTURES, `${name}.rrd.gz`), join(theirs, `${name}.rrd`));
  differences = strictDifferences(
    theirs,
    ours,
    names.map((name) => (NEAR.has(name) ? `${name}~` : name)),
  );
});

/** Runs an example; what it logs goes to a file, whatever sinks it has. */
async function run(name: string, pass: number): Promise<void> {
  process.env["_RERUN_TEST_FORCE_SAVE"] = join(ours, `${name}.rrd`);
  setUuidSource(countingUuids());
  await import(`${join(SNIPPETS, `${name}.ts`)}?pass=${pass}`);
  await rr.getGlobalDataRecording()?.close();
  rr.setGlobalDataRecording(undefined);
}

it("there is an example for each recording, and a recording for each example", () => {
  const recordings = readdirSync(FIXTURES).filter((file) => file.endsWith(".rrd.gz"));
  expect(recordings.sort()).toEqual(names.map((name) => `${name}.rrd.gz`));
});

describe.each(names)("%s", (name) => {
  it("logs what Rerun's example logs, bit for bit", () => {
    expect(differences[name]).toEqual([]);
  });

  it("is equal for `rerun rrd compare`", () => {
    rerunCompare(join(theirs, `${name}.rrd`), join(ours, `${name}.rrd`));
  });
});
