import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { faultsInCells } from "../support/tslab-typescript.js";

const FOLDER = join(ROOT, "docs", "snippets");
const snippets = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]),
);

test("the examples compile in a notebook cell", () => {
  const files = new Map([...snippets].map(([name, text]) => [join(FOLDER, name), text]));
  expect(faultsInCells(files, FOLDER)).toEqual([]);
});

test("each example begins with a line that says what it shows, and the index has that line", () => {
  const index = readFileSync(join(FOLDER, "README.md"), "utf8");
  const titles = [...snippets].map(([name, text]) => [name, /^\/\/ (.+)\n/.exec(text)?.[1]]);
  const expected = titles.map(([name, title]) => `| [${name?.replace(".ts", "")}](${name}) | ${title} |`);
  expect(index.split("\n").filter((line) => line.startsWith("| ["))).toEqual(expected);
});
