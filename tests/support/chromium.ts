import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../scripts/paths.mjs";

/** Without a sandbox (containers have none), without calls home, and with GL in software. */
export const CHROMIUM_ARGS: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

/** This machine's Chromium. @throws when there is none */
export function chromiumPath(): string {
  const path = findChromium();
  if (path === undefined) throw new Error("No Chromium was found; RERUN_TS_CHROMIUM names one.");
  return path;
}

/** A Chromium without a display. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_ARGS] });
}
