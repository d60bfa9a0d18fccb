import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeBinary, OTHER_NODE_VERSIONS } from "./node-binaries.js";
import { installPackedPackage, type PackedPackage } from "./packed-package.js";

let packed: PackedPackage;
beforeAll(() => {
  packed = installPackedPackage();
});
afterAll(() => packed?.remove());

function consume(node: string, program: string): unknown {
  const args = [program, join(packed.project, `${program}.rrd`)];
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: packed.project, encoding: "utf8", timeout: 60_000 });
  expect(status, stderr).toBe(0);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("import and require give the same objects", () => {
  const result = JSON.parse(execFileSync(process.execPath, ["one-instance.mjs"], { cwd: packed.project, encoding: "utf8" }));
  expect(result.different).toEqual([]);
  expect(result.shared).toBeGreaterThan(50);
});

describe.each([process.version.slice(1), ...OTHER_NODE_VERSIONS])("on Node %s", (version) => {
  const onThisPlatform = version === process.version.slice(1) || (process.platform === "linux" && process.arch === "x64");

  test.runIf(onThisPlatform).each(["round-trip.cjs", "round-trip.mjs"])(
    "%s logs, exports and re-reads a recording",
    (program) => {
      const node = version === process.version.slice(1) ? process.execPath : nodeBinary(version);
      expect(consume(node, program)).toEqual({ node: `v${version}`, rows: 3, chunks: true });
    },
  );
});
