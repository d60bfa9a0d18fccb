import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { isRerunError } from "../../core/index.js";
import { FrameWriter } from "../frame-writer.js";
import { GrpcFrameReader } from "../grpc-frames.js";
import { raceAbort } from "../race-abort.js";
import { methodPath } from "../server/raw-stream.js";
import { authorizationFor } from "../token.js";
import { broken, cutShort, statusIn, throwUnlessOk, unreachable } from "./call-failures.js";
import { OwnMessageReader } from "./own-messages.js";
import { WebCalls } from "./web-calls.js";

/** How much a peer may send ahead of what is read: without it a far server gives one window of 64 KiB a round trip. */
const WINDOW_BYTES = 16 * 2 ** 20;
const CONNECT_TIMEOUT_MS = 10_000;
const PING_INTERVAL_MS = 30_000;
/** The answer waits behind what was sent before: megabytes in the kernel alone, which a slow server or network takes its time for. */
const PING_TIMEOUT_MS = 60_000;
const MAX_MESSAGE_BYTES = 2 ** 32 - 1;

export interface RpcChannelOptions {
  /** A JWT; it goes only to the hosts it names, see `authorizationFor`. */
  readonly token?: string;
  /** Headers of every call, such as `x-rerun-client-version`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 4 GiB, what gRPC can say. */
  readonly maxMessageBytes?: number;
}

export interface RawCallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call; it then fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The server ends the call after so long. Default: never. */
  readonly timeoutMs?: number;
}

export interface ReceiveOptions extends RawCallOptions {
  /** The message that is asked with. */
  readonly request: Uint8Array;
  /** Where in an answer, of which these are the first bytes, the data begin that should lie at a multiple of 8 in memory. */
  readonly dataAt?: (start: Uint8Array) => number;
}

/** A call that carries bytes. It may send and receive any number of messages, whatever its kind. */
export interface RawClientCall {
  /**
   * Sends one message in parts, see `FrameWriter.send`: await what it returns. After the call has failed it goes nowhere;
   * `responses` tells why.
   */
  send(...parts: readonly Uint8Array[]): Promise<void> | undefined;
  /** Ends what is sent. */
  end(): void;
  /**
   * Resolves when the peer's process has received all that was sent before; what it makes of it only its answer says.
   *
   * @throws RerunError `Unavailable` when the connection breaks
   */
  arrived(): Promise<void>;
  /**
   * The answers as they come, several at a time: views, to be copied by whoever keeps them. To be read to the end, or the call to
   * be cancelled.
   *
   * @throws RerunError for every status but OK, `Unavailable` when the connection breaks
   */
  readonly responses: AsyncIterable<readonly Uint8Array[]>;
  /** Ends the call at once; what was sent may be lost. Idempotent. */
  cancel(): void;
}

/** Connects when first used, pings, and connects anew after a break: the next call then goes over a new connection. */
function sessionsOf(origin: string): Http2SessionManager {
  const sessions = new Http2SessionManager(
    origin,
    { pingIntervalMs: PING_INTERVAL_MS, pingTimeoutMs: PING_TIMEOUT_MS },
    { settings: { initialWindowSize: WINDOW_BYTES }, timeout: CONNECT_TIMEOUT_MS },
  );
  const seen = new WeakSet<ClientHttp2Session>();
  const request = sessions.request.bind(sessions);
  // The library sets no window for the connection as a whole, and shows its session with its streams only.
  sessions.request = async (...args) => {
    const stream = await request(...args);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session !== undefined && !seen.has(session)) {
      seen.add(session);
      // Its calls tell of it. The library stops listening at the first error, and the next one would end the program.
      session.on("error", () => undefined);
      session.setLocalWindowSize(WINDOW_BYTES);
    }
    return stream;
  };
  return sessions;
}

/**
 * One connection to a server, for typed and for raw calls.
 *
 * ```ts
 * const channel = new RpcChannel("http://127.0.0.1:51234");
 * const client = createClient(RerunCloudService, channel.transport); // errors: pass them through rerunErrorOf
 * const call = await channel.open(RerunCloudService.method.fetchChunks, { timeoutMs: 300_000 });
 * ```
 */
export class RpcChannel {
  /** For `createClient` of Connect. */
  readonly transport: Transport;
  readonly #sessions: Http2SessionManager;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #maxMessageBytes: number;
  /** Until the server shows that it does not speak it. */
  #web: WebCalls | undefined;

