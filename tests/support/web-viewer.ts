/** Rerun's web viewer in a Chromium without a display: what it asked of a server and what it drew. */
import type { Page, Request } from "playwright-core";
import { vi } from "vitest";
import { launchBrowser } from "./chromium.js";
import { freePort, untilListening } from "./ports.js";
import { startRealRerun } from "./running-program.js";

/** `grpc-status:0` ends the last frame of an answer over gRPC-web. */
const SUCCESS = "grpc-status:0\r\n";

export interface WebViewerVisit {
  /** Names of the calls whose answers the viewer read to their end, each once; those that failed end in `!`. */
  readonly calls: readonly string[];
  /** What the console told of requests that the browser refused (CORS), and warnings and errors of Rerun's own modules. */
  readonly complaints: readonly string[];
  /** A PNG. */
  readonly picture: Buffer;
}

/** Opens a `rerun+http://` URL in the web viewer, as the real command serves it from an origin of its own, and waits until what it draws `isWhole`. */
export async function visitWithWebViewer(url: string, isWhole: (picture: Buffer) => boolean): Promise<WebViewerVisit> {
  const [web, grpc] = [await freePort(), await freePort()];
  const ports = ["--port", String(grpc), "--web-viewer-port", String(web)];
  const rerun = startRealRerun(["--serve-web", "--bind", "127.0.0.1", ...ports]);
  try {
    await untilListening(web, rerun);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
      return await visit(page, `http://127.0.0.1:${web}/?renderer=webgl&url=${encodeURIComponent(url)}`, isWhole);
    } finally {
      await browser.close();
    }
  } finally {
    await rerun.stop();
  }
}

async function visit(page: Page, address: string, isWhole: (picture: Buffer) => boolean): Promise<WebViewerVisit> {
  const calls = new Set<string>();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (isComplaint(message.text())) complaints.push(message.text());
  });
  page.on("requestfinished", async (request) => {
    if (isCall(request)) calls.add(await outcome(request));
  });
  await page.goto(address);
  await vi.waitFor(() => {
    if (![...calls].some((call) => call.startsWith("FetchChunks"))) throw new Error(`no chunk was fetched: ${[...calls]}`);
  }, 60_000);
  return { picture: await wholePicture(page, isWhole), calls: [...calls], complaints };
}

function isCall(request: Request): boolean {
  return request.method() === "POST" && request.url().includes("/rerun.cloud.v1alpha1.RerunCloudService/");
}

async function outcome(request: Request): Promise<string> {
  const name = request.url().split("/").at(-1) ?? "";
  const response = await request.response();
  const isWeb = response?.headers()["content-type"] === "application/grpc-web+proto";
  return isWeb && (await response.body()).toString("latin1").endsWith(SUCCESS) ? name : `${name}!`;
}

function isComplaint(text: string): boolean {
  return /CORS|Access-Control|^\s*ERROR/.test(text) || (/^\s*WARN re_/.test(text) && !text.includes("Software rasterizer"));
}

function wholePicture(page: Page, isWhole: (picture: Buffer) => boolean): Promise<Buffer> {
  const take = async (): Promise<Buffer> => {
    const picture = await page.screenshot({ timeout: 60_000 });
    if (!isWhole(picture)) throw new Error("the web viewer does not draw what it shall");
    return picture;
  };
  return vi.waitFor(take, { timeout: 60_000, interval: 500 });
}
