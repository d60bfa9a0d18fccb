const encoder = new TextEncoder();

/** A table that was laid out: where it starts and where each of its slots lies (0 = absent). */
export interface FlatTable {
  readonly at: number;
  readonly slots: readonly number[];
}

/**
 * Writes a flatbuffer front to back: a table first, then what it refers to, so that every reference points forward.
 * Texts are kept back until `flushTexts`, which writes each distinct one once.
 */
export class FlatWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #vtables = new Map<string, number>();
  readonly #texts = new Map<string, number[]>();

  get length(): number {
    return this.#length;
  }

  /** What was written so far; a view that the next write may invalidate. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends `count` zero bytes after padding to a multiple of `alignment`. Gives their position. */
  reserve(count: number, alignment: number): number {
    const at = Math.ceil(this.#length / alignment) * alignment;
    this.#grow(at + count);
    this.#length = at + count;
    return at;
  }

  u8(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  i16(at: number, value: number): void {
    this.#view.setInt16(at, value, true);
  }

  i32(at: number, value: number): void {
    this.#view.setInt32(at, value, true);
  }

  /** Makes the reference at `ref` point to `target`, which lies behind it. */
  point(ref: number, target: number): void {
    this.#view.setUint32(ref, target - ref, true);
  }

  /**
   * Lays out a table whose slots have these sizes in bytes (0 = absent), all zero, and makes `ref` point to it.
   * @param ref position of the reference, or -1 for none
   */
  table(ref: number, sizes: readonly number[]): FlatTable {
    const offsets = sizes.map(() => 0);
    let size = 4;
    for (const width of [4, 8, 2, 1]) {
      for (let i = 0; i < sizes.length; i++) {
        if (sizes[i] !== width) continue;
        size = Math.ceil(size / width) * width;
        offsets[i] = size;
        size += width;
      }
    }
    const vtable = this.#vtable(offsets, size);
    const alignment = sizes.includes(8) ? 8 : 4;
    const at = this.reserve(size, alignment);
    this.i32(at, at - vtable);
    if (ref >= 0) this.point(ref, at);
    return { at, slots: offsets.map((offset) => (offset === 0 ? 0 : at + offset)) };
  }

  /** A vector of `count` elements of 4 bytes, all zero; `ref` is made to point to it. Gives the first element's position. */
  vector(ref: number, count: number): number {
    const at = this.reserve(4 + 4 * count, 4);
    this.#view.setUint32(at, count, true);
    this.point(ref, at);
    return at + 4;
  }

  /** The text that `ref` refers to, written by the next `flushTexts`. */
  text(ref: number, text: string): void {
    const refs = this.#texts.get(text);
    if (refs === undefined) this.#texts.set(text, [ref]);
    else refs.push(ref);
  }

  flushTexts(): void {
    for (const [text, refs] of this.#texts) {
      const at = this.textNow(text);
      for (const ref of refs) this.point(ref, at);
    }
    this.#texts.clear();
  }

  /** Writes a text here and now. Gives the position of its length field; its bytes follow 4 bytes later. */
  textNow(text: string): number {
    const utf8 = encoder.encode(text);
    const at = this.reserve(4 + utf8.length + 1, 4);
    this.#view.setUint32(at, utf8.length, true);
    this.#bytes.set(utf8, at + 4);
    return at;
  }

  #vtable(offsets: readonly number[], size: number): number {
    const key = `${size}:${offsets.join(",")}`;
    const known = this.#vtables.get(key);
    if (known !== undefined) return known;
    const at = this.reserve(4 + 2 * offsets.length, 2);
    this.i16(at, 4 + 2 * offsets.length);
    this.i16(at + 2, size);
    for (let i = 0; i < offsets.length; i++) this.i16(at + 4 + 2 * i, offsets[i] ?? 0);
    this.#vtables.set(key, at);
    return at;
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
