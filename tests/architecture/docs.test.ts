import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { codeBlocks } from "../support/markdown.js";
import { faultsInCells } from "../support/tslab-typescript.js";

const docs = existsSync(join(ROOT, "docs")) ? readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }) : [];
const files = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", ...docs.map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);

/** Languages of code blocks that are looked at here; any other would go unchecked. */
const CHECKED_LANGUAGES = ["ts", "sh", "text"];

describe.each(files)("%s", (name) => {
  const markdown = readFileSync(join(ROOT, name), "utf8");
  const blocks = codeBlocks(markdown);

  test("has only code blocks that are checked", () => {
    expect(blocks.filter((block) => !CHECKED_LANGUAGES.includes(block.language))).toEqual([]);
  });

  test("its TypeScript compiles in a notebook cell", () => {
    const cells = blocks.filter((block) => block.language === "ts");
    const faults = cells.flatMap((block) => {
      const file = join(ROOT, "notebooks", `${name.replaceAll("/", "-")}-line-${block.line}.ts`);
      return faultsInCells(new Map([[file, `export {};${block.text}`]]), join(ROOT, "notebooks"));
    });
    expect(faults).toEqual([]);
  });

  test("its npm commands exist", () => {
    const scripts = Object.keys(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts);
    const named = [...markdown.matchAll(/\bnpm run ([a-z][a-z0-9:-]*)/g)].map((match) => match[1]);
    expect(named.filter((script) => !scripts.includes(script ?? ""))).toEqual([]);
  });

  test("its links inside the repository lead somewhere", () => {
    const folder = join(ROOT, name, "..");
    const targets = [...markdown.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? "");
    expect(targets.filter((target) => !existsSync(join(folder, target)))).toEqual([]);
  });
});
