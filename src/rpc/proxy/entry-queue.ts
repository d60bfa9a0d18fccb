/** Something a message proxy keeps for readers that come later. */
export interface QueueEntry {
  /** Its place in the order of arrival. */
  readonly seq: number;
  readonly sizeBytes: number;
}

/** Entries in order of arrival: appended at the end, dropped from the front or anywhere, found by their number. */
export class EntryQueue<E extends QueueEntry> {
  /** Ordered by number; holes where entries were removed. */
  #slots: (E | undefined)[] = [];
  #seqs: number[] = [];
  #numHoles = 0;
  /** Before it are holes only. */
  #start = 0;
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get length(): number {
    return this.#slots.length - this.#numHoles;
  }

  push(entry: E): void {
    this.#slots.push(entry);
    this.#seqs.push(entry.seq);
    this.#sizeBytes += entry.sizeBytes;
  }

  /** The oldest entry. */
  first(): E | undefined {
    return this.after(-1);
  }

  /** The first entry behind the number `seq`. */
  after(seq: number): E | undefined {
    for (let i = Math.max(this.#start, this.#indexAfter(seq)); i < this.#slots.length; i++) {
      const entry = this.#slots[i];
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The last entry before the number `seq`. */
  before(seq: number): E | undefined {
    for (let i = this.#indexAfter(seq - 1) - 1; i >= 0; i--) {
      const entry = this.#slots[i];
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Puts an entry with the same number in another one's place. */
  replace(entry: E, by: E): void {
    const i = this.#indexAfter(entry.seq - 1);
    if (this.#slots[i] !== entry || by.seq !== entry.seq) return;
    this.#slots[i] = by;
    this.#sizeBytes += by.sizeBytes - entry.sizeBytes;
  }

  remove(entry: E): void {
    const i = this.#indexAfter(entry.seq - 1);
    if (this.#slots[i] !== entry) return;
    this.#slots[i] = undefined;
    this.#sizeBytes -= entry.sizeBytes;
    this.#numHoles += 1;
    while (this.#start < this.#slots.length && this.#slots[this.#start] === undefined) this.#start += 1;
    if (this.#numHoles > 64 && this.#numHoles * 2 > this.#slots.length) this.#closeHoles();
  }

  *[Symbol.iterator](): Generator<E> {
    for (const entry of this.#slots) if (entry !== undefined) yield entry;
  }

  #closeHoles(): void {
    this.#slots = this.#slots.filter((entry) => entry !== undefined);
    this.#seqs = this.#slots.map((entry) => (entry as E).seq);
    this.#numHoles = 0;
    this.#start = 0;
  }

  /** Index of the first slot behind the number `seq`. */
  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] as number) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
