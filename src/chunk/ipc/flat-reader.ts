import { RerunError } from "../../core/index.js";

const decoder = new TextDecoder();
const MAX_ASCII_LOOP = 64;

/**
 * Reads a flatbuffer that nobody has checked: every access is bounded, and the work is too, because a hostile buffer may
 * refer to one part any number of times.
 */
export class FlatReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Tables, vector elements and text bytes that may still be read. */
  #budget: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = 256 + 4 * bytes.length;
  }

  root(): number {
    return this.#table(this.reference(0));
  }

  /** Position of a table's slot, 0 when the table does not have it. */
  slot(table: number, index: number, size: number): number {
    const vtable = table - this.i32(table);
    const entry = 4 + 2 * index;
    if (entry + 2 > this.u16(vtable)) return 0;
    const offset = this.u16(vtable + entry);
    if (offset === 0) return 0;
    this.#need(table + offset, size);
    return table + offset;
  }

  /** Position of the table in a slot, 0 when absent. */
  tableIn(table: number, index: number): number {
    const at = this.slot(table, index, 4);
    return at === 0 ? 0 : this.#table(this.reference(at));
  }

  /** The text in a slot, `""` when absent. */
  textIn(table: number, index: number): string {
    const at = this.slot(table, index, 4);
    return at === 0 ? "" : this.textAt(this.reference(at));
  }

  /** First element and number of elements of the vector in a slot; 0 elements when absent. */
  vectorIn(table: number, index: number, elementSize: number): { readonly at: number; readonly count: number } {
    const slot = this.slot(table, index, 4);
    if (slot === 0) return { at: 0, count: 0 };
    const at = this.reference(slot);
    const count = this.u32(at);
    this.spend(count);
    this.#need(at + 4, count * elementSize);
    return { at: at + 4, count };
  }

  /** The table that element `index` of a vector of tables refers to. */
  tableAt(vector: number, index: number): number {
    return this.#table(this.reference(vector + 4 * index));
  }

  /** The text whose length field lies at `at`. */
  textAt(at: number): string {
    const length = this.u32(at);
    this.spend(length);
    this.#need(at + 4, length);
    return decodeText(this.bytes, at + 4, length);
  }

  /** Where the reference at `at` points to. */
  reference(at: number): number {
    return at + this.u32(at);
  }

  u8(at: number): number {
    this.#need(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, true);
  }

  i16(at: number): number {
    this.#need(at, 2);
    return this.#view.getInt16(at, true);
  }

  u32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, true);
  }

  i32(at: number): number {
    this.#need(at, 4);
    return this.#view.getInt32(at, true);
  }

  /** A signed 64-bit number that must be exact as a double. */
  i64(at: number): number {
    this.#need(at, 8);
    const value = this.#view.getInt32(at + 4, true) * 4294967296 + this.#view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) throw corrupt(`the number ${value} at byte ${at} is out of range`);
    return value;
  }

  spend(amount: number): void {
    this.#budget -= amount;
    if (this.#budget < 0) throw corrupt("it refers to more than it holds");
  }

  #table(at: number): number {
    this.spend(1);
    this.#need(at, 4);
    return at;
  }

  #need(at: number, count: number): void {
    if (at < 0 || at + count > this.bytes.length) throw corrupt(`it refers to byte ${at + count} of ${this.bytes.length}`);
  }
}

/** Text of `length` UTF-8 bytes. Short ASCII texts, which nearly all are, need no decoder call. */
export function decodeText(bytes: Uint8Array, at: number, length: number): string {
  if (length <= MAX_ASCII_LOOP) {
    let text = "";
    let i = at;
    const end = at + length;
    for (; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (i === end) return text;
  }
  return decoder.decode(bytes.subarray(at, at + length));
}

/** The error for Arrow IPC bytes that do not say what they should. */
export function corrupt(what: string, cause?: unknown): RerunError {
  return new RerunError("CorruptFile", `Arrow data are damaged: ${what}`, cause === undefined ? undefined : { cause });
}