  /**
   * @param origin `http://host:port` or `https://host:port`
   * @throws RerunError `Unauthenticated` for a token that is no JWT
   */
  constructor(origin: string, options: RpcChannelOptions = {}) {
    const { token, headers = {}, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
    const authorization = token === undefined ? undefined : authorizationFor(token, new URL(origin).hostname);
    this.#headers = authorization === undefined ? headers : { ...headers, authorization };
    this.#maxMessageBytes = maxMessageBytes;
    this.#sessions = sessionsOf(origin);
    this.#web = origin.startsWith("http:") ? new WebCalls(origin) : undefined;
    this.transport = createGrpcTransport({
      baseUrl: origin,
      sessionManager: this.#sessions,
      interceptors: [withHeaders(this.#headers)],
      readMaxBytes: Math.min(maxMessageBytes, MAX_MESSAGE_BYTES),
      acceptCompression: [],
    });
  }

  /**
   * Connects, unless it is connected. Who gives up waiting does not end it: others may wait too.
   *
   * @throws RerunError `Unavailable`; the reason of `signal`
   */
  async connect(signal?: AbortSignal): Promise<void> {
    if ((await raceAbort(this.#sessions.connect(), signal)) === "error")
      throw unreachable(this.#sessions.authority, this.#sessions.error());
  }

  /**
   * Begins a call of bytes.
   *
   * @throws RerunError `Unavailable` when the server cannot be reached
   */
  async open(method: DescMethod, options: RawCallOptions = {}): Promise<RawClientCall> {
    return rawCall(await this.#request(method, options), this.#context(options.signal));
  }

  /**
   * Makes a call of one question and hands each answer to `take`, in memory of its own: for large answers. A plain connection
   * carries it by gRPC-web, see `WebCalls`, where the server speaks that.
   *
   * @param take what it throws ends the call
   * @throws RerunError for every status but OK, `Unavailable` when the connection breaks; the reason of the signal
   */
  async receive(method: DescMethod, take: (message: Uint8Array) => void, options: ReceiveOptions): Promise<void> {
    const { request, headers, signal, timeoutMs, dataAt } = options;
    const own = { maxMessageBytes: this.#maxMessageBytes, dataAt };
    const call = { ...own, method, request, headers: { ...this.#headers, ...headers }, take, signal, timeoutMs };
    if ((await this.#web?.receive(call)) === true) return;
    const raw = rawCall(await this.#request(method, options), { ...this.#context(signal), reader: new OwnMessageReader(own) });
    const sent = raw.send(request);
    raw.end();
    await sent;
    for await (const messages of raw.responses) messages.forEach(take);
    this.#web?.close();
    this.#web = undefined;
  }

  async #request(method: DescMethod, options: RawCallOptions): Promise<ClientHttp2Stream> {
    const { signal, timeoutMs } = options;
    signal?.throwIfAborted();
    const headers: Record<string, string> = {
      ...this.#headers,
      ...options.headers,
      "content-type": "application/grpc",
      te: "trailers",
    };
    if (timeoutMs !== undefined) headers["grpc-timeout"] = `${Math.ceil(timeoutMs)}m`;
    const opening = this.#sessions.request("POST", methodPath(method), headers, {});
    try {
      return await raceAbort(opening, signal);
    } catch (error) {
      opening.then(
        (late) => late.close(8),
        () => undefined,
      );
      signal?.throwIfAborted();
      throw unreachable(this.#sessions.authority, error);
    }
  }

  #context(signal: AbortSignal | undefined): RawCallContext {
    return { reader: new GrpcFrameReader(this.#maxMessageBytes), sessions: this.#sessions, signal };
  }

  /** Ends the connection and the calls on it. Idempotent. */
  close(): void {
    this.#web?.close();
    this.#sessions.abort();
  }
}

interface RawCallContext {
  readonly reader: GrpcFrameReader | OwnMessageReader;
  readonly sessions: Http2SessionManager;
  readonly signal: AbortSignal | undefined;
}

function rawCall(stream: ClientHttp2Stream, context: RawCallContext): RawClientCall {
  const writer = new FrameWriter(stream);
  const cancel = (): void => {
    stream.close(8); // CANCEL
  };
  context.signal?.addEventListener("abort", cancel);
  stream.on("close", () => context.signal?.removeEventListener("abort", cancel));
  if (context.signal?.aborted === true) cancel();
  const head: { response?: IncomingHttpHeaders; trailers?: IncomingHttpHeaders; error?: Error } = {};
  stream.on("response", (headers) => {
    head.response = headers;
  });
  stream.on("trailers", (headers) => {
    head.trailers = headers;
  });
  stream.on("error", (error) => {
    head.error = error;
  });
  return {
    send: (...parts) => writer.send(...parts),
    end: () => {
      writer.flush();
      stream.end();
    },
    arrived: () => arrived(stream, writer),
    responses: responsesOf(stream, head, context),
    cancel,
  };
}

/** A peer answers a ping behind everything that came before it on the connection. */
async function arrived(stream: ClientHttp2Stream, writer: FrameWriter): Promise<void> {
  await writer.flushed();
  const { session } = stream;
  if (session === undefined || session.destroyed || stream.destroyed) throw broken("the connection was closed");
  await new Promise<void>((resolve, reject) => {
    const isSent = session.ping((error: Error | null) => {
      if (error === null) resolve();
      else reject(broken(error));
    });
    if (!isSent) reject(broken("too many questions to the peer are open"));
  });
}

async function* responsesOf(
  stream: ClientHttp2Stream,
  head: { readonly response?: IncomingHttpHeaders; readonly trailers?: IncomingHttpHeaders; readonly error?: Error },
  { reader, sessions, signal }: RawCallContext,
): AsyncGenerator<readonly Uint8Array[]> {
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      sessions.notifyResponseByteRead(stream);
      const frames = reader.take(chunk);
      if (frames.length > 0) yield frames.map(({ bytes }) => bytes);
    }
  } catch (error) {
    if (isRerunError(error)) throw error;
    signal?.throwIfAborted();
    if ((statusIn(head.trailers) ?? statusIn(head.response)) === undefined) throw broken(head.error ?? error);
  } finally {
    if (!stream.closed) stream.close(stream.readableEnded ? 0 : 8);
  }
  signal?.throwIfAborted();
  const status = statusIn(head.trailers) ?? statusIn(head.response);
  if (status === undefined) throw broken(head.error ?? httpFailure(head.response));
  throwUnlessOk(status);
  if (reader.isWithinMessage) throw cutShort();
}

function httpFailure(response: IncomingHttpHeaders | undefined): Error {
  const status = response?.[":status"];
  if (status === undefined) return new Error("the connection was closed");
  if (String(status) === "200" && response?.["content-type"]?.startsWith("application/grpc") === true) {
    return new Error("the server ended the connection within its answer");
  }
  return new Error(`the server answered HTTP ${status} without a status of gRPC`);
}

function withHeaders(headers: Readonly<Record<string, string>>): Interceptor {
  return (next) => (request) => {
    for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
    return next(request);
  };
}
