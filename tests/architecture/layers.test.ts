import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayImport } from "../../scripts/layers.cjs";
import { ROOT } from "../../scripts/paths.mjs";

/** The rows of the layer table: folder → what it may import. */
function tableOfArchitecture(): Record<string, string[]> {
  const rows = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `([a-z]+)\/` \|[^|]*\| ([^|]*) \|[^|]*\|$/gm);
  return Object.fromEntries([...rows].map(([, folder, cell]) => [folder, cell === "–" ? [] : (cell ?? "").split(", ")]));
}

test("the layer table of ARCHITECTURE.md is the one that is enforced", () => {
  expect(tableOfArchitecture()).toEqual(mayImport);
});

test("imports go down only: every folder may import none but those above it in the table", () => {
  const folders = Object.keys(mayImport);
  const upward = folders.flatMap(
    (folder, index) => mayImport[folder]?.filter((target) => folders.indexOf(target) >= index) ?? [],
  );
  expect(upward).toEqual([]);
});
