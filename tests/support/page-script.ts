import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
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

/** What the page says from now on: every console line and uncaught error. */
export function listen(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  return said;
}
