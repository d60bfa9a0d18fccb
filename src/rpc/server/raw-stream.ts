import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { DescMethod } from "@bufbuild/protobuf";
import { RerunError, type WarningReporter } from "../../core/index.js";
import { FrameWriter } from "../frame-writer.js";
import { TRAILER_FLAG } from "../grpc-frames.js";
import { raceAbort } from "../race-abort.js";
import { Code, encodeGrpcMessage, type GrpcStatus, statusOf } from "../status.js";
import type { AnswerMemory, CallMemory } from "./answer-memory.js";
import { type Inbox, messageBatches } from "./inbox.js";

export type RpcRequest = IncomingMessage | Http2ServerRequest;
export type RpcResponse = ServerResponse<IncomingMessage> | Http2ServerResponse;

/** One call that carries bytes: what hot streams get instead of messages. */
export interface RawCall {
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the peer is gone, its deadline is over or the server ends. */
  readonly signal: AbortSignal;
  /**
   * The messages as they come, several at a time; they are views, to be copied by whoever keeps them. A peer whose messages are
   * not asked for is held back.
   *
   * @throws RerunError `LimitExceeded`, `InvalidData` for damaged frames
   */
  readonly requests: AsyncIterable<readonly Uint8Array[]>;
  /** Sends one message in parts, see `FrameWriter.send`: await what it returns. */
  send(...parts: readonly Uint8Array[]): Promise<void> | undefined;
  /** As `send`, for what is framed already (`writeFrameHead`): messages whose bytes are never there all at once. */
  sendBytes(...parts: readonly Uint8Array[]): Promise<void> | undefined;
  /** For what a handler holds of its answer. */
  readonly memory: CallMemory;
}

/** Answers a call. Resolving ends it well, an error becomes its status. */
export type RawHandler = (call: RawCall) => Promise<void>;

/** Who answers a call, over gRPC and gRPC-web. */
export interface RpcRoute {
  /** `/package.Service/Method` */
  readonly path: string;
  /** Whether the peer has to say something before it is answered: it may not wait with that. Default: false. */
  readonly hasOneRequest?: boolean;
  readonly handle: RawHandler;
}

/** Answers `method`, of any kind, with bytes. */
export function rawRoute(method: DescMethod, handle: RawHandler): RpcRoute {
  return { path: methodPath(method), hasOneRequest: hasOneRequest(method), handle };
}

export function hasOneRequest({ methodKind }: DescMethod): boolean {
  return methodKind === "unary" || methodKind === "server_streaming";
}

/** `/package.Service/Method` */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

export interface RawStreamOptions {
  readonly maxMessageBytes: number;
  readonly inbox: Inbox;
  /** A peer that owes the rest of a message is given up when nothing of it comes for so long. */
  readonly messageTimeoutMs: number;
  readonly answers: AnswerMemory;
  /** Aborts when the server ends. */
  readonly shutdown: AbortSignal;
  /** Hears of failures that are no errors of ours. */
  readonly warn: WarningReporter;
}

export function isGrpc(request: RpcRequest): boolean {
  return request.headers["content-type"]?.startsWith("application/grpc") === true;
}

function isGrpcWeb(request: RpcRequest): boolean {
  return request.headers["content-type"]?.startsWith("application/grpc-web") === true;
}

/** A call that has nothing to say until then is one that goes on. */
const BEGIN_MS = 100;

