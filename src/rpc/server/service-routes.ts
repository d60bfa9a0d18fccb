import type { IncomingHttpHeaders } from "node:http";
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodBiDiStreaming,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { decodeMessage } from "../decode-message.js";
import { firstMessage } from "../first-message.js";
import { hasOneRequest, type RawCall, type RpcRoute, rawRoute } from "./raw-stream.js";

/** What a handler knows of the call beside its messages. */
export interface CallContext {
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the peer is gone, its deadline is over or the server ends. */
  readonly signal: AbortSignal;
}

type Result<M extends DescMessage> = MessageInitShape<M> | Promise<MessageInitShape<M>>;
type Results<M extends DescMessage> = AsyncIterable<MessageInitShape<M>>;
type Requests<M extends DescMessage> = AsyncIterable<MessageShape<M>>;

/** A function that answers calls of one method. It throws a `RerunError` to answer with its status and message. */
export type MethodHandler<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, context: CallContext) => Result<O>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, context: CallContext) => Results<O>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: Requests<I>, context: CallContext) => Result<O>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: Requests<I>, context: CallContext) => Results<O>
          : never;

/** Handlers by the method's name in camelCase. What has none is UNIMPLEMENTED. */
export type ServiceHandlers<S extends DescService> = {
  readonly [K in keyof S["method"]]?: MethodHandler<S["method"][K]>;
};

/** What all handlers are to the code that calls them. */
type AnyHandler = (input: unknown, context: CallContext) => unknown;

/**
 * Answers a service's calls with typed handlers. Messages are decoded as the handler asks for them, and encoded as the peer takes
 * them.
 *
 * ```ts
 * serviceRoutes(RerunCloudService, { version: () => ({ version: "1.0" }), async *scanTable({ tableId }) { … } })
 * ```
 */
export function serviceRoutes<S extends DescService>(service: S, handlers: ServiceHandlers<S>): readonly RpcRoute[] {
  const byName = handlers as Readonly<Record<string, AnyHandler | undefined>>;
  return service.methods.flatMap((method) => {
    const handler = byName[method.localName];
    if (handler === undefined) return [];
    return [rawRoute(method, (call) => answer(method, handler.bind(handlers), call))];
  });
}

async function answer(method: DescMethod, handler: AnyHandler, call: RawCall): Promise<void> {
  const { headers, signal, memory } = call;
  const input = hasOneRequest(method)
    ? decodeMessage(method.input, await firstMessage(call.requests))
    : decodedAll(method.input, call.requests);
  const output = handler(input, { headers, signal });
  if (method.methodKind === "unary" || method.methodKind === "client_streaming") {
    await sendCounted(call, encoded(method.output, await output));
    return;
  }
  await memory.room(signal);
  for await (const message of output as AsyncIterable<unknown>) {
    if (signal.aborted) return;
    await sendCounted(call, encoded(method.output, message));
    await memory.room(signal);
  }
}

/** Counts what the peer has not taken at once. */
async function sendCounted({ memory, send }: RawCall, message: Uint8Array): Promise<void> {
  const pending = send(message);
  if (pending === undefined) return;
  memory.add(message.length);
  try {
    await pending;
  } finally {
    memory.give(message.length);
  }
}

async function* decodedAll(type: DescMessage, batches: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<unknown> {
  for await (const batch of batches) for (const bytes of batch) yield decodeMessage(type, bytes);
}

function encoded(type: DescMessage, message: unknown): Uint8Array {
  return toBinary(type, create(type, message as MessageInitShape<DescMessage>));
}
