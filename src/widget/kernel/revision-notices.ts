/** Notices go out at most this often. */
export const NOTICE_INTERVAL_MS = 100;
/** A notice that no view reacted to is repeated after this time … */
export const REPEAT_AFTER_MS = 5000;
/** … and so many times; after that nobody is looking. */
export const MAX_REPEATS = 3;

export interface NoticeTimers {
  now(): number;
  /** Calls `run` once, without keeping the process alive; returns the cancellation. */
  schedule(run: () => void, delayMs: number): () => void;
}

/**
 * Turns every change of a store into few notices: one at once, then one per interval at most, and none
 * while the last one has not made any view ask. So a closed page costs nothing, and a lost notice is repeated.
 */
export class RevisionNotices {
  readonly #send: (revision: number) => void;
  readonly #timers: NoticeTimers;
  #revision = 0;
  #sentRevision = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #isAnswered = false;
  #repeats = 0;
  #cancel: (() => void) | undefined;

  constructor(send: (revision: number) => void, timers: NoticeTimers = unrefTimers) {
    this.#send = send;
    this.#timers = timers;
  }

  changed(revision: number): void {
    this.#revision = revision;
    this.#next();
  }

  /** A view asked for the state of the recording: views are there, and will hear of the next change. */
  viewsAsked(): void {
    this.#isAnswered = true;
    this.#repeats = 0;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#next();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Sends the notice that is due, or sets the timer for it. */
  #next(): void {
    if (this.#cancel !== undefined) return;
    const isNew = this.#revision !== this.#sentRevision;
    if (this.#isAnswered) {
      if (isNew) this.#sendAfter(NOTICE_INTERVAL_MS);
    } else if (this.#sentAt !== Number.NEGATIVE_INFINITY && this.#repeats < MAX_REPEATS) {
      this.#repeats++;
      this.#sendAfter(REPEAT_AFTER_MS);
    }
  }

  #sendAfter(intervalMs: number): void {
    const waitMs = this.#sentAt + intervalMs - this.#timers.now();
    if (waitMs <= 0) this.#sendNow();
    else {
      this.#cancel = this.#timers.schedule(() => {
        this.#cancel = undefined;
        this.#sendNow();
      }, waitMs);
    }
  }

  #sendNow(): void {
    this.#sentRevision = this.#revision;
    this.#sentAt = this.#timers.now();
    this.#isAnswered = false;
    this.#send(this.#revision);
    this.#next();
  }
}

const unrefTimers: NoticeTimers = {
  now: () => performance.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