/** Runs a route's handler for a call and ends the call. Never rejects. */
export async function serveRaw(
  request: RpcRequest,
  response: RpcResponse,
  { handle, hasOneRequest = false }: RpcRoute,
  options: RawStreamOptions,
): Promise<void> {
  const abort = new AbortController();
  const onShutdown = (): void => abort.abort(new RerunError("Unavailable", "the server is shutting down"));
  options.shutdown.addEventListener("abort", onShutdown);
  if (options.shutdown.aborted) onShutdown();
  response.on("close", () => abort.abort(new RerunError("Closed", "the peer is gone")));
  const deadline = deadlineOf(request.headers["grpc-timeout"], () => {
    abort.abort(new RerunError("Timeout", "the call took longer than the caller allowed"));
  });
  const writer = new FrameWriter(response as ServerResponse);
  startResponse(request, response);
  // Clients of streams wait for the headers before they wait for messages.
  const begin = setTimeout(() => {
    if (!response.headersSent) (response as ServerResponse).flushHeaders();
  }, BEGIN_MS).unref();
  let status: GrpcStatus = { code: Code.Ok, message: "" };
  try {
    const requests = messageBatches(request, {
      ...options,
      isAwaited: hasOneRequest,
      end: (error) => abort.abort(error),
    });
    const work = handle({
      headers: request.headers,
      signal: abort.signal,
      requests,
      send: (...parts) => writer.send(...parts),
      sendBytes: (...parts) => writer.sendBytes(...parts),
      memory: options.answers.open((error) => {
        abort.abort(error);
        reset(response);
      }),
    });
    // A handler that does not look at the signal must not keep the call open.
    await raceAbort(work, abort.signal);
  } catch (error) {
    status = statusOf(error);
    if (status.code === Code.Internal) {
      options.warn({ code: "RpcFailed", message: `A call failed: ${status.message}: ${request.url}` });
    }
  } finally {
    clearTimeout(deadline);
    clearTimeout(begin);
    options.shutdown.removeEventListener("abort", onShutdown);
  }
  writer.flush();
  endResponse(request, response, writer, status);
}

/** Ends a call whose peer does not take what is written: also what is written goes. */
function reset(response: RpcResponse): void {
  // Peers read this as RESOURCE_EXHAUSTED.
  if ("stream" in response) response.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  else response.destroy();
}

function startResponse(request: RpcRequest, response: RpcResponse): void {
  response.statusCode = 200;
  response.setHeader("content-type", isGrpcWeb(request) ? "application/grpc-web+proto" : "application/grpc");
  response.setHeader("grpc-accept-encoding", "identity");
}

function endResponse(request: RpcRequest, response: RpcResponse, writer: FrameWriter, status: GrpcStatus): void {
  if (response.destroyed || response.writableEnded) return;
  const trailers: Record<string, string> = { "grpc-status": String(status.code) };
  if (status.message !== "") trailers["grpc-message"] = encodeGrpcMessage(status.message);
  if (isGrpcWeb(request)) {
    const text = Object.entries(trailers).map(([name, value]) => `${name}:${value}\r\n`);
    void writer.sendFrame(TRAILER_FLAG, [new TextEncoder().encode(text.join(""))]);
    writer.flush();
  } else if (response.headersSent) {
    (response as Http2ServerResponse).addTrailers(trailers);
  } else {
    // Without a message the status stands in the headers: Node sends no trailers after an empty body.
    for (const [name, value] of Object.entries(trailers)) response.setHeader(name, value);
  }
  response.end();
  leaveUnread(request, response);
}

/** The status is to be there before its stream is closed. */
const LEAVE_MS = 1000;

/** What the peer still sends is not read: over HTTP/2 its stream is closed, over HTTP/1.1 the rest is passed over. */
function leaveUnread(request: RpcRequest, response: RpcResponse): void {
  if (request.complete) return;
  request.resume();
  if (!("stream" in response)) return;
  const timer = setTimeout(() => response.stream.close(constants.NGHTTP2_NO_ERROR), LEAVE_MS).unref();
  response.once("close", () => clearTimeout(timer));
}

/** A call that is refused before anything is read: status and no message. */
export function refuse(request: RpcRequest, response: RpcResponse, error: unknown): void {
  const { code, message } = statusOf(error);
  startResponse(request, response);
  response.setHeader("grpc-status", String(code));
  if (message !== "") response.setHeader("grpc-message", encodeGrpcMessage(message));
  response.end();
  leaveUnread(request, response);
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
const MAX_TIMER_MS = 2 ** 31 - 1;

function deadlineOf(header: unknown, onTimeout: () => void): ReturnType<typeof setTimeout> | undefined {
  const match = typeof header === "string" ? /^(\d{1,8})([HMSmun])$/.exec(header) : null;
  if (match === null) return undefined;
  const ms = Number(match[1]) * (UNIT_MS[match[2] ?? "m"] ?? 1);
  return ms > MAX_TIMER_MS ? undefined : setTimeout(onTimeout, ms).unref();
}
