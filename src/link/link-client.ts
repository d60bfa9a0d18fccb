import type { Chunk } from "../chunk/index.js";
import { RerunError, type RerunErrorCode } from "../core/index.js";
import { decodeIndexDelta } from "./index-codec.js";
import {
  type HelloReply,
  type IndexDelta,
  type OfSegment,
  PROTOCOL_VERSION,
  REQUEST_TIMEOUT_MS,
  type Reply,
  type Request,
  type SegmentInfo,
  type SeriesReply,
  type Transport,
  WINDOW,
} from "./messages.js";
import { BlockAssembler, ChunkAssembler, type FetchedChunks, type ReplyAssembler } from "./reply-assembler.js";
import { decodeSegments } from "./segments-codec.js";
import { decodeSeries } from "./series-codec.js";

/** The clock that a client waits by. */
export interface LinkTimers {
  /** Calls `run` after that time. @returns what cancels it */
  after(timeoutMs: number, run: () => void): () => void;
}

export interface LinkClientOptions {
  /** Default: the machine's. */
  readonly timers?: LinkTimers;
  /** Numbers of requests start after this one; several clients of one transport need distinct numbers. Default 0. */
  readonly firstRequestId?: number;
}

export interface RequestOptions {
  /** Ends the wait: the promise rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Of which segment, when a dataset is shown. */
export interface SegmentRequestOptions extends RequestOptions, OfSegment {}

export interface ChunkRequestOptions extends SegmentRequestOptions {
  /** Hears of every chunk as soon as it is whole. */
  readonly onChunk?: (chunk: Chunk) => void;
}

/** A scalar series to be reduced to at most `buckets` points. Times are inclusive. */
export interface SeriesQuery {
  readonly entityPath: string;
  /** Component identifier. */
  readonly component: string;
  readonly timeline: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly buckets: number;
  /** Which value of a cell; default 0. */
  readonly instance?: number;
}

/** When the last part came but others did not: time for those that were overtaken, before the request is repeated. */
const GAP_TIMEOUT_MS = 1000;
/** The longest wait between two repetitions; each wait in silence is twice the one before. */
const MAX_TIMEOUT_MS = 60_000;

interface Exchange {
  readonly id: number;
  /** What to send, now or again. */
  readonly request: () => Request;
  /** Whether the reply is complete. */
  readonly accept: (reply: Reply, buffers: readonly Uint8Array[]) => boolean;
  readonly fail: (error: unknown) => void;
  timeoutMs: number;
  cancelTimer: (() => void) | undefined;
}

/**
 * The browser's side of the link: asks, puts replies together, and repeats what was not answered. At most `WINDOW`
 * requests are on their way; others wait in order.
 */
export class LinkClient {
  readonly #transport: Transport;
  readonly #timers: LinkTimers;
  readonly #active: Map<number, Exchange> = new Map();
  #queue: Exchange[] = [];
  #lastId: number;
  #isClosed = false;

  constructor(transport: Transport, options: LinkClientOptions = {}) {
    this.#transport = transport;
    this.#timers = options.timers ?? MACHINE_TIMERS;
    this.#lastId = options.firstRequestId ?? 0;
    transport.onMessage((message, buffers) => {
      if (message.kind === "reply") this.#receive(message, buffers);
      else if (message.kind === "closed") this.#end(message.reason);
      else if (message.kind === "waiting") this.#waitOn();
    });
    transport.onStatus((status) => {
      if (status === "closed") this.#end("the connection was closed");
    });
  }

  /** Which recording this is. @throws RerunError `Unsupported` when the other side speaks another protocol */
  hello(options: RequestOptions = {}): Promise<HelloReply> {
    const assembler = new BlockAssembler(({ hello }) => {
      if (hello === undefined) throw new RerunError("InvalidData", "The recording answered without saying what it is");
      return hello;
    });
    return this.#run((id) => ({ kind: "hello", id, protocol: PROTOCOL_VERSION }), assembler, options);
  }

  /** The segments of the dataset that is shown. */
  segments(options: RequestOptions = {}): Promise<SegmentInfo[]> {
    const assembler = new BlockAssembler((_, block) => decodeSegments(block));
    return this.#run((id) => ({ kind: "segments", id }), assembler, options);
  }

  /** What changed since that revision; 0 = everything. */
  index(sinceRevision: number, options: SegmentRequestOptions = {}): Promise<IndexDelta> {
    const assembler = new BlockAssembler((_, block) => decodeIndexDelta(block));
    return this.#run((id) => ({ kind: "index", id, sinceRevision, ...segmentOf(options) }), assembler, options);
  }

