import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { launchBrowser } from "../support/chromium.js";
import { ScriptedPage } from "../support/page-script.js";
import type { KernelOptions } from "./widget/page.js";

let browser: Browser;
let scripted: ScriptedPage;
let page: Page;
let said: readonly string[];
const loader = readFileSync(join(ROOT, "dist", "widget", "loader.js"), "utf8");

/** In place of the viewer: says that it is there, and what it was given. */
const VIEWER_PARTS = [
  "globalThis.numLoads = (globalThis.numLoads ?? 0) + 1;",
  "export function mount(el, model) { const p = document.createElement('p'); p.textContent = 'viewer of ' + model.get('viewer_options').height;",
  "el.append(p); return () => { p.remove(); globalThis.numUnmounts = (globalThis.numUnmounts ?? 0) + 1; }; }",
];

beforeAll(async () => {
  browser = await launchBrowser();
  scripted = await ScriptedPage.open(browser, "tests/browser/widget/page.ts");
  ({ page, said } = scripted);
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(() => scripted.newDocument());

const STATE = { _esm: loader, bundle_key: "k1", viewer_options: { height: 123, theme: "auto" } };

/** Shows widgets in the page, each in so many views. */
async function showWidgets(numWidgets: number, numViews: number, kernel: Partial<KernelOptions> = {}): Promise<void> {
  await page.evaluate(
    async ([widgets, views, options, state]) => {
      widgetTest.setKernel(options);
      for (let i = 0; i < widgets; i++) await widgetTest.open(`widget-${i}`, state, views);
    },
    [numWidgets, numViews, { parts: VIEWER_PARTS, ...kernel }, STATE] as const,
  );
}

const counts = () =>
  page.evaluate(() => {
    const { numLoads = 0, numUnmounts = 0 } = globalThis as { numLoads?: number; numUnmounts?: number };
    return { loads: numLoads, unmounts: numUnmounts, kinds: widgetTest.kinds };
  });
const waitForUnmounts = (count: number) =>
  page.waitForFunction((n) => (globalThis as { numUnmounts?: number }).numUnmounts === n, count);
const text = () => page.evaluate(() => document.body.textContent);
const numViewers = () => page.evaluate(() => document.querySelectorAll("p").length);
const waitForViewers = (count: number) => page.waitForFunction((n) => document.querySelectorAll("p").length === n, count);

describe("the widget's module in JupyterLab's widget manager", () => {
  it("shows a line until the viewer's code is there, then the viewer", async () => {
    await showWidgets(1, 1, { lose: [0, 1, 2] });
    await page.waitForSelector('[data-rerun-viewer="loading"]');
    expect(await text()).toContain("Loading the viewer");
    await waitForViewers(1); // asked again
    expect(said).toEqual([]);
  }, 30_000);

  it("loads the code once for all views of all widgets of a page, in whatever order its parts come", async () => {
    await showWidgets(3, 2);
    await waitForViewers(6);
    expect(await text()).toContain("viewer of 123");
    expect(await counts()).toEqual({ loads: 1, unmounts: 0, kinds: ["bundle"] });
    expect(said).toEqual([]);
  });

  it("asks again when a part was lost", async () => {
    await showWidgets(1, 1, { lose: [1] });
    await waitForViewers(1);
    expect((await counts()).kinds).toEqual(["bundle", "bundle"]);
  }, 30_000);

  it("frees the viewers when the host removes the views", async () => {
    await showWidgets(1, 2);
    await waitForViewers(2);
    await page.evaluate(() => widgetTest.removeViews());
    await waitForUnmounts(2);
    expect(await numViewers()).toBe(0);
    expect(said).toEqual([]);
  });

  it("frees the viewers when the kernel closes the widget", async () => {
    await showWidgets(2, 2);
    await waitForViewers(4);
    await page.evaluate(() => widgetTest.closeWidget("widget-0"));
    await waitForUnmounts(2);
    expect(await numViewers()).toBe(2);
    expect(said).toEqual([]);
  });

  it("comes back on a page that was loaded anew", async () => {
    const kernel = { parts: VIEWER_PARTS, states: { old: STATE } };
    await page.evaluate(async (options) => {
      widgetTest.setKernel(options);
      await widgetTest.restore();
      await widgetTest.show("old");
    }, kernel);
    await waitForViewers(1);
    expect(await text()).toContain("viewer of 123");
    expect(said).toEqual([]);
  });

  it("keeps a viewer that is out of the page for a moment", async () => {
    await showWidgets(1, 1);
    await waitForViewers(1);
    await page.evaluate(async () => {
      const output = document.body.lastElementChild;
      output?.remove();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      if (output) document.body.append(output);
    });
    expect(await numViewers()).toBe(1);
    expect((await counts()).unmounts).toBe(0);
  });

  it("says that the kernel does not run when the code cannot be had", async () => {
    await showWidgets(1, 1, { stopped: true });
    await page.waitForSelector('[data-rerun-viewer="disconnected"]');
    expect(await text()).toContain("the kernel is not running");
  });
});
