/** The conveniences of constructors and recordings: our files equal those that Rerun's Python SDK 0.41 made of the same input. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT, testRerun } from "../../scripts/paths.mjs";
import { getHost, type Host, setHost } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import { resetAnyValueTypes } from "../../src/types/index.js";
import { rerunCompare, strictDifferences, twoSides, unpack } from "../support/rerun-compare.js";
import { CONVENIENCES } from "./cases/conveniences.js";

const names = Object.keys(CONVENIENCES);
/** Where Python is wrong and we are not, see docs/differences.md; the right values are in src/types/archetypes.test.ts. */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = { conv_boxes: ["/b2/YXHW", "/b2/YXYX"] };

const { ours, theirs } = twoSides("conveniences");
let differences: Readonly<Record<string, string[]>> = {};

beforeAll(async () => {
  rr.setStrictMode(true);
  const host = getHost() as Host;
  setHost({ ...host, readFile: () => new TextEncoder().encode("abc") });
  for (const [name, log] of Object.entries(CONVENIENCES)) {
    unpack(join(ROOT, "tests", "fixtures", "types", "conv", `${name}.rrd.gz`), join(theirs, `${name}.rrd`));
    resetAnyValueTypes();
    const rec = new rr.RecordingStream(`ts_${name}`, { sendProperties: false, batcher: { flushNumRows: 0 } });
    rec.save(join(ours, `${name}.rrd`));
    log(rec);
    await rec.close();
  }
  setHost(host);
  rr.setStrictMode(false);
  differences = strictDifferences(theirs, ours, names);
});

describe.each(names)("%s", (name) => {
  const different = DIFFERENT[name] ?? [];

  it("is equal bit for bit, but for what is documented to differ", () => {
    const found = (differences[name] ?? []).map((text) => /^only in [AB]: rec (\S+)/.exec(text)?.[1] ?? text);
    expect(found.sort()).toEqual(different.flatMap((path) => [path, path]));
  });

  it("is equal for `rerun rrd compare`", () => {
    const files = [theirs, ours].map((side) => without(different, join(side, `${name}.rrd`))) as [string, string];
    rerunCompare(...files);
  });
});

/** A file without these entities. */
function without(paths: readonly string[], file: string): string {
  if (paths.length === 0) return file;
  const rest = `${file}.rest.rrd`;
  execFileSync(testRerun(), ["rrd", "filter", ...paths.flatMap((path) => ["--drop-entity", path]), file, "-o", rest]);
  return rest;
}
