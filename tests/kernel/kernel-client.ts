/** A Jupyter client on the zeromq that tslab brings: starts a real kernel and talks to it, without Python. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/paths.mjs";
import { buildFrames, type JsonObject, type KernelMessage, parseFrames } from "../../src/widget/kernel/frames.js";

interface ZmqSocket extends AsyncIterable<Uint8Array[]> {
  connect(address: string): void;
  close(): void;
  receiveHighWaterMark: number;
}
interface Dealer extends ZmqSocket {
  send(frames: readonly Uint8Array[]): Promise<void>;
}
interface Subscriber extends ZmqSocket {
  subscribe(): void;
}
interface Zmq {
  readonly Dealer: new () => Dealer;
  readonly Subscriber: new () => Subscriber;
}

const require = createRequire(import.meta.url);
const tslabPath = require.resolve("tslab/package.json");
const zmq = createRequire(tslabPath)("zeromq") as Zmq;

export interface CellResult {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Contents of `display_data` messages. */
  readonly displays: readonly { readonly data: Readonly<Record<string, unknown>> }[];
  /** Everything on iopub with this cell as parent. */
  readonly messages: readonly KernelMessage[];
}

export interface SendOptions {
  readonly buffers?: readonly Uint8Array[];
  readonly channel?: "shell" | "control";
  readonly metadata?: JsonObject;
}

type Listener = (message: KernelMessage) => void;

export class KernelClient {
  readonly process: ChildProcess;
  readonly #key: string;
  readonly #folder: string;
  readonly #sockets: { readonly shell: Dealer; readonly control: Dealer; readonly iopub: Subscriber };
  readonly #listeners: Set<Listener> = new Set();
  readonly #replies: Map<string, Listener> = new Map();

