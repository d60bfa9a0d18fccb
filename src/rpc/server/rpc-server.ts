import { setMaxListeners } from "node:events";
import type { DescService } from "@bufbuild/protobuf";
import { RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { AnswerMemory } from "./answer-memory.js";
import { answerPreflight, corsPolicy, isPreflight } from "./cors.js";
import { Inbox } from "./inbox.js";
import { GRACE_MS, onePort } from "./one-port.js";
import { isGrpc, type RpcRequest, type RpcResponse, type RpcRoute, refuse, serveRaw } from "./raw-stream.js";
import { reflectionRoutes } from "./reflection.js";

/** A message larger than this is refused, unless a server says otherwise. */
export const MAX_MESSAGE_BYTES: number = 2 ** 30;
const MAX_ANSWER_BYTES = 256 * 2 ** 20;
const MESSAGE_TIMEOUT_MS = 30_000;
/** A call that says nothing takes some 28 kB (measured with 5 000 that watch for events). */
const MAX_CALLS = 8192;

export interface RpcServerOptions {
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** What the server tells of over reflection. */
  readonly services: readonly DescService[];
  /**
   * Who answers which call: `serviceRoutes` for typed handlers, `rawRoute` for hot ones; a later route of a call replaces an
   * earlier one. Calls without a route are UNIMPLEMENTED.
   */
  readonly routes: readonly RpcRoute[];
  /** Requests that are no calls, such as `GET /version`. Default: 404. */
  readonly http?: (request: RpcRequest, response: RpcResponse) => void;
  /** Headers of every answer. */
  readonly headers?: (request: RpcRequest) => Readonly<Record<string, string>>;
  /**
   * Throws to refuse a call, `Unauthenticated` or `PermissionDenied`. Comes before anything of the call is read. `path` is that of
   * the route, `/package.Service/Method`, whatever else the request's address says.
   */
  readonly authorize?: (request: RpcRequest, path: string) => void | Promise<void>;
  /** Pages that may call, beside those of localhost and rerun.io: `https://*.example.com`. */
  readonly corsAllowOrigin?: readonly string[];
  /** Default 1 GiB. */
  readonly maxMessageBytes?: number;
  /** For what peers have sent and nobody has taken, of all calls together. Default: two messages of the greatest size. */
  readonly maxInboxBytes?: number;
  /** For answers that peers have not taken yet, of all calls together. Default 256 MiB. */
  readonly maxAnswerBytes?: number;
  /** How long a peer may be silent within a message, or before the one message of a call. Default 30 s. */
  readonly messageTimeoutMs?: number;
  /** Calls in hand; more are refused. Default 8192. */
  readonly maxCalls?: number;
  /** See `OnePortOptions`. Default 20 s. */
  readonly headTimeoutMs?: number;
  /** Hears of failures that are no errors of ours. Default: prints once. */
  readonly warn?: WarningReporter;
}

/** A server that listens. */
export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** Aborts when `close` is called. */
  readonly shutdown: AbortSignal;
  /**
   * Takes no more calls, ends those that still run after `drainMs` (default 0) with UNAVAILABLE, and all connections. Idempotent.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
  /** Lets the process end while the server listens. */
  unref(): void;
}

/**
 * Serves gRPC (HTTP/2 without TLS), gRPC-web (both HTTPs) and plain HTTP on one port.
 *
 * ```ts
 * const server = await startRpcServer({
 *   port: 51234,
 *   services: [RerunCloudService],
 *   routes: [...serviceRoutes(RerunCloudService, { version: () => ({ version: "1.0" }) }), rawRoute(method, handle)],
 * });
 * ```
 * @throws RerunError `Unavailable` when the port cannot be listened on
 */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { host = "127.0.0.1", port } = options;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // Each call that runs listens.
  const { headTimeoutMs } = options;
  const ports = onePort(requestHandler(options, stop.signal), headTimeoutMs === undefined ? {} : { headTimeoutMs });
  await new Promise<void>((resolve, reject) => {
    ports.tcp.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "another program listens there already" : cause.message;
      reject(new RerunError("Unavailable", `The server cannot listen on ${host}:${port}: ${why}`, { cause }));
    });
    ports.tcp.listen(port, host, resolve);
  });
  const address = ports.tcp.address();
  return {
    host,
    port: typeof address === "object" && address !== null ? address.port : port,
    shutdown: stop.signal,
    close: async ({ drainMs = 0 } = {}) => {
      if (drainMs > 0) await endsWithin(drainMs, ports.close(drainMs + GRACE_MS));
      stop.abort(new RerunError("Unavailable", "the server is shutting down"));
      await ports.close();
    },
    unref: () => {
      ports.tcp.unref();
    },
  };
}

/** Waits for `ending`, but not longer than that. */
async function endsWithin(ms: number, ending: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([ending, timeout]);
  clearTimeout(timer);
}

function requestHandler(options: RpcServerOptions, shutdown: AbortSignal): (request: RpcRequest, response: RpcResponse) => void {
  const { http = notFound, warn = warnOnce, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  const { messageTimeoutMs = MESSAGE_TIMEOUT_MS, maxCalls = MAX_CALLS } = options;
  const inbox = new Inbox(options.maxInboxBytes ?? 2 * maxMessageBytes);
  const answers = new AnswerMemory(options.maxAnswerBytes ?? MAX_ANSWER_BYTES);
  const cors = corsPolicy(options.corsAllowOrigin ?? []);
  const routes = new Map([...reflectionRoutes(options.services), ...options.routes].map((route) => [route.path, route]));
  let numCalls = 0;
  const dispatch = (request: RpcRequest, response: RpcResponse): void => {
    const route = routes.get(pathOf(request));
    if (route === undefined) {
      refuse(request, response, new RerunError("Unsupported", `there is no call ${request.url}`));
    } else if (numCalls >= maxCalls) {
      refuse(request, response, new RerunError("LimitExceeded", `the server has ${maxCalls} calls in hand and takes no more`));
    } else {
      numCalls++;
      response.once("close", () => numCalls--);
      void serveRaw(request, response, route, { maxMessageBytes, messageTimeoutMs, inbox, answers, shutdown, warn });
    }
  };
  return (request, response) => {
    // A peer that goes is no error of ours.
    response.on("error", () => undefined);
    request.on("error", () => undefined);
    cors.addHeaders(request, response);
    for (const [name, value] of Object.entries(options.headers?.(request) ?? {})) response.setHeader(name, value);
    if (isPreflight(request)) {
      answerPreflight(request, response);
    } else if (!isGrpc(request)) {
      http(request, response);
    } else if (!cors.allows(request)) {
      refuse(
        request,
        response,
        new RerunError("PermissionDenied", `pages of ${request.headers.origin} may not call this server`),
      );
    } else if (options.authorize === undefined) {
      dispatch(request, response);
    } else {
      authorized(options.authorize, request).then(
        () => dispatch(request, response),
        (error: unknown) => refuse(request, response, error),
      );
    }
  };
}

async function authorized(authorize: NonNullable<RpcServerOptions["authorize"]>, request: RpcRequest): Promise<void> {
  await authorize(request, pathOf(request));
}

function pathOf(request: RpcRequest): string {
  const url = request.url ?? "";
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

function notFound(request: RpcRequest, response: RpcResponse): void {
  response.statusCode = 404;
  response.end();
  request.resume();
}
