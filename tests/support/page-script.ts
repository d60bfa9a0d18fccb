import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../../scripts/paths.mjs";

const scripts: Map<string, Promise<string>> = new Map();

/** A module of the repository and all it imports as one script for a page; made once. */
export function pageScript(entry: string): Promise<string> {
  const known = scripts.get(entry);
  if (known !== undefined) return known;
  const script = build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".css": "text", ".svg": "text", ".glsl": "text" },
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  }).then((result) => result.outputFiles[0]?.text ?? "");
  scripts.set(entry, script);
  return script;
}

/** The only page there is: nothing else can be fetched. */
const ADDRESS = "http://viewer.test/";

export interface DocumentOptions {
  /** Size of the window in pixels; default 900 × 700. */
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** HTML; default none. */
  readonly body?: string;
}

/**
 * A page that tests use one after the other, each in a document of its own with nothing left of the one before. A page for each would
 * be a process for each, which reads the script anew: half of what a test costs.
 */
export class ScriptedPage {
  readonly page: Page;
  /** Every console line and uncaught error since the document was made. */
  readonly said: string[] = [];
  #body = "";

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => this.said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.said.push(`error: ${error.message}`));
  }

  /** A page whose documents begin with a module of the repository. */
  static async open(browser: Browser, entry: string): Promise<ScriptedPage> {
    const opened = new ScriptedPage(await browser.newPage());
    const { page } = opened;
    // Some packages look at the document when they are loaded.
    await page.addInitScript(`addEventListener("DOMContentLoaded", () => {\n${await pageScript(entry)}\n});`);
    await page.route("**/*", (route) => {
      if (route.request().url() !== ADDRESS) return route.abort();
      const body = `<!doctype html><html lang="en"><body style="margin:0">${opened.#body}</body></html>`;
      return route.fulfill({ contentType: "text/html", body });
    });
    return opened;
  }

  async newDocument({ width = 900, height = 700, dark = false, body = "" }: DocumentOptions = {}): Promise<void> {
    this.#body = body;
    await this.page.mouse.move(width - 1, height - 1);
    await this.page.setViewportSize({ width, height });
    await this.page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await this.page.goto(ADDRESS);
    await this.page.evaluate(() => sessionStorage.clear());
    this.said.length = 0;
  }
}
