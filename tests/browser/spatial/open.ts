import type { Browser, Page } from "playwright-core";
import { listen, pageScript } from "../../support/page-script.js";

/** The types of `spatial`, which lives in the page. */
export type { SpatialPage } from "./page.js";

/** An empty page with `spatial` in it, and what it said to the console. */
export async function openSpatialPage(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number } = { width: 900, height: 700 },
): Promise<{ readonly page: Page; readonly said: string[] }> {
  const page = await browser.newPage({ viewport });
  const said = listen(page);
  await page.setContent(`<!doctype html><html lang="en"><body style="margin:0"></body></html>`);
  await page.addScriptTag({ content: await pageScript("tests/browser/spatial/page.tsx") });
  return { page, said };
}
