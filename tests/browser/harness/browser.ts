import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium, ROOT } from "../../../scripts/paths.mjs";
import type { Harness } from "./page.js";

declare global {
  /** Set by the page's script. */
  var harness: Harness;
}

/** A page with the harness in it, and what it said to the console. */
export interface TestPage {
  readonly page: Page;
  /** Every console line and uncaught error so far. */
  readonly said: string[];
}

/** Our Chromium, without a display and with software GL. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("No Chromium found: set RERUN_TS_CHROMIUM");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
    ],
  });
}

let bundle: Promise<string> | undefined;

/** The harness and the viewer as one script. */
function harnessBundle(): Promise<string> {
  bundle ??= build({
    entryPoints: [join(ROOT, "tests/browser/harness/page.ts")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".css": "text", ".svg": "text", ".glsl": "text" },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  }).then((result) => result.outputFiles[0]?.text ?? "");
  return bundle;
}

/** A new page; `body` is the HTML the viewers are put behind. */
export async function openPage(
  browser: Browser,
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly body?: string } = {},
): Promise<TestPage> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 900, height: options.height ?? 700 },
    colorScheme: options.dark === true ? "dark" : "light",
  });
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  await page.route("**/*", (route) => {
    if (route.request().url() !== "http://viewer.test/") return route.abort();
    return route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><body style="margin:0">${options.body ?? ""}</body></html>`,
    });
  });
  await page.goto("http://viewer.test/");
  await page.addScriptTag({ content: await harnessBundle() });
  return { page, said };
}
