/** Memory that calls share: who wants some waits for its turn. */
export class ByteBudget {
  readonly #limit: number;
  #free: number;
  #waiting: { readonly bytes: number; readonly wake: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    this.#free = limit;
  }

  /** Takes `bytes` when they are free and nobody waits. What is more than the limit counts as all of it. */
  tryTake(bytes: number): boolean {
    const wanted = Math.min(bytes, this.#limit);
    if (this.#waiting.length > 0 || wanted > this.#free) return false;
    this.#free -= wanted;
    return true;
  }

  /** Waits for its turn and takes `bytes`. @throws the reason of `signal` */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.tryTake(bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const entry = {
        bytes: Math.min(bytes, this.#limit),
        wake: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
        this.#wakeNext();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#free += Math.min(bytes, this.#limit);
    this.#wakeNext();
  }

  #wakeNext(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.bytes <= this.#free; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= first.bytes;
      first.wake();
    }
  }
}
