import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../../../scripts/paths.mjs";

/** The types of `spatial`, which lives in the page. */
export type { SpatialPage } from "./page.js";

let bundle: Promise<string> | undefined;

/** An empty page with `spatial` in it, and what it said to the console. */
export async function openSpatialPage(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number } = { width: 900, height: 700 },
): Promise<{ readonly page: Page; readonly said: string[] }> {
  bundle ??= build({
    entryPoints: [join(ROOT, "tests/browser/spatial/page.tsx")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "silent",
  }).then((result) => result.outputFiles[0]?.text ?? "");
  const page = await browser.newPage({ viewport });
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  await page.setContent(`<!doctype html><html lang="en"><body style="margin:0"></body></html>`);
  await page.addScriptTag({ content: await bundle });
  return { page, said };
}
