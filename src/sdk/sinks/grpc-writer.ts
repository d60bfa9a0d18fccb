import { isRerunError, RerunError, type StoreId } from "../../core/index.js";
import { MessageProxyService } from "../../protos/proxy.js";
import { logMsgOfFrame, type RawClientCall, RpcChannel } from "../../rpc/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import { encodeSinkMessage } from "./encode-sink-message.js";
import { Answer, type Outgoing, Receipts } from "./grpc-receipts.js";
import { addedCounts, type Count, countOf, describeCount } from "./loss.js";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import type { SinkMessage } from "./sink-message.js";

export interface GrpcWriterOptions {
  /** `http://host:port` */
  readonly origin: string;
  /** The address as the user knows it. */
  readonly url: string;
  readonly storeId: StoreId;
  /** How long `flush` goes without a connection, and the end without progress. Default: as Rerun's, 6 s and 5 s. */
  readonly patienceMillis?: number | undefined;
  readonly reporter: SinkReporter;
}

/** What may be under way to a receiver that takes it: more waits at the recording. */
const WINDOW_BYTES = 4 * 2 ** 20;
/** What is kept for a receiver that cannot be reached: beyond it the oldest is lost. */
const UNREACHABLE_BYTES = 100 * 2 ** 20;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2000;
const UNREACHABLE_MS = 6000;
const END_MS = 5000;
/** How long the end waits for the last word of a receiver that has everything. */
const LAST_WORD_MS = 500;
/** A receiver that takes nothing for so long is behind. */
const BEHIND_MS = 2000;
const LOOK_MS = 500;
const NOTHING: Count = { numChunks: 0, numRows: 0, numBytes: 0 };

/**
 * Sends a recording to a message proxy, and goes on after the connection broke.
 *
 * What was sent is kept until the receiver has it: after a break it is sent again, and the receiver knows chunks by their ids.
 */
export class GrpcWriter implements SinkEndpoint {
  readonly #options: GrpcWriterOptions;
  readonly #channel: RpcChannel;
  readonly #encoder = new RrdEncoder({ writeFooter: false });
  /** Announced again to every receiver. */
  readonly #storeIds: StoreId[] = [];
  #pending: Outgoing[] = [];
  /** Sent, and not known to have arrived. */
  #sent: Outgoing[] = [];
  #numBytes = 0;
  /** What the present receiver has. */
  #arrived: Count = NOTHING;
  #unreachableSince: number | undefined;
  #progressAt = performance.now();
  #isEnding = false;
  #isOver = false;
  #waiting: (() => void)[] = [];
  readonly #pumping: Promise<void>;

  constructor(options: GrpcWriterOptions) {
    this.#options = options;
    this.#channel = new RpcChannel(options.origin);
    this.#storeIds.push(options.storeId);
    // Comes once more with each connection; an encoder begins with it.
    this.#encoder.start({ storeId: options.storeId, source: SOURCE });
    this.#pumping = this.#pump();
  }

  take(messages: readonly SinkMessage[]): void | Promise<void> {
    for (const message of messages) {
      const outgoing = this.#encode(message);
      this.#pending.push(outgoing);
      this.#numBytes += outgoing.numBytes;
    }
    this.#dropBeyond();
    this.#notify();
    return this.#hasRoom() ? undefined : this.#room();
  }

  /** @throws RerunError `SinkFailed` when the receiver cannot be reached; what waits is kept */
  async flush(): Promise<void> {
    const { patienceMillis = UNREACHABLE_MS } = this.#options;
    while (!this.#isOver && this.#isBusy()) {
      const since = this.#unreachableSince;
      if (since !== undefined && performance.now() - since > patienceMillis) {
        const why = `there was no connection for ${patienceMillis / 1000} s, it is tried again`;
        throw new RerunError("SinkFailed", `${describeCount(this.#underWay())} not sent: ${why}: ${this.#options.url}`);
      }
      await this.#changed(LOOK_MS);
    }
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    this.#progressAt = performance.now();
    this.#notify();
    const { patienceMillis = END_MS } = this.#options;
    while (!this.#isOver) {
      const left = this.#progressAt + (this.#isBusy() ? patienceMillis : LAST_WORD_MS) - performance.now();
      if (left <= 0) break;
      await this.#changed(left);
    }
    this.#isOver = true;
    this.#channel.close();
    this.#notify();
    await this.#pumping;
    const isReached = this.#unreachableSince === undefined;
    this.#lose(this.#underWay(), isReached ? "the receiver took no more" : "there was no connection");
  }

