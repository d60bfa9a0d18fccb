import type { Browser, Page } from "playwright-core";
import { listen, pageScript } from "../../support/page-script.js";
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

/** A new page; `body` is the HTML the viewers are put behind. */
export async function openPage(
  browser: Browser,
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly body?: string } = {},
): Promise<TestPage> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 900, height: options.height ?? 700 },
    colorScheme: options.dark === true ? "dark" : "light",
  });
  const said = listen(page);
  await page.route("**/*", (route) => {
    if (route.request().url() !== "http://viewer.test/") return route.abort();
    return route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><body style="margin:0">${options.body ?? ""}</body></html>`,
    });
  });
  await page.goto("http://viewer.test/");
  await page.addScriptTag({ content: await pageScript("tests/browser/harness/page.ts") });
  return { page, said };
}
