import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";

/** Names of the packages that a program has loaded at its end. */
function packagesLoadedBy(program: string): string[] {
  const report = `
    const names = Object.keys(require.cache).map((file) => /node_modules.((?:@[^\\\\/]+.)?[^\\\\/]+)/.exec(file)?.[1]);
    console.log(JSON.stringify([...new Set(names.filter((name) => name !== undefined))].sort()));`;
  const output = execFileSync(process.execPath, ["-e", program + report], { cwd: join(ROOT, "notebooks"), encoding: "utf8" });
  return JSON.parse(output.trim());
}

test("importing the package and logging load no other package: cells wait for an import", () => {
  const program = `
    const rr = require("rerun-ts");
    rr.init("late");
    rr.log("points", new rr.Points3D([[0, 0, 0]]), { static: true });`;
  expect(packagesLoadedBy(program)).toEqual([]);
});

test("packages are loaded when something of theirs is used", () => {
  const program = `
    const rr = require("rerun-ts");
    rr.init("late");
    const recording = rr.memoryRecording();
    rr.log("points", new rr.Points3D([[0, 0, 0]]), { static: true });
    recording.drainAsBytes();`;
  expect(packagesLoadedBy(program)).toContain("@bufbuild/protobuf");
});
