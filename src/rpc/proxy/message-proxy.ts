import { fromBinary } from "@bufbuild/protobuf";
import { checkMessages } from "../../chunk/arrow.js";
import { RerunError, type WarningReporter, warnOnce } from "../../core/index.js";
import { WriteTableRequestSchema } from "../../protos/proxy.js";
import type { RrdMessage } from "../../rrd/index.js";
import { ipcFromDataframePart } from "../dataframe-part.js";
import { LogMsgDecoder } from "../log-msg-codec.js";
import { type ProxyEntry, ProxyHistory } from "./history.js";
import { ProxyReader } from "./proxy-reader.js";

export interface MessageProxyOptions {
  /** What is remembered for readers that come late, in bytes. Default 1 GiB; 0 = stores and blueprints only. */
  readonly memoryLimitBytes?: number;
  /** Whether late readers get the newest data first. Default false: in the order in which they came. */
  readonly newestFirst?: boolean;
  /** What a chunk may become when it is unpacked. Default 1 GiB. */
  readonly maxChunkBytes?: number;
  /** A reader that takes nothing for so long while writers wait for it is sent away. Default 30 s. */
  readonly stallTimeoutMs?: number;
  /** Gets every message that comes, decoded; for a viewer in the same process. */
  readonly onMessage?: (message: RrdMessage) => void;
  /** Hears of data that are taken but odd. Default: prints once. */
  readonly warn?: WarningReporter;
}

export interface MessageProxyStats {
  readonly sizeBytes: number;
  readonly numEntries: number;
  /** Entries that the memory limit has cost late readers. */
  readonly numDropped: number;
  readonly numReaders: number;
}

/** What may come beyond the memory limit, until a new reader has caught up, before writers wait. */
const CATCH_UP_BYTES = 128 * 2 ** 20;

/**
 * Passes recordings on from writers to readers, as a viewer's endpoint does, and remembers them for readers that come late:
 * first stores and blueprints, then static data, then all else, each in the order in which it came.
 *
 * Over the memory limit the oldest data go, stores and blueprints never; newer static data take the place of older. Readers that
 * are there get everything, in the order in which it comes, and hold writers back when they are behind.
 */
export class MessageProxy {
  readonly #options: Required<MessageProxyOptions>;
  readonly #history: ProxyHistory;
  readonly #readers = new Set<ProxyReader>();
  readonly #stalls = new Map<ProxyReader, ReturnType<typeof setTimeout>>();
  #seq = 0;
  #waiting: (() => void)[] = [];

  constructor(options: MessageProxyOptions = {}) {
    const { memoryLimitBytes = 2 ** 30, newestFirst = false, maxChunkBytes = 2 ** 30, stallTimeoutMs = 30_000 } = options;
    this.#options = {
      memoryLimitBytes,
      newestFirst,
      maxChunkBytes,
      stallTimeoutMs,
      warn: options.warn ?? warnOnce,
      onMessage: options.onMessage ?? (() => undefined),
    };
    this.#history = new ProxyHistory(memoryLimitBytes);
  }

  /** Reads what one writer sends. */
  decoder(): LogMsgDecoder {
    return new LogMsgDecoder({ warn: this.#options.warn, maxBytes: this.#options.maxChunkBytes });
  }

  /**
   * Takes a message of a recording.
   *
   * @param bytes an encoded `WriteMessagesRequest`, kept: nobody may write to it
   * @param decoder of this writer
   * @returns a promise when readers are behind: the writer has to await it
   * @throws RerunError `InvalidData` for what cannot be read, `LimitExceeded`
   */
  write(bytes: Uint8Array, decoder: LogMsgDecoder): Promise<void> | undefined {
    const message = decoder.decode(bytes);
    this.#history.collect(this.#keepFrom());
    this.#publish(this.#history.add({ seq: this.#seq++, bytes, message }));
    this.#options.onMessage(message);
    return this.#hasRoom() ? undefined : this.#room();
  }

  /**
   * Takes a table. As `write`.
   *
   * @param bytes an encoded `WriteTableRequest`, kept
   */
  writeTable(bytes: Uint8Array): Promise<void> | undefined {
    checkTable(bytes, this.#options.maxChunkBytes);
    this.#history.collect(this.#keepFrom());
    this.#publish(this.#history.addTable(this.#seq++, bytes));
    return this.#hasRoom() ? undefined : this.#room();
  }

  /** A reader of recordings or of tables; `release` it. */
  reader(kind: ProxyEntry["kind"]): ProxyReader {
    const { newestFirst } = this.#options;
    const reader: ProxyReader = new ProxyReader({
      kind,
      newestFirst,
      history: this.#history,
      start: this.#seq,
      onRoom: () => this.#notifyRoom(reader),
    });
    this.#readers.add(reader);
    return reader;
  }

  /** Forgets a reader. */
  release(reader: ProxyReader): void {
    this.#readers.delete(reader);
    this.#notifyRoom(reader);
  }

  /** Resolves when the readers that are there have taken everything, or after so long. */
  async drained(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while ([...this.#readers].some((reader) => !reader.isIdle)) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  stats(): MessageProxyStats {
    const { persistent, statics, disposable, sizeBytes, numDropped } = this.#history;
    const numEntries = persistent.length + statics.length + disposable.length;
    return { sizeBytes, numEntries, numDropped, numReaders: this.#readers.size };
  }

  #publish(entry: ProxyEntry): void {
    for (const reader of this.#readers) reader.push(entry);
  }

  /** The first number that a new reader has still to read. */
  #keepFrom(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const reader of this.#readers) from = Math.min(from, reader.keepFrom ?? from);
    return from;
  }

  #hasRoom(): boolean {
    let isFull = false;
    for (const reader of this.#readers) {
      if (!reader.isFull) continue;
      isFull = true;
      this.#watch(reader);
    }
    if (isFull) return false;
    const { memoryLimitBytes } = this.#options;
    if (this.#history.sizeBytes <= memoryLimitBytes + CATCH_UP_BYTES) return true;
    const behind = [...this.#readers].filter((reader) => reader.keepFrom !== undefined);
    for (const reader of behind) this.#watch(reader);
    return behind.length === 0;
  }

  async #room(): Promise<void> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #watch(reader: ProxyReader): void {
    if (this.#stalls.has(reader)) return;
    const { stallTimeoutMs } = this.#options;
    const timer = setTimeout(() => {
      const after = `${stallTimeoutMs / 1000} s`;
      reader.fail(new RerunError("LimitExceeded", `the reader took nothing for ${after} while writers waited for it`));
      this.release(reader);
    }, stallTimeoutMs);
    this.#stalls.set(reader, timer.unref());
  }

  #notifyRoom(reader: ProxyReader): void {
    clearTimeout(this.#stalls.get(reader));
    this.#stalls.delete(reader);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function checkTable(bytes: Uint8Array, maxBytes: number): void {
  try {
    const { id, data } = fromBinary(WriteTableRequestSchema, bytes);
    if (id === undefined) throw new RerunError("InvalidData", "missing `id` in `WriteTableRequest`");
    checkMessages(ipcFromDataframePart(data, { maxBytes }), "end");
  } catch (cause) {
    if (cause instanceof RerunError && cause.code !== "CorruptFile") throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("InvalidData", `the table cannot be read: ${why}`, { cause });
  }
}
