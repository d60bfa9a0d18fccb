import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rerunVerify } from "../support/rerun-compare.js";
import { makeWorkspace, runJupyter, type Workspace } from "./jupyter-lab.js";
import { type NotebookFile, streamsOf } from "./lab-page.js";

let workspace: Workspace;
let executed: NotebookFile & { readonly metadata: Readonly<Record<string, unknown>> };

beforeAll(() => {
  workspace = makeWorkspace();
  const options = ["--ExecutePreprocessor.store_widget_state=False", "--log-level=ERROR"];
  runJupyter(workspace, [
    "nbconvert",
    "--to",
    "notebook",
    "--execute",
    "quickstart.ipynb",
    "--output",
    "executed.ipynb",
    ...options,
  ]);
  executed = JSON.parse(readFileSync(join(workspace.folder, "executed.ipynb"), "utf8"));
});
afterAll(() => workspace?.remove());

describe("the quickstart run by nbconvert, without a browser", () => {
  it("runs to its end and prints nothing but its own lines", () => {
    const { stdout, stderr } = streamsOf(executed);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").length).toBe(2);
    expect(executed.cells.flatMap((cell) => cell.outputs ?? []).filter((o) => o.output_type === "error")).toEqual([]);
  });

  it("holds a still picture per viewer, each of at most 160 kB", () => {
    const pictures = executed.cells
      .flatMap((cell) => cell.outputs ?? [])
      .flatMap((o) => (o.data === undefined ? [] : [[o.data["text/html"] ?? ""].flat().join("")]));
    expect(pictures.length).toBe(2);
    for (const html of pictures) {
      expect(html).toContain("<svg");
      expect(html).toContain("earth");
      expect(html.length).toBeLessThan(160_000);
    }
  });

  it("leaves a complete recording", () => {
    const file = join(workspace.folder, "quickstart.rrd");
    expect(existsSync(file)).toBe(true);
    rerunVerify(file);
  });
});
