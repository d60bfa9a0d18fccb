import type { DescMethod } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import { FRAME_HEAD_BYTES, writeFrameHead } from "../grpc-frames.js";
import { methodPath } from "../server/raw-stream.js";
import type { GrpcStatus } from "../status.js";
import { cutShort, statusIn, throwUnlessOk, unreachable } from "./call-failures.js";
import { Http1Connection } from "./http1-connection.js";
import type { Http1Head } from "./http1-response.js";
import { type OwnMessageOptions, OwnMessageReader } from "./own-messages.js";

/** More calls than that wait for their turn. */
const MAX_CONNECTIONS = 8;
/** How long a call may be silent that has no time-out. */
const IDLE_MS = 300_000;

/** One call that is answered by any number of messages. */
export interface WebCall extends OwnMessageOptions {
  readonly method: DescMethod;
  readonly request: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Hears each answer, in memory of its own. What it throws ends the call. */
  readonly take: (message: Uint8Array) => void;
  readonly signal: AbortSignal | undefined;
  /** The server ends the call after so long. */
  readonly timeoutMs: number | undefined;
}

/**
 * Calls by gRPC-web over HTTP/1.1 on plain connections, which are kept for the next calls. Large answers cost a sixth of what they do
 * over HTTP/2 with node:http2, and several connections keep a server busy that works on one for each.
 */
export class WebCalls {
  readonly #url: URL;
  readonly #idle: Http1Connection[] = [];
  #numCalls = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #open = new Set<Http1Connection>();
  #isClosed = false;

  /** @param origin `http://host:port` */
  constructor(origin: string) {
    this.#url = new URL(origin);
  }

  /**
   * Makes a call.
   *
   * @returns whether the server answered it; one that does not speak gRPC-web has taken no notice of it
   * @throws RerunError for every status but OK, `Unavailable` when the connection breaks; what `take` throws; the reason of the signal
   */
  async receive(call: WebCall): Promise<boolean> {
    await this.#turn(call.signal);
    try {
      return await this.#receive(call);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#numCalls -= 1;
      else next();
    }
  }

  async #receive(call: WebCall): Promise<boolean> {
    for (;;) {
      const connection = await this.#connection(call.signal);
      const { isUsed } = connection;
      try {
        const answer = await this.#ask(connection, call);
        // An idle connection may have been closed while the question was on its way.
        if (answer === "none" && isUsed) continue;
        return answer === "whole";
      } finally {
        this.#leave(connection);
      }
    }
  }

  /** Ends all calls. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#idle.length = 0;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
  }

  /** Waits until there is a connection for a call. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#numCalls < MAX_CONNECTIONS) {
      this.#numCalls += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(onTurn), 1);
        reject(signal?.reason);
      };
      const onTurn = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.push(onTurn);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  async #ask(connection: Http1Connection, call: WebCall): Promise<"whole" | "none" | "foreign"> {
    const reader = new OwnMessageReader(call);
    let status: GrpcStatus | undefined;
    const head = await connection.ask({
      head: requestHead(this.#url, call),
      body: [frameHead(call.request.length), call.request],
      signal: call.signal,
      idleMs: call.timeoutMs ?? IDLE_MS,
      onBody(part, { headers }) {
        if (!isGrpcWeb(headers)) return;
        for (const { isTrailer, bytes } of reader.take(part)) {
          if (isTrailer) status = statusIn(trailersOf(bytes));
          else call.take(bytes);
        }
      },
    });
    if (head === undefined) return "none";
    // A call that fails at once may have its status before the body.
    status ??= statusIn(Object.fromEntries(head.headers));
    if (status === undefined && !isGrpcWeb(head.headers)) return "foreign";
    if (status === undefined || reader.isWithinMessage) throw cutShort();
    throwUnlessOk(status);
    return "whole";
  }

  async #connection(signal: AbortSignal | undefined): Promise<Http1Connection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) if (idle.isUsable) return idle;
    const { hostname, port, host } = this.#url;
    let connection: Http1Connection;
    try {
      connection = await Http1Connection.open(hostname.replace(/^\[|\]$/g, ""), Number(port || 80), { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(host, error);
    }
    if (this.#isClosed) {
      connection.close();
      throw unreachable(host, new Error("the connection was closed"));
    }
    this.#open.add(connection);
    return connection;
  }

  #leave(connection: Http1Connection): void {
    if (connection.isUsable && !this.#isClosed) {
      this.#idle.push(connection);
    } else {
      connection.close();
      this.#open.delete(connection);
    }
  }
}

function requestHead(url: URL, { method, request, headers, timeoutMs }: WebCall): string {
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    "content-type": "application/grpc-web+proto",
    accept: "application/grpc-web+proto",
    "x-grpc-web": "1",
    "content-length": String(FRAME_HEAD_BYTES + request.length),
    ...(timeoutMs !== undefined && { "grpc-timeout": `${Math.ceil(timeoutMs)}m` }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  if (lines.some((line) => /[\r\n\0]/.test(line.slice(0, -2)))) {
    throw new RerunError("InvalidArgument", "a header of a call must be one line");
  }
  return `POST ${methodPath(method)} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

function frameHead(length: number): Uint8Array {
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  writeFrameHead(head, 0, 0, length);
  return head;
}

function isGrpcWeb(headers: Http1Head["headers"]): boolean {
  return headers.get("content-type")?.startsWith("application/grpc-web") === true;
}

/** `name: value` lines. */
function trailersOf(bytes: Uint8Array): Record<string, string> {
  const lines = new TextDecoder("latin1").decode(bytes).split(/\r?\n/);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
