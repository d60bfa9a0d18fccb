/** Bytes that come in pieces of any size and are taken in pieces of other sizes. Keeps views; copies only across pieces. */
export class ByteQueue {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** Bytes taken since the beginning. */
  #position = 0;

  get length(): number {
    return this.#length;
  }

  get position(): number {
    return this.#position;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** The next `count` bytes, which must be there, without taking them. */
  peek(count: number): Uint8Array {
    const first = this.#pieces[0] ?? new Uint8Array(0);
    if (first.length >= count) return first.subarray(0, count);
    const out = new Uint8Array(count);
    let at = 0;
    for (const piece of this.#pieces) {
      const part = piece.subarray(0, count - at);
      out.set(part, at);
      at += part.length;
      if (at === count) break;
    }
    return out;
  }

  take(count: number): Uint8Array {
    const bytes = this.peek(count);
    this.#drop(count);
    return bytes;
  }

  /** Forgets the bytes that were not taken, as if they had not been pushed. */
  putBack(): void {
    this.#pieces.length = 0;
    this.#length = 0;
  }

  clear(): void {
    this.#drop(this.#length);
  }

  #drop(count: number): void {
    this.#length -= count;
    this.#position += count;
    let rest = count;
    let used = 0;
    while (rest > 0) {
      const piece = this.#pieces[used];
      if (piece === undefined) break;
      if (piece.length > rest) {
        this.#pieces[used] = piece.subarray(rest);
        break;
      }
      rest -= piece.length;
      used += 1;
    }
    this.#pieces.splice(0, used);
  }
}
