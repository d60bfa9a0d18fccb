/**
 * Blueprints that the examples in `docs/snippets` do not have, made here and by Rerun's Python SDK 0.41 (`tests/fixtures/blueprint`),
 * with the same ids. Those of the examples are compared in snippets.test.ts.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import * as rrb from "../../src/sdk/blueprint/index.js";
import { countingUuids } from "../support/counting-uuids.js";
import { rerunVerify } from "../support/rerun-compare.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-blueprint-"));
const cases: Readonly<Record<string, () => rrb.BlueprintLike>> = {
  views__tensor: () =>
    new rrb.Blueprint(
      new rrb.TensorView({
        name: "Tensor",
        origin: "tensor",
        sliceSelection: {
          width: { dimension: 1, invert: false },
          height: { dimension: 2, invert: true },
          indices: [
            { dimension: 2, index: 4 },
            { dimension: 3, index: 5 },
          ],
          slider: 2,
        },
        scalarMapping: { colormap: "turbo", gamma: 1.5, magFilter: "Linear" },
        viewFit: "Fill",
      }),
      { collapsePanels: true },
    ),
  archetypes__points2d_random: () => new rrb.Spatial2DView({ visualBounds: { xRange: [-4, 4], yRange: [-4, 4] } }),
  archetypes__grid_map_pose: () => new rrb.Spatial3DView({ overrides: { tf: new rr.TransformAxes3D(0.5, { showFrame: true }) } }),
};

let differences: Record<string, string[]> = {};

beforeAll(() => {
  rr.setStrictMode(true);
  const rowsBefore = process.env["RERUN_FLUSH_NUM_ROWS"];
  process.env["RERUN_FLUSH_NUM_ROWS"] = "0";
  for (const [name, make] of Object.entries(cases)) {
    rrb.setUuidSource(countingUuids());
    const made = make();
    const blueprint = made instanceof rrb.Blueprint ? made : new rrb.Blueprint(made);
    blueprint.save("app", join(folder, `${name}.rbl`));
    const reference = readFileSync(join(ROOT, "tests", "fixtures", "blueprint", `${name}.bp.rrd.gz`));
    writeFileSync(join(folder, `${name}.rrd`), gunzipSync(reference));
  }
  rrb.setUuidSource(undefined);
  rr.setStrictMode(false);
  if (rowsBefore === undefined) delete process.env["RERUN_FLUSH_NUM_ROWS"];
  else process.env["RERUN_FLUSH_NUM_ROWS"] = rowsBefore;
  const script = join(ROOT, "tests", "conformance", "tools", "compare_blueprints.py");
  differences = JSON.parse(
    execFileSync(testPython(), [script, folder, ...Object.keys(cases)], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  ) as typeof differences;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(Object.keys(cases))("the blueprint of %s is equal bit for bit, and the real rerun verifies it", (name) => {
  expect(differences[name]).toEqual([]);
  rerunVerify(join(folder, `${name}.rbl`));
});
