import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { launchBrowser } from "./harness/browser.js";

let browser: Browser;
let script: string;
let page: Page;
const said: string[] = [];
const loader = readFileSync(join(ROOT, "dist", "widget", "loader.js"), "utf8");

/** In place of the viewer: says that it is there, and what it was given. */
const VIEWER_PARTS = [
  "globalThis.numLoads = (globalThis.numLoads ?? 0) + 1;",
  "export function mount(el, model) { const p = document.createElement('p'); p.textContent = 'viewer of ' + model.get('viewer_options').height;",
  "el.append(p); return () => { p.remove(); globalThis.numUnmounts = (globalThis.numUnmounts ?? 0) + 1; }; }",
];

beforeAll(async () => {
  const result = await build({
    entryPoints: [join(ROOT, "tests/browser/widget/page.ts")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    loader: { ".css": "text", ".svg": "text" },
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  script = result.outputFiles[0]?.text ?? "";
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  await page?.close();
  said.length = 0;
  page = await browser.newPage();
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`));
  await page.setContent("<!doctype html><body></body>");
  await page.addScriptTag({ content: script });
});

/** Shows a widget in the page; its kernel loses the named parts of its first answer. */
function showWidget(numWidgets: number, numViews: number, lose: readonly number[] = []): Promise<readonly string[]> {
  return page.evaluate(
    async ([widgets, views, lost, esm, parts]) => {
      const kinds: string[] = [];
      let toLose = lost;
      const opened = Array.from({ length: widgets }, () =>
        widgetTest.open({ _esm: esm, bundle_key: "k1", viewer_options: { height: 123, theme: "auto" } }, (comm, data) => {
          kinds.push(data.content.request?.kind ?? "other");
          widgetTest.bundleAnswer(comm, data, parts, toLose);
          toLose = [];
        }),
      );
      Object.assign(globalThis, { opened, kinds });
      for (const widget of opened) for (let i = 0; i < views; i++) await widget.show();
      return kinds;
    },
    [numWidgets, numViews, lose, loader, VIEWER_PARTS] as const,
  );
}

const text = () => page.evaluate(() => document.body.textContent);
const numViewers = () => page.evaluate(() => document.querySelectorAll("p").length);
const waitForViewers = (count: number) => page.waitForFunction((n) => document.querySelectorAll("p").length === n, count);

describe("the widget's module in JupyterLab's widget classes", () => {
  it("shows a line until the viewer's code is there, then the viewer", async () => {
    await page.evaluate(
      ([esm]) =>
        widgetTest.open({ _esm: esm, bundle_key: "k1", viewer_options: { height: 123, theme: "auto" } }, () => {}).show(),
      [loader] as const,
    );
    await page.waitForSelector('[data-rerun-viewer="loading"]');
    expect(await text()).toContain("Loading the viewer");
    await showWidget(1, 1);
    expect(said).toEqual([]);
  });

  it("loads the code once for all views of all widgets of a page, in whatever order its parts come", async () => {
    await showWidget(3, 2);
    await waitForViewers(6);
    expect(await text()).toContain("viewer of 123");
    const counts = await page.evaluate(() => ({
      loads: (globalThis as never as { numLoads: number }).numLoads,
      kinds: (globalThis as never as { kinds: string[] }).kinds,
    }));
    expect(counts).toEqual({ loads: 1, kinds: ["bundle"] });
    expect(said).toEqual([]);
  });

  it("asks again when a part was lost", async () => {
    await showWidget(1, 1, [1]);
    await waitForViewers(1);
    const kinds = await page.evaluate(() => (globalThis as never as { kinds: string[] }).kinds);
    expect(kinds).toEqual(["bundle", "bundle"]);
  }, 30_000);

  it("frees the viewer when the host removes the view", async () => {
    await showWidget(1, 2);
    await waitForViewers(2);
    await page.evaluate(() => (globalThis as never as { opened: { removeViews(): void }[] }).opened[0]?.removeViews());
    await page.waitForFunction(() => (globalThis as never as { numUnmounts: number }).numUnmounts === 2);
    expect(await numViewers()).toBe(0);
    expect(said).toEqual([]);
  });

  it("keeps a viewer that is out of the page for a moment", async () => {
    await showWidget(1, 1);
    await waitForViewers(1);
    await page.evaluate(async () => {
      const output = document.body.lastElementChild;
      output?.remove();
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (output) document.body.append(output);
    });
    expect(await numViewers()).toBe(1);
    expect(await page.evaluate(() => (globalThis as never as { numUnmounts?: number }).numUnmounts ?? 0)).toBe(0);
  });

  it("says that the kernel does not run when the code cannot be had", async () => {
    await page.evaluate(
      async ([esm]) => {
        const widget = widgetTest.open({ _esm: esm, bundle_key: "k2", viewer_options: { height: 123, theme: "auto" } }, () => {
          throw new Error("Cannot send");
        });
        await widget.show();
      },
      [loader] as const,
    );
    await page.waitForSelector('[data-rerun-viewer="disconnected"]');
    expect(await text()).toContain("the kernel is not running");
  });
});