  /** Bodies of these chunks; those that exist no more are named in `missing`. One request: ask for a few MiB at a time. */
  chunks(chunkIds: readonly string[], options: ChunkRequestOptions = {}): Promise<FetchedChunks> {
    if (chunkIds.length === 0) return Promise.resolve({ chunks: [], missing: [] });
    const assembler = new ChunkAssembler(chunkIds, options.onChunk);
    const request = (id: number): Request => ({ kind: "chunks", id, chunkIds: assembler.waiting, ...segmentOf(options) });
    return this.#run(request, assembler, options);
  }

  /** A series for a plot. */
  series(query: SeriesQuery, options: SegmentRequestOptions = {}): Promise<SeriesReply> {
    const assembler = new BlockAssembler((_, block) => decodeSeries(block));
    const times = { from: `${query.from}`, to: `${query.to}` };
    return this.#run((id) => ({ ...query, ...times, kind: "series", id, ...segmentOf(options) }), assembler, options);
  }

  /** Ends every wait with `Closed`; the transport is left to its owner. Idempotent. */
  close(): void {
    this.#end("the viewer was closed");
  }

  #run<T>(request: (id: number) => Request, assembler: ReplyAssembler<T>, { signal }: RequestOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#isClosed) return reject(closedError("it was closed before"));
      const id = ++this.#lastId;
      const onAbort = () => {
        this.#remove(exchange);
        reject(signal?.reason);
      };
      const exchange: Exchange = {
        id,
        request: () => request(id),
        accept: (reply, buffers) => {
          const whole = assembler.add(reply, buffers);
          if (whole === undefined) return false;
          signal?.removeEventListener("abort", onAbort);
          resolve(whole);
          return true;
        },
        fail: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
        timeoutMs: REQUEST_TIMEOUT_MS,
        cancelTimer: undefined,
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(exchange);
      this.#sendNext();
    });
  }

  #sendNext(): void {
    while (this.#active.size < WINDOW) {
      const exchange = this.#queue.shift();
      if (exchange === undefined) return;
      this.#active.set(exchange.id, exchange);
      this.#send(exchange);
    }
  }

  #send(exchange: Exchange): void {
    // The timer first: an answer may come within the call.
    this.#await(exchange, exchange.timeoutMs);
    exchange.timeoutMs = Math.min(MAX_TIMEOUT_MS, 2 * exchange.timeoutMs);
    this.#transport.send(exchange.request());
  }

  #await(exchange: Exchange, timeoutMs: number): void {
    exchange.cancelTimer?.();
    exchange.cancelTimer = this.#timers.after(timeoutMs, () => {
      exchange.cancelTimer = undefined;
      this.#send(exchange);
    });
  }

  /** The other side waits as well: nothing was lost, there is no reason to ask again. */
  #waitOn(): void {
    for (const exchange of this.#active.values()) this.#await(exchange, exchange.timeoutMs);
  }

  #receive(reply: Reply, buffers: readonly Uint8Array[]): void {
    const exchange = this.#active.get(reply.id);
    if (exchange === undefined) return;
    try {
      if (reply.error !== undefined) {
        throw new RerunError(errorCode(reply.error.code), reply.error.message);
      }
      if (exchange.accept(reply, buffers)) this.#remove(exchange);
      else {
        exchange.timeoutMs = REQUEST_TIMEOUT_MS;
        this.#await(exchange, reply.last ? GAP_TIMEOUT_MS : REQUEST_TIMEOUT_MS);
      }
    } catch (error) {
      this.#remove(exchange);
      exchange.fail(error);
    }
  }

  #remove(exchange: Exchange): void {
    exchange.cancelTimer?.();
    exchange.cancelTimer = undefined;
    this.#active.delete(exchange.id);
    this.#queue = this.#queue.filter((other) => other !== exchange);
    if (!this.#isClosed) this.#sendNext();
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const exchanges = [...this.#active.values(), ...this.#queue];
    for (const exchange of exchanges) {
      this.#remove(exchange);
      exchange.fail(closedError(reason));
    }
  }
}

const MACHINE_TIMERS: LinkTimers = {
  after(timeoutMs, run) {
    const timer = setTimeout(run, timeoutMs);
    return () => clearTimeout(timer);
  },
};

function segmentOf({ segment }: OfSegment): OfSegment {
  return segment === undefined ? {} : { segment };
}

/** Without `Closed`, which says that this link is: what was asked about may be there again. */
const KNOWN_CODES: readonly RerunErrorCode[] = [
  "InvalidArgument",
  "InvalidData",
  "CorruptFile",
  "LimitExceeded",
  "NotFound",
  "Unsupported",
  "Unavailable",
  "Timeout",
];

function errorCode(text: string): RerunErrorCode {
  return KNOWN_CODES.find((code) => code === text) ?? "InvalidData";
}

function closedError(reason: string): RerunError {
  return new RerunError("Closed", `The recording does not answer any more: ${reason}`);
}
