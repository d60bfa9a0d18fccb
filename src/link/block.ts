import { RerunError } from "../core/index.js";

/** Numbers are written in the machine's order, which is little-endian wherever browsers and Node run. */
export const ALIGNMENT = 8;

export function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/**
 * Columns one after the other in a block of bytes, each at a multiple of 8: `JSON` header first, then typed arrays in an order
 * that both sides know.
 */
export function writeBlock(magic: number, header: unknown, columns: readonly ArrayBufferView[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  let size = align(8 + text.length);
  for (const column of columns) size += align(column.byteLength);
  const block = new Uint8Array(size);
  new Uint32Array(block.buffer, 0, 2).set([magic, text.length]);
  block.set(text, 8);
  let at = align(8 + text.length);
  for (const column of columns) {
    block.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += align(column.byteLength);
  }
  return block;
}

/** Reads what `writeBlock` wrote. Columns are views of the block. */
export class BlockReader {
  readonly header: unknown;
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at: number;

  /** @throws RerunError `InvalidData`, saying what `name` is damaged */
  constructor(block: Uint8Array, magic: number, name: string) {
    const bytes = block.byteOffset % ALIGNMENT === 0 ? block : block.slice();
    this.#bytes = bytes;
    this.#name = name;
    if (bytes.length < 8) throw this.#damaged(`${bytes.length} bytes`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = view.getUint32(4, true);
    if (view.getUint32(0, true) !== magic || length > bytes.length - 8) throw this.#damaged("no header at its start");
    try {
      this.header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    } catch (cause) {
      throw new RerunError("InvalidData", `Damaged ${name}: its header is not JSON`, { cause });
    }
    this.#at = align(8 + length);
  }

  bytes(length: number): Uint8Array {
    const start = this.#at;
    if (!Number.isSafeInteger(length) || length < 0 || start + length > this.#bytes.length) {
      throw this.#damaged(`a column of ${length} bytes at ${start} in ${this.#bytes.length}`);
    }
    this.#at = align(start + length);
    return this.#bytes.subarray(start, start + length);
  }

  uint32(count: number): Uint32Array {
    const bytes = this.bytes(4 * count);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  }

  float64(count: number): Float64Array {
    const bytes = this.bytes(8 * count);
    return new Float64Array(bytes.buffer, bytes.byteOffset, count);
  }

  int64(count: number): BigInt64Array {
    const bytes = this.bytes(8 * count);
    return new BigInt64Array(bytes.buffer, bytes.byteOffset, count);
  }

  #damaged(problem: string): RerunError {
    return new RerunError("InvalidData", `Damaged ${this.#name}: ${problem}`);
  }
}
