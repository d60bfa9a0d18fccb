import { RerunError } from "../../core/index.js";

/** Of all memory, calls that are under way share so much evenly: an eighth each, were there one. */
const SHARES = 8;
const MIN_PIECE_BYTES = 32 * 1024;
const MAX_PIECE_BYTES = 4 * 2 ** 20;
/** Reading ahead is for when so much of the memory is free. */
const FREE_FOR_MORE = 0.75;
/** A peer that takes nothing for so long, while others wait for memory, is sent away. */
const STALL_MS = 30_000;

/** The memory of one call, see `AnswerMemory`. What it has taken it must give back, whatever becomes of it. */
export interface CallMemory {
  /**
   * What the call should take at a time, where it can choose: the more calls there are, the less. It is so little that calls whose
   * peers take nothing leave memory to the others, up to some thousands of them.
   */
  readonly pieceBytes: number;
  /** Waits for its turn and takes `bytes`. What is more than all counts as all. @throws the reason of `signal` */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** Takes `bytes` beside what the call has already, if there is plenty: never waits. */
  takeMore(bytes: number): boolean;
  /** Waits while more is taken than there is; for answers whose size shows when they are there. @throws the reason of `signal` */
  room(signal: AbortSignal): Promise<void>;
  /** Counts what is there already. */
  add(bytes: number): void;
  /** Gives back what was taken or added, when the peer has it. */
  give(bytes: number): void;
  /** Tells that the peer has a part of what is held. */
  noteProgress(): void;
}

interface Waiting {
  readonly call: Call;
  readonly bytes: number;
  readonly wake: () => void;
}

interface Call {
  held: number;
  /** When the peer took something last, or the call began to hold something. */
  since: number;
  isEnding: boolean;
  readonly end: (error: RerunError) => void;
}

/**
 * Memory for answers that peers have not taken yet, of all calls of a server together. Whoever wants some waits for its turn; peers
 * that do not take what they asked for cannot keep it from the others for ever: those that took nothing for the longest time go.
 */
export class AnswerMemory {
  readonly #maxBytes: number;
  readonly #stallMs: number;
  #held = 0;
  #waiting: Waiting[] = [];
  readonly #holders = new Set<Call>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(maxBytes: number, { stallMs = STALL_MS }: { readonly stallMs?: number } = {}) {
    this.#maxBytes = maxBytes;
    this.#stallMs = stallMs;
  }

  /** The memory of a call that begins. @param end sends its peer away */
  open(end: (error: RerunError) => void): CallMemory {
    const call: Call = { held: 0, since: 0, isEnding: false, end };
    const memory = this;
    return {
      get pieceBytes() {
        return memory.#pieceBytes(call);
      },
      take: (bytes, signal) => {
        const wanted = Math.min(bytes, this.#maxBytes);
        return this.#waitFor(call, wanted, signal, this.#waiting.length === 0 && this.#held + wanted <= this.#maxBytes);
      },
      takeMore: (bytes) => {
        const isPlenty = this.#held + bytes <= (1 - FREE_FOR_MORE) * this.#maxBytes;
        if (this.#waiting.length > 0 || !isPlenty) return false;
        this.#add(call, bytes);
        return true;
      },
      // Small answers do not queue behind large ones: there is room for them as long as not more is taken than there is.
      room: (signal) => this.#waitFor(call, 0, signal, this.#held <= this.#maxBytes),
      add: (bytes) => this.#add(call, bytes),
      give: (bytes) => this.#give(call, Math.min(bytes, this.#maxBytes)),
      noteProgress: () => {
        call.since = performance.now();
      },
    };
  }

  #pieceBytes(call: Call): number {
    const others = this.#holders.size - (this.#holders.has(call) ? 1 : 0);
    const share = Math.floor(this.#maxBytes / (SHARES * (others + 1)));
    return Math.min(Math.max(share, MIN_PIECE_BYTES), MAX_PIECE_BYTES, this.#maxBytes);
  }

  async #waitFor(call: Call, bytes: number, signal: AbortSignal, isFree: boolean): Promise<void> {
    signal.throwIfAborted();
    if (isFree) {
      this.#add(call, bytes);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
        this.#wakeNext();
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const entry: Waiting = { call, bytes, wake };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
      this.#watch();
    });
  }

  #add(call: Call, bytes: number): void {
    if (bytes === 0) return;
    const held = Math.min(bytes, this.#maxBytes);
    if (call.held === 0) {
      call.since = performance.now();
      this.#holders.add(call);
    }
    call.held += held;
    this.#held += held;
  }

  #give(call: Call, bytes: number): void {
    call.since = performance.now();
    call.held -= bytes;
    this.#held -= bytes;
    if (call.held <= 0) this.#holders.delete(call);
    this.#wakeNext();
  }

  #wakeNext(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#isFree(first.bytes); first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#add(first.call, first.bytes);
      first.wake();
    }
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isFree(bytes: number): boolean {
    return this.#held + bytes <= this.#maxBytes;
  }

  /** As long as somebody waits, looks for peers that take nothing. */
  #watch(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    const oldest = [...this.#holders].reduce((since, call) => Math.min(since, call.since), performance.now());
    const waitMs = Math.max(oldest + this.#stallMs - performance.now(), this.#stallMs / 20);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#endStalled();
      this.#watch();
    }, waitMs).unref();
  }

  /** Ends as many calls as the first that waits needs memory of. */
  #endStalled(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const before = performance.now() - this.#stallMs;
    const stalled = [...this.#holders].filter(({ since }) => since <= before).sort((a, b) => a.since - b.since);
    let missing = this.#held + first.bytes - this.#maxBytes;
    for (const call of stalled) {
      if (missing <= 0) return;
      missing -= call.held;
      if (call.isEnding) continue;
      call.isEnding = true;
      const after = `${this.#stallMs / 1000} s`;
      call.end(new RerunError("LimitExceeded", `the peer took nothing for ${after} while others waited for memory`));
    }
  }
}
