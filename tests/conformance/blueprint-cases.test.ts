/** Blueprints with every view, property, container, panel and kind of override, and tables, made here and with the real SDK. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import * as rrb from "../../src/sdk/blueprint/index.js";
import { countingUuids } from "../support/counting-uuids.js";
import { rerunVerify, strictDifferences } from "../support/rerun-compare.js";
import * as cases from "./cases/blueprints.js";

const made = new Map(Object.entries(cases).map(([name, make]) => [snake(name), make]));
const names = [...made.keys()];
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-blueprints-"));
const ours = join(folder, "ours");
const theirs = join(folder, "theirs");
let differences: Readonly<Record<string, string[]>> = {};

beforeAll(() => {
  mkdirSync(ours);
  mkdirSync(theirs);
  const before = { ...process.env };
  process.env["RERUN_STRICT"] = "1";
  process.env["RERUN_FLUSH_NUM_ROWS"] = "0";
  rr.setStrictMode(true);
  for (const [name, make] of made) {
    rrb.setUuidSource(countingUuids());
    const blueprint = make();
    const saved = "save" in blueprint ? blueprint : new rrb.Blueprint(blueprint);
    saved.save("app", join(ours, `${name}.rrd`));
  }
  rrb.setUuidSource(undefined);
  rr.setStrictMode(false);
  const script = join(ROOT, "tests", "conformance", "python", "blueprint_cases.py");
  const logged = execFileSync(testPython(), [script, theirs], { encoding: "utf8" });
  process.env = before;
  expect(logged.trim().split(" ").sort()).toEqual([...names].sort());
  differences = strictDifferences(theirs, ours, names);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(names)("the blueprint %s", (name) => {
  it("is equal bit for bit", () => {
    expect(differences[name]).toEqual([]);
  });

  it("passes `rerun rrd verify`", () => {
    rerunVerify(join(ours, `${name}.rrd`));
  });
});

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
