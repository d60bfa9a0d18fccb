import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RerunError, type WarningReporter, warnOnce } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { CatalogClient } from "./catalog-client.js";

export interface ServerOptions extends WaitOptions {
  /** What to listen on. Default `127.0.0.1`: this machine only. */
  readonly host?: string | undefined;
  /** Default: any that is free. */
  readonly port?: number | undefined;
  /** Datasets to begin with, by name: a folder with recordings, or a list of files. */
  readonly datasets?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Tables that lie in folders as Lance, by name. */
  readonly tables?: Readonly<Record<string, string>> | undefined;
  /** Where the server keeps what it knows; one that is started there again serves the same. Default: nothing outlives the server. */
  readonly dataDir?: string | undefined;
  /** Hears what the server complains of. Default: printed once. */
  readonly warn?: WarningReporter | undefined;
}

/** The command, beside the bundle that this module is a part of. */
const COMMAND = new URL("../cli/main.cjs", import.meta.url);
const SHUTDOWN_MS = 10_000;

/**
 * A data platform of one's own: `rerun-ts server` as a process that ends with this one.
 *
 * ```ts
 * const server = await Server.start({ datasets: { drives: "/data/drives" } });
 * const client = await server.client();
 * const table = await (await client.getDataset("drives")).reader("frame").toArrow();
 * await server.shutdown();
 * ```
 */
export class Server {
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /**
   * Starts a server and waits until it listens and has the datasets.
   *
   * @throws RerunError `Unavailable` when it does not start (the port is taken, a folder is not there), with its reason;
   * `NotFound` for files that are not there
   */
  static async start(options: ServerOptions = {}): Promise<Server> {
    const { datasets = {}, signal } = options;
    signal?.throwIfAborted();
    const folders = Object.entries(datasets).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    const lists = Object.entries(datasets).filter((entry): entry is [string, readonly string[]] => typeof entry[1] !== "string");
    for (const file of lists.flatMap(([, files]) => files)) {
      if (!existsSync(file)) throw new RerunError("NotFound", `Server: the recording is not there: ${resolve(file)}`);
    }
    const process = startProcess(options, folders);
    try {
      const server = new Server(process, await addressOf(process, options));
      if (lists.length > 0) await server.#registerFiles(lists, signal);
      return server;
    } catch (error) {
      process.kill();
      throw error;
    }
  }

  /** For clients: `rerun+http://127.0.0.1:51234` */
  url(): string {
    return this.#url;
  }

  isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** A client of this server. @throws RerunError `Closed` when the server has ended */
  async client(options: WaitOptions = {}): Promise<CatalogClient> {
    if (!this.isRunning()) throw new RerunError("Closed", "The server has ended");
    return CatalogClient.connect(this.#url, options);
  }

  /** Ends the server: calls in hand are finished first. May be called twice. */
  async shutdown(): Promise<void> {
    if (!this.isRunning()) return;
    this.#process.ref();
    const ended = new Promise<void>((done) => this.#process.once("exit", () => done()));
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), SHUTDOWN_MS);
    await ended;
    clearTimeout(timer);
  }

  toString(): string {
    return `Server('${this.#url}'${this.isRunning() ? "" : ", ended"})`;
  }

  async #registerFiles(lists: readonly (readonly [string, readonly string[]])[], signal: AbortSignal | undefined): Promise<void> {
    const client = await this.client({ signal });
    try {
      for (const [name, files] of lists) {
        const dataset = await client.createDataset(name, { existOk: true, signal });
        const urls = files.map((file) => pathToFileURL(resolve(file)).href);
        await (await dataset.register(urls, { onDuplicate: "skip", signal })).wait({ signal });
      }
    } finally {
      await client.close();
    }
  }
}

function startProcess(options: ServerOptions, folders: readonly (readonly [string, string])[]): ChildProcess {
  const { host = "127.0.0.1", port = 0, tables = {}, dataDir } = options;
  const args = [fileURLToPath(COMMAND), "server", "--host", host, "--port", String(port)];
  for (const [name, folder] of folders) args.push("--dataset", `${name}=${resolve(folder)}`);
  for (const [name, folder] of Object.entries(tables)) args.push("--table", `${name}=${resolve(folder)}`);
  args.push(...(dataDir === undefined ? ["--ephemeral"] : ["--data-dir", resolve(dataDir)]));
  // The channel tells us the address, and the server when this process is gone.
  return spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
}

/** Until the server says where it listens; from then on it keeps nobody waiting. */
async function addressOf(child: ChildProcess, { signal, warn = warnOnce }: ServerOptions): Promise<string> {
  const said: string[] = [];
  let hear = (line: string): void => {
    said.push(line);
  };
  if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => hear(line));
  const url = await new Promise<string>((found, fail) => {
    const stop = (): void => fail(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    child.once("message", (message) => found((message as { readonly url: string }).url));
    child.once("error", fail);
    child.once("close", () =>
      fail(new RerunError("Unavailable", `The server did not start: ${said.join("\n") || "it said nothing"}`)),
    );
  });
  hear = (message) => warn({ code: "Server", message });
  for (const line of said) hear(line);
  child.unref();
  child.channel?.unref();
  (child.stderr as { unref?(): void } | null)?.unref?.();
  return url;
}
