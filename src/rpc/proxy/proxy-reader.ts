import type { RerunError } from "../../core/index.js";
import type { EntryQueue } from "./entry-queue.js";
import type { ProxyEntry, ProxyHistory } from "./history.js";

/** A reader that is behind by more holds writers back. */
const MAX_LIVE_ENTRIES = 1024;
const MAX_LIVE_BYTES = 128 * 2 ** 20;
/** What one turn hands over. */
const BATCH_BYTES = 2 ** 20;

export interface ProxyReaderOptions {
  readonly kind: ProxyEntry["kind"];
  readonly history: ProxyHistory;
  /** The first number that is not history for this reader. */
  readonly start: number;
  readonly newestFirst: boolean;
  /** Called when the reader has made room. */
  readonly onRoom: () => void;
}

/**
 * One reader of a message proxy: gets what is remembered, then what comes.
 *
 * What is remembered is not held for the reader: it is looked up piece by piece, and what the proxy drops meanwhile was lost to
 * late readers anyway. What comes after the reader did is never lost to it: until it has caught up, the proxy keeps it.
 */
export class ProxyReader {
  readonly #options: ProxyReaderOptions;
  /** Which queue of the history is being replayed, and up to which number. */
  #phase = 0;
  #at = -1;
  /** Of what came since `start`, while the history is replayed. */
  #caughtUpTo: number;
  #isLive: boolean;
  #live: ProxyEntry[] = [];
  #liveBytes = 0;
  #wake: (() => void) | undefined;
  #error: RerunError | undefined;
  /** Ends what waits in `unlessFailed`. */
  #reject: (error: RerunError) => void = () => undefined;

  constructor(options: ProxyReaderOptions) {
    this.#options = options;
    this.#caughtUpTo = options.start - 1;
    this.#isLive = options.newestFirst;
  }

  /** From which number on the proxy must keep what comes; `undefined` = the reader holds it itself. */
  get keepFrom(): number | undefined {
    return this.#isLive ? undefined : this.#caughtUpTo + 1;
  }

  /** Whether writers have to wait for the reader. */
  get isFull(): boolean {
    return this.#error === undefined && (this.#live.length >= MAX_LIVE_ENTRIES || this.#liveBytes >= MAX_LIVE_BYTES);
  }

  /** Whether the reader has taken everything. */
  get isIdle(): boolean {
    return this.#error !== undefined || (this.#isLive && this.#live.length === 0 && this.#wake !== undefined);
  }

  /** Tells of a new entry. */
  push(entry: ProxyEntry): void {
    if (entry.kind !== this.#options.kind || this.#error !== undefined) return;
    if (this.#isLive) {
      this.#live.push(entry);
      this.#liveBytes += entry.sizeBytes;
    }
    this.#wakeUp();
  }

  /** Ends the reader. */
  fail(error: RerunError): void {
    this.#error ??= error;
    this.#reject(error);
    this.#live = [];
    this.#liveBytes = 0;
    this.#wakeUp();
  }

  /**
   * The next messages, when they are there.
   *
   * @throws RerunError of `fail`
   */
  take(): readonly ProxyEntry[] {
    if (this.#error !== undefined) throw this.#error;
    if (this.#live.length > 0) return this.#takeLive();
    const batch: ProxyEntry[] = [];
    for (let size = 0; size < BATCH_BYTES; ) {
      const entry = this.#nextRemembered();
      if (entry === undefined) break;
      if (entry.kind !== this.#options.kind) continue;
      batch.push(entry);
      size += entry.sizeBytes;
    }
    if (!this.#isLive) this.#options.onRoom();
    return batch;
  }

  /** Waits for `work`, no longer than the reader is wanted. @throws RerunError of `fail` */
  async unlessFailed(work: Promise<void>): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    // Promise.race would leave something behind in a promise that lives as long as the reader, each time.
    await new Promise<void>((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
    });
  }

  /** Resolves when `take` may have something. */
  async wait(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#options.onRoom();
    await woken;
  }

  #takeLive(): readonly ProxyEntry[] {
    const batch = this.#live;
    this.#live = [];
    this.#liveBytes = 0;
    this.#options.onRoom();
    return batch;
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #nextRemembered(): ProxyEntry | undefined {
    const { history, start, newestFirst } = this.#options;
    const queues: readonly EntryQueue<ProxyEntry>[] = [history.persistent, history.statics, history.disposable];
    for (; this.#phase < queues.length; this.#phase++, this.#at = -1) {
      const isReversed = newestFirst && this.#phase > 0;
      const queue = queues[this.#phase] as EntryQueue<ProxyEntry>;
      const entry = isReversed ? queue.before(this.#at < 0 ? start : this.#at) : queue.after(this.#at);
      if (entry === undefined || entry.seq >= start) continue;
      this.#at = entry.seq;
      return entry;
    }
    return this.#isLive ? undefined : this.#nextSinceStart(queues);
  }

  /** What came while the history was replayed, in order of arrival; after the last of it the reader is live. */
  #nextSinceStart(queues: readonly EntryQueue<ProxyEntry>[]): ProxyEntry | undefined {
    let next: ProxyEntry | undefined;
    for (const queue of queues) {
      const entry = queue.after(this.#caughtUpTo);
      if (entry !== undefined && (next === undefined || entry.seq < next.seq)) next = entry;
    }
    if (next === undefined) this.#isLive = true;
    else this.#caughtUpTo = next.seq;
    return next;
  }
}
