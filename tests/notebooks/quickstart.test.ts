import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { launchBrowser } from "../support/chromium.js";
import { rerunPrint, rerunVerify } from "../support/rerun-compare.js";
import { JupyterLab, makeWorkspace, runJupyter, setTheme, type Workspace } from "./jupyter-lab.js";
import { LabPage, type NotebookFile } from "./lab-page.js";

const NOTEBOOK = "quickstart.ipynb";
const PICTURES = join(ROOT, ".cache", "pictures");

let workspace: Workspace;
let lab: JupyterLab;
let browser: Browser;
let page: LabPage;
const notebook = JSON.parse(readFileSync(join(ROOT, "notebooks", NOTEBOOK), "utf8")) as NotebookFile;
const showCells = notebook.cells.flatMap((cell, i) =>
  [cell.source].flat().join("").includes("rr.show(") && cell.cell_type === "code" ? [i] : [],
);

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  workspace = makeWorkspace();
  setTheme(workspace, "light");
  lab = await JupyterLab.start(workspace);
  browser = await launchBrowser();
  page = await LabPage.open(browser, lab, NOTEBOOK);
  await page.runAll();
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
  workspace?.remove();
});

/** The state of both viewers, with data in their views. */
async function expectData(): Promise<void> {
  for (const cell of showCells) {
    const look = await page.viewerIn(cell);
    expect(look.views.length).toBeGreaterThan(1);
    const drawn = look.views.filter((view) => view.numColors > 20);
    expect([cell, drawn.length > 0]).toEqual([cell, true]);
  }
}

describe("the quickstart in JupyterLab", () => {
  it("is committed without outputs and shows one recording in two cells", () => {
    expect(showCells.length).toBe(2);
    expect(notebook.cells.flatMap((cell) => cell.outputs ?? [])).toEqual([]);
  });

  it("shows data in both viewers after Run All", async () => {
    await expectData();
    for (const [i, cell] of showCells.entries()) {
      await page.scrollToCell(cell);
      await page.page.screenshot({ path: join(PICTURES, `quickstart-light-${i}.png`) });
    }
  });

  it("prints only what its cells print on purpose", async () => {
    const { stdout, stderr } = await page.streams();
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^1707 earthquakes, the strongest of magnitude [\d.]+\nsaved .*quickstart\.rrd\n$/);
  });

  it("loads the viewer's code once and makes one WebGL context for all views", async () => {
    expect(await page.numContexts()).toBe(1);
    const keys = await page.page.evaluate(
      () => Object.getOwnPropertySymbols(window).filter((s) => Symbol.keyFor(s)?.startsWith("rerun-ts.viewer-code.")).length,
    );
    expect(keys).toBe(1);
  });

  it("writes nothing to the browser's console", () => {
    expect(page.problems).toEqual([]);
  });

  it("saves a recording that the real rerun verifies and lists", () => {
    const file = join(workspace.folder, "quickstart.rrd");
    rerunVerify(file);
    const listed = rerunPrint(file);
    for (const path of [
      "/earth/quakes",
      "/earth/globe",
      "/activity/strongest",
      "/news",
      "/volcano/surface",
      "/heights",
      "/photo",
      "/shares/AAPL",
      "/about",
    ]) {
      expect(listed).toContain(path);
    }
  });

  it("brings both viewers back after a reload of the page", async () => {
    await page.save();
    page.problems.length = 0;
    await page.reload();
    await expectData();
    expect(page.problems).toEqual([]);
  });

  it("shows them in the dark theme as well", async () => {
    await page.command("apputils:change-theme", { theme: "JupyterLab Dark" });
    await page.page.waitForTimeout(500);
    await expectData();
    for (const [i, cell] of showCells.entries()) {
      await page.scrollToCell(cell);
      await page.page.screenshot({ path: join(PICTURES, `quickstart-dark-${i}.png`) });
    }
    expect(page.problems).toEqual([]);
  });

  it("keeps the picture of the viewers in the exported notebook, without kernel and network", async () => {
    const args = ["nbconvert", "--to", "html", NOTEBOOK, "--output", "exported.html", "--log-level=ERROR"];
    await page.save();
    runJupyter(workspace, args);
    const context = await browser.newContext({ offline: true });
    try {
      const exported = await context.newPage();
      await exported.goto(`file://${join(workspace.folder, "exported.html")}`);
      const pictures = await exported.locator('[data-rerun-viewer="snapshot"] svg').all();
      expect(pictures.length).toBe(2);
      for (const [i, picture] of pictures.entries()) {
        const box = await picture.boundingBox();
        expect(box?.width).toBeGreaterThan(400);
        expect(box?.height).toBeGreaterThan(150);
        expect(await picture.locator("image").count()).toBeGreaterThan(0);
        await picture.screenshot({ path: join(PICTURES, `exported-${i}.png`) });
      }
    } finally {
      await context.close();
    }
  });

  it("says in the viewers that the kernel has stopped", async () => {
    await page.restartKernel();
    for (const cell of showCells) {
      const look = await page.viewerIn(cell, "disconnected");
      expect(look.text.toLowerCase()).toContain("kernel");
    }
  });
});
