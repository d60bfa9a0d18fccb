/**
 * A Chromium page driven by its debugging protocol with `Runtime` alone: other tools also switch on `Network`, which copies
 * every WebSocket message to them and slows bulk data about ten times.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHROMIUM_ARGS, chromiumPath } from "../tests/support/chromium.js";

interface Socket {
  on(event: "message", listener: (data: Buffer) => void): void;
  on(event: "open", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  send(text: string): void;
  close(): void;
}
/** Node 20 has no WebSocket of its own; the one that JupyterLab's services use. */
const { WebSocket } = createRequire(createRequire(import.meta.url).resolve("@jupyterlab/services"))("ws") as {
  readonly WebSocket: new (url: string, options: object) => Socket;
};

interface Answer {
  readonly id?: number;
  readonly result?: {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
  };
  readonly error?: { readonly message: string };
}

export class CdpPage {
  readonly #chromium: ChildProcess;
  readonly #socket: Socket;
  readonly #profile: string;
  readonly #waiting: Map<number, (answer: Answer) => void> = new Map();
  #lastId = 0;

  private constructor(chromium: ChildProcess, socket: Socket, profile: string) {
    this.#chromium = chromium;
    this.#socket = socket;
    this.#profile = profile;
    socket.on("message", (data) => {
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  static async open(url: string): Promise<CdpPage> {
    const profile = mkdtempSync(join(tmpdir(), "rerun-ts-bench-"));
    const own = ["--headless=new", "--window-size=1280,1000", `--user-data-dir=${profile}`, "--remote-debugging-port=0"];
    const args = [...CHROMIUM_ARGS, ...own, url];
    const chromium = spawn(chromiumPath(), args, { stdio: ["ignore", "ignore", "pipe"] });
    try {
      const port = await debuggingPort(chromium);
      const socket = new WebSocket(await pageSocket(port), { maxPayload: 2 ** 30, perMessageDeflate: false });
      await new Promise<void>((resolve, reject) => {
        socket.on("open", resolve);
        socket.on("error", reject);
      });
      return new CdpPage(chromium, socket, profile);
    } catch (error) {
      chromium.kill("SIGKILL");
      throw error;
    }
  }

  /** The value of an expression in the page, awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const fault = answer.result?.exceptionDetails;
    if (fault !== undefined) throw new Error(fault.exception?.description ?? fault.text);
    return answer.result?.result?.value;
  }

  /** Until the expression is true. */
  async waitFor(expression: string, timeoutMs = 150_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    while ((await this.evaluate(`Boolean(${expression})`).catch(() => false)) !== true) {
      if (performance.now() > end) {
        const text = await this.evaluate("document.body.innerText.slice(0, 500)").catch(String);
        throw new Error(`not true within ${timeoutMs} ms: ${expression}\n${String(text)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async close(): Promise<void> {
    this.#socket.close();
    const ended = once(this.#chromium, "exit");
    this.#chromium.kill("SIGTERM"); // so that it ends its helpers, which write into the profile
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #call(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) => {
        this.#waiting.delete(id);
        if (answer.error !== undefined) reject(new Error(answer.error.message));
        else resolve(answer);
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

function debuggingPort(chromium: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("Chromium did not start within 30 s")), 30_000);
    chromium.stderr?.on("data", (data: Buffer) => {
      text += data.toString();
      const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
  });
}

async function pageSocket(port: string): Promise<string> {
  for (;;) {
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const page = pages.find((each) => each.type === "page");
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