  private constructor(process: ChildProcess, key: string, folder: string, ports: Ports) {
    this.process = process;
    this.#key = key;
    this.#folder = folder;
    const connect = <T extends ZmqSocket>(socket: T, port: number): T => {
      socket.receiveHighWaterMark = 0;
      socket.connect(`tcp://127.0.0.1:${port}`);
      return socket;
    };
    this.#sockets = {
      shell: connect(new zmq.Dealer(), ports.shell_port),
      control: connect(new zmq.Dealer(), ports.control_port),
      iopub: connect(new zmq.Subscriber(), ports.iopub_port),
    };
    this.#sockets.iopub.subscribe();
    void this.#read(this.#sockets.iopub, (message) => {
      for (const listener of [...this.#listeners]) listener(message);
    });
    const onReply: Listener = (message) => this.#replies.get(String(message.parent.msg_id))?.(message);
    void this.#read(this.#sockets.shell, onReply);
    void this.#read(this.#sockets.control, onReply);
  }

  /** @param cwd folder the kernel runs in; default: notebooks/ of this repository, where the package resolves */
  static async start(
    options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly nodeArgs?: readonly string[] } = {},
  ): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), "rerun-ts-kernel-"));
    const key = randomUUID();
    const ports = await freePorts();
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify({ ...ports, ip: "127.0.0.1", transport: "tcp", key, signature_scheme: "hmac-sha256" }));
    const tslab = join(tslabPath, "..", "bin", "tslab");
    const child = spawn(process.execPath, [...(options.nodeArgs ?? []), tslab, "kernel", `--config-path=${file}`], {
      cwd: options.cwd ?? join(ROOT, "notebooks"),
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const client = new KernelClient(child, key, folder, ports);
    try {
      await client.#waitUntilReady();
    } catch (error) {
      await client.stop();
      throw error;
    }
    return client;
  }

  /** Runs a cell to its end: until its reply and its `idle` have come. */
  async execute(
    code: string,
    options: { readonly timeoutMs?: number; readonly metadata?: JsonObject } = {},
  ): Promise<CellResult> {
    const messages: KernelMessage[] = [];
    const idle = deferred<void>();
    const id = randomUUID();
    const off = this.onIopub((message) => {
      if (message.parent.msg_id !== id) return;
      messages.push(message);
      if (message.header.msg_type === "status" && message.content.execution_state === "idle") idle.resolve();
    });
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true };
    try {
      const reply = this.request("execute_request", content, { ...options, id });
      const [answer] = await Promise.all([reply, within(idle.promise, options.timeoutMs ?? 60_000, "idle of a cell")]);
      const text = (name: string) =>
        messages
          .filter((m) => m.header.msg_type === "stream" && m.content.name === name)
          .map((m) => String(m.content.text))
          .join("");
      const displays = messages.filter((m) => m.header.msg_type === "display_data").map((m) => m.content as never);
      return { status: String(answer.content.status), stdout: text("stdout"), stderr: text("stderr"), displays, messages };
    } finally {
      off();
    }
  }

  /** Until cells are run again: tslab aborts those that come within 200 ms of one that failed. */
  async untilCellsRun(): Promise<void> {
    while ((await this.execute("0")).status !== "ok") await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Sends a message and waits for its reply. */
  async request(
    type: string,
    content: JsonObject,
    options: SendOptions & { readonly timeoutMs?: number; readonly id?: string } = {},
  ): Promise<KernelMessage> {
    const id = options.id ?? randomUUID();
    const reply = deferred<KernelMessage>();
    this.#replies.set(id, reply.resolve);
    try {
      await this.send(type, content, { ...options, id });
      return await within(reply.promise, options.timeoutMs ?? 60_000, `reply to ${type}`);
    } finally {
      this.#replies.delete(id);
    }
  }

  /** @returns the id of the message */
  async send(
    type: string,
    content: JsonObject,
    options: SendOptions & { readonly id?: string; readonly key?: string } = {},
  ): Promise<string> {
    const { id = randomUUID(), channel = "shell", buffers = [], metadata = {}, key = this.#key } = options;
    const header = {
      msg_id: id,
      msg_type: type,
      username: "test",
      session: "test",
      date: new Date().toISOString(),
      version: "5.3",
    };
    await this.#sockets[channel].send(buildFrames({ identities: [], header, parent: {}, metadata, content, buffers }, key));
    return id;
  }

  /** Calls `listener` with every message on iopub; returns the function that ends it. */
  onIopub(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next message on iopub that `matches`. */
  async next(matches: (message: KernelMessage) => boolean, what: string, timeoutMs = 20_000): Promise<KernelMessage> {
    const found = deferred<KernelMessage>();
    const off = this.onIopub((message) => {
      try {
        if (matches(message)) found.resolve(message);
      } catch (error) {
        found.reject(error); // thrown on, it would end the reading of all messages
      }
    });
    try {
      return await within(found.promise, timeoutMs, what);
    } finally {
      off();
    }
  }

  /** Asks the kernel to end, as Jupyter does, and waits for it. @returns its exit code */
  async shutdown(): Promise<number | null> {
    const ended = once(this.process, "exit") as Promise<[number | null]>;
    await this.send("shutdown_request", { restart: false }, { channel: "control" });
    return (await within(ended, 20_000, "end of the kernel"))[0];
  }

  /** Frees everything, whatever state the kernel is in. */
  async stop(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #read(socket: ZmqSocket, onMessage: Listener): Promise<void> {
    for await (const frames of socket) onMessage(parseFrames(frames, this.#key));
  }

  async #waitUntilReady(): Promise<void> {
    let isHeard = false;
    const off = this.onIopub(() => {
      isHeard = true;
    });
    const endMs = performance.now() + 60_000;
    while (!isHeard) {
      if (this.process.exitCode !== null) throw new Error(`the kernel ended with ${this.process.exitCode}`);
      if (performance.now() > endMs) throw new Error("the kernel did not start within 60 s");
      // Until a subscription has reached the kernel its broadcasts are lost: ask again.
      await this.request("kernel_info_request", {}, { timeoutMs: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    off();
  }
}

type Ports = Record<"shell_port" | "iopub_port" | "control_port" | "stdin_port" | "hb_port", number>;

async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const [shell_port, iopub_port, control_port, stdin_port, hb_port] = servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === "object" && address !== null ? address.port : 0;
  }) as [number, number, number, number, number];
  return { shell_port, iopub_port, control_port, stdin_port, hb_port };
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

export function within<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing came within ${timeoutMs} ms`)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
