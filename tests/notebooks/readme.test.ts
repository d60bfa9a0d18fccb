import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, testCommand } from "../../scripts/paths.mjs";
import { codeBlocks } from "../support/markdown.js";
import { rerunPrint, rerunVerify } from "../support/rerun-compare.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly name?: string;
}

// Inside the repository, so that the kernel finds the package from the notebook's folder, as it does from notebooks/.
let folder: string;
let outputs: readonly Output[];
let frameOutputs: readonly Output[];

beforeAll(() => {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "readme-"));
  const cli = join(ROOT, "dist", "cli", "main.cjs");
  execFileSync(process.execPath, [cli, "jupyter", "install", "--prefix", folder], { cwd: ROOT, stdio: "pipe" });
  const blocks = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8")).filter((each) => each.language === "ts");
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const cells = blocks.slice(0, 2).map(({ text }, i) => ({
    id: `readme-${i}`,
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: text,
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
  writeFileSync(join(folder, "readme.ipynb"), JSON.stringify(notebook));
  const env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") };
  const args = ["nbconvert", "--to", "notebook", "--execute", "--inplace", "--log-level=ERROR", "readme.ipynb"];
  execFileSync(testCommand("jupyter"), args, { cwd: folder, env, stdio: "pipe", timeout: 120_000 });
  const executed = JSON.parse(readFileSync(join(folder, "readme.ipynb"), "utf8")).cells;
  [outputs, frameOutputs] = [executed[0].outputs, executed[1].outputs];
});
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test("the example of the README shows a viewer under the cell, and nothing else", () => {
  expect(outputs.map((output) => output.output_type)).toEqual(["display_data"]);
  expect(Object.keys(outputs[0]?.data ?? {})).toEqual(expect.arrayContaining([WIDGET, "text/html", "text/plain"]));
});

test("the example of the README writes a recording that the real Rerun verifies and lists", () => {
  const file = join(folder, "spiral.rrd");
  rerunVerify(file);
  const listed = rerunPrint(file);
  expect(listed).toContain("/spiral");
  expect(listed).toContain("/height");
});

test("the second example shows the recording's first rows as a table, and writes a Parquet file", () => {
  expect(frameOutputs.map((output) => output.output_type)).toEqual(["display_data"]);
  const html = String([frameOutputs[0]?.data?.["text/html"]].flat().join(""));
  expect(html).toContain(">/height<small>Scalars:scalars · list&lt;f64&gt;</small></th>");
  expect(html).toContain("10 of 100 rows");
  expect(readFileSync(join(folder, "spiral.parquet")).subarray(0, 4).toString()).toBe("PAR1");
});
