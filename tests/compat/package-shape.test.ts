import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { installPackedPackage, type PackedPackage } from "./packed-package.js";

let packed: PackedPackage;
beforeAll(() => {
  packed = installPackedPackage();
});
afterAll(() => packed?.remove());

test("publint finds nothing to say", async () => {
  const pkg = JSON.parse(readFileSync(join(packed.folder, "package.json"), "utf8"));
  const { messages } = await publint({ pkgDir: packed.folder, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("every entry resolves to fitting types under every kind of module resolution", () => {
  const attw = join(ROOT, "node_modules", ".bin", "attw");
  const { status, stdout } = spawnSync(attw, [packed.tarball, "--no-definitely-typed", "--format", "ascii", "--no-emoji"], {
    encoding: "utf8",
  });
  expect(status, stdout).toBe(0);
});

test("the package holds what was built and the licences, and no sources or tests", () => {
  const files = execFileSync("tar", ["-tzf", packed.tarball], { encoding: "utf8" }).trim().split("\n");
  const strange = files.filter(
    (file) => !/^package\/(dist\/|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE-(MIT|APACHE)$)/.test(file),
  );
  expect(strange).toEqual([]);
  expect(files.filter((file) => /\.test\.|\.map$|(?<!\.d)\.tsx?$/.test(file))).toEqual([]);
  for (const file of [
    "dist/cjs/index.js",
    "dist/esm/index.js",
    "dist/cli/main.cjs",
    "dist/widget/viewer.js",
    "dist/widget/loader.js",
  ]) {
    expect(files).toContain(`package/${file}`);
  }
});

test("the command says its version", () => {
  const version = JSON.parse(readFileSync(join(packed.folder, "package.json"), "utf8")).version;
  const printed = execFileSync(process.execPath, [join(packed.folder, "dist", "cli", "main.cjs"), "--version"], {
    encoding: "utf8",
  });
  expect(printed).toContain(version);
});
