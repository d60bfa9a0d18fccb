import type { Notice, Reply, Request, Transport } from "../../link/client.js";

/** How the kernel's end is doing: `busy` = no answer for a while, `closed` = gone for good. */
export type ConnectionStatus = "open" | "busy" | "closed";

/** A request without any sign of life for this long means a busy kernel. */
export const BUSY_AFTER_MS = 1000;

export interface Timers {
  /** Milliseconds, ever growing. */
  now(): number;
  /** @returns the function that cancels it */
  after(timeoutMs: number, task: () => void): () => void;
}

/** The browser's own. */
export const REAL_TIMERS: Timers = {
  now: () => performance.now(),
  after: (timeoutMs, task) => {
    const timer = setTimeout(task, timeoutMs);
    return () => clearTimeout(timer);
  },
};

/**
 * A transport that watches another one: knows whether the kernel is busy or gone, and hands out notices.
 * Has a timer only while an answer is awaited.
 */
export class Connection implements Transport {
  readonly #inner: Transport;
  readonly #timers: Timers;
  readonly #awaited = new Set<number>();
  readonly #messageListeners = new Set<(message: Reply | Notice, buffers: readonly Uint8Array[]) => void>();
  readonly #statusListeners = new Set<(status: "open" | "closed") => void>();
  readonly #watchers = new Set<(status: ConnectionStatus) => void>();
  #status: ConnectionStatus = "open";
  #lastSign = 0;
  #cancel: (() => void) | undefined;

  constructor(inner: Transport, timers: Timers = REAL_TIMERS) {
    this.#inner = inner;
    this.#timers = timers;
    inner.onMessage((message, buffers) => this.#receive(message, buffers));
    inner.onStatus((status) => {
      if (status === "closed") this.#close();
      for (const listener of this.#statusListeners) listener(status);
    });
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Told every change of the status. */
  watch(watcher: (status: ConnectionStatus) => void): void {
    this.#watchers.add(watcher);
  }

  send(message: Request, buffers?: readonly Uint8Array[]): void {
    if (this.#status === "closed") return;
    if (message.kind !== "event") {
      if (this.#awaited.size === 0) this.#lastSign = this.#timers.now();
      this.#awaited.add(message.id);
      this.#watchAnswer();
    }
    this.#inner.send(message, buffers);
  }

  onMessage(listener: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void): void {
    this.#messageListeners.add(listener);
  }

  onStatus(listener: (status: "open" | "closed") => void): void {
    this.#statusListeners.add(listener);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watchers.clear();
    this.#inner.close();
  }

  #receive(message: Reply | Notice, buffers: readonly Uint8Array[]): void {
    this.#lastSign = this.#timers.now();
    if (message.kind === "reply" && (message.last || message.error !== undefined)) this.#awaited.delete(message.id);
    if (message.kind === "closed") this.#close();
    else this.#setStatus("open");
    if (this.#awaited.size === 0) {
      this.#cancel?.();
      this.#cancel = undefined;
    }
    for (const listener of this.#messageListeners) listener(message, buffers);
  }

  #watchAnswer(): void {
    if (this.#cancel !== undefined) return;
    const silentMs = this.#timers.now() - this.#lastSign;
    this.#cancel = this.#timers.after(Math.max(1, BUSY_AFTER_MS - silentMs), () => {
      this.#cancel = undefined;
      if (this.#awaited.size === 0) return;
      if (this.#timers.now() - this.#lastSign >= BUSY_AFTER_MS) this.#setStatus("busy");
      else this.#watchAnswer();
    });
  }

  #close(): void {
    this.#awaited.clear();
    this.#cancel?.();
    this.#cancel = undefined;
    this.#setStatus("closed");
  }

  #setStatus(status: ConnectionStatus): void {
    if (this.#status === status || this.#status === "closed") return;
    this.#status = status;
    if (status === "open" && this.#awaited.size > 0) this.#watchAnswer();
    for (const watcher of [...this.#watchers]) watcher(status);
  }
}
