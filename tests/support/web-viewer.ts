/** Rerun's web viewer in a Chromium without a display: what it asked of a server and what it drew. */
import type { Page, Request, Response } from "playwright-core";
import { vi } from "vitest";
import { launchBrowser } from "./chromium.js";
import { freePort, untilListening } from "./ports.js";
import { startRealRerun } from "./running-program.js";

/** `grpc-status:0` ends the last frame of an answer over gRPC-web. */
const SUCCESS = "grpc-status:0\r\n";

export interface WebViewerVisit {
  /** Names of the calls that were answered, each once; those that failed end in `!`. The viewer leaves most answers before their end. */
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
  page.on("response", (response) => {
    if (isCall(response.request())) calls.add(outcome(response));
  });
  page.on("requestfinished", async (request) => {
    if (isCall(request) && !(await endsWell(request))) calls.add(`${nameOf(request)}!`);
  });
  await page.goto(address);
  return { picture: await wholePicture(page, isWhole), calls: [...calls], complaints };
}

function isCall(request: Request): boolean {
  return request.method() === "POST" && request.url().includes("/rerun.cloud.v1alpha1.RerunCloudService/");
}

function nameOf(request: Request): string {
  return request.url().split("/").at(-1) ?? "";
}

/** An error without any message has its status among the headers. */
function outcome(response: Response): string {
  const headers = response.headers();
  const isGood = headers["content-type"] === "application/grpc-web+proto" && (headers["grpc-status"] ?? "0") === "0";
  return isGood ? nameOf(response.request()) : `${nameOf(response.request())}!`;
}

async function endsWell(request: Request): Promise<boolean> {
  const response = await request.response();
  return response !== null && (await response.body()).toString("latin1").endsWith(SUCCESS);
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