  /** Connects and sends, until the end. */
  async #pump(): Promise<void> {
    for (let backoffMs = MIN_BACKOFF_MS; !this.#isOver; backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS)) {
      const before = this.#arrived;
      try {
        await this.#sendAll(await this.#channel.open(MessageProxyService.method.writeMessages));
        return;
      } catch (error) {
        if (this.#isOver) return;
        if (this.#arrived !== before) backoffMs = MIN_BACKOFF_MS;
        this.#noteBreak(error);
      }
      await this.#changed(backoffMs, { evenIfNotified: true });
    }
  }

  /** Sends what is there and what comes. Resolves after the end; rejects when the call breaks. */
  async #sendAll(call: RawClientCall): Promise<void> {
    const answer = new Answer(call, () => this.#notify());
    const receipts = new Receipts(call, (outgoing) => this.#noteArrived(outgoing));
    for (const storeId of this.#storeIds) {
      await call.send(...logMsgOfFrame(this.#encoder.start({ storeId, source: SOURCE })));
    }
    for (;;) {
      answer.check();
      receipts.check();
      const next = this.#pending.shift();
      if (next !== undefined) {
        this.#sent.push(next);
        await call.send(...next.parts);
        this.#progressAt = performance.now();
        receipts.add(next);
      } else if (this.#isEnding && !this.#isOver) {
        call.end();
        receipts.ask();
        await answer.whole;
        for (const outgoing of [...this.#sent]) this.#noteArrived(outgoing);
        this.#isOver = true;
        this.#notify();
        return;
      } else {
        receipts.ask();
        await this.#changed(LOOK_MS);
      }
    }
  }

  #noteArrived(outgoing: Outgoing): void {
    const i = this.#sent.indexOf(outgoing);
    if (i < 0) return;
    const arrived = this.#sent.splice(0, i + 1);
    for (const { numBytes, count } of arrived) {
      this.#numBytes -= numBytes;
      this.#arrived = addedCounts(this.#arrived, count);
    }
    this.#unreachableSince = undefined;
    this.#progressAt = performance.now();
    this.#notify();
  }

  #noteBreak(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const { url, reporter } = this.#options;
    this.#pending = [...this.#sent, ...this.#pending];
    this.#sent = [];
    if (isRerunError(error, "InvalidArgument", "LimitExceeded")) {
      // Sent again it would be refused again.
      const refused = this.#pending;
      this.#pending = [];
      this.#numBytes = 0;
      this.#lose(countOutgoing(refused), `the receiver refused it: ${why}`);
    }
    if (this.#unreachableSince === undefined) {
      this.#unreachableSince = performance.now();
      const sent =
        this.#arrived.numChunks === 0 ? "" : ` ${describeCount(this.#arrived)} sent before: a new receiver lacks them.`;
      const message = `No connection to the receiver: ${why}.${sent} It is tried again, what is logged waits: ${url}`;
      reporter.warn({ code: "SinkFailed", message });
      this.#arrived = NOTHING;
    }
    this.#dropBeyond();
    this.#notify();
  }

  /** Without a receiver, only so much is kept. */
  #dropBeyond(): void {
    if (this.#unreachableSince === undefined || this.#numBytes <= UNREACHABLE_BYTES) return;
    let numDropped = 0;
    for (let size = this.#numBytes; size > UNREACHABLE_BYTES; numDropped++) size -= this.#pending[numDropped]?.numBytes ?? size;
    const dropped = this.#pending.splice(0, numDropped);
    for (const { numBytes } of dropped) this.#numBytes -= numBytes;
    this.#lose(countOutgoing(dropped), "there was no connection, and more was logged than is kept for the receiver");
  }

  #lose(count: Count, reason: string): void {
    if (count.numChunks === 0) return;
    const { reporter, url } = this.#options;
    reporter.lost({ ...count, reason });
    reporter.warn({ code: "SinkFailed", message: `Data of the recording were lost: ${reason}: ${url}` });
  }

  #encode(message: SinkMessage): Outgoing {
    if (message.kind === "store") this.#storeIds.push(message.storeId);
    const count = message.kind === "chunk" ? countOf([message.chunk]) : NOTHING;
    const parts = logMsgOfFrame(encodeSinkMessage(this.#encoder, message));
    return { parts, count, numBytes: parts.reduce((size, part) => size + part.length, 0) };
  }

  #isBusy(): boolean {
    return this.#pending.length + this.#sent.length > 0;
  }

  #underWay(): Count {
    return countOutgoing([...this.#sent, ...this.#pending]);
  }

  /** Without a connection nothing waits: the oldest is lost instead. */
  #hasRoom(): boolean {
    return this.#isOver || this.#unreachableSince !== undefined || this.#numBytes <= WINDOW_BYTES;
  }

  async #room(): Promise<void> {
    const since = performance.now();
    while (!this.#hasRoom()) {
      await this.#changed(LOOK_MS);
      if (performance.now() - Math.max(since, this.#progressAt) < BEHIND_MS) continue;
      const { reporter, url } = this.#options;
      reporter.warn({ code: "SinkBehind", message: `The receiver takes less than is logged: logging waits for it: ${url}` });
    }
  }

  /** Resolves when something has changed, or after so long. */
  async #changed(ms: number, { evenIfNotified = false } = {}): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const onChange = (): void => {
        if (evenIfNotified && !this.#isOver) {
          this.#waiting.push(onChange);
          return;
        }
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push(onChange);
    });
  }

  #notify(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function countOutgoing(messages: readonly Outgoing[]): Count {
  let sum = NOTHING;
  for (const { count } of messages) sum = addedCounts(sum, count);
  return sum;
}
