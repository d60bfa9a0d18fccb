/** Counts changes and wakes who waits for one. */
export class ChangeSignal {
  #count = 0;
  #waiting = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count++;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves with the count once it is beyond `seen`, at the latest after `timeoutMs` or when `signal` fires. */
  async after(seen: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    if (this.#count > seen || signal.aborted) return this.#count;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      timer.unref();
      signal.addEventListener("abort", done);
      this.#waiting.add(done);
    });
    return this.#count;
  }
}
