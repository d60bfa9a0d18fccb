/** The little of protobuf's wire format that messages written and read by hand need. */

/** Bytes that `value` takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** @returns where the next byte goes */
export function writeVarint(value: number, out: Uint8Array, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 128;
  out[at++] = rest;
  return at;
}

/** Reads the fields of a message one after another. Everything throws `RangeError` when the message is damaged. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where the next byte is read. */
  get position(): number {
    return this.#at;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A number of up to 64 bits; beyond 2^53 its low bits are lost. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("the message ends within a number");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new RangeError("a number has more than 10 bytes");
  }

  /** A view. */
  bytes(): Uint8Array {
    const length = this.varint();
    if (length > this.#bytes.length - this.#at) throw new RangeError(`a field of ${length} bytes ends beyond the message`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Passes over the value of a field whose tag was read. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#at += 8;
    else if (wireType === 2) this.bytes();
    else if (wireType === 5) this.#at += 4;
    else throw new RangeError(`there is no wire type ${wireType}`);
    if (this.#at > this.#bytes.length) throw new RangeError("a field ends beyond the message");
  }
}
