import { type Clock, createClock } from "./clock.js";

/**
 * Gives ids of 16 bytes: time in nanoseconds, then a counter, both big-endian, so that later ids compare greater.
 * Injectable: tests give one whose ids are known.
 */
export interface TuidSource {
  /** Writes the next id into the words `target[at … at + 3]`, whose bytes in memory are the id's. */
  nextInto(target: Int32Array, at: number): void;
}

export const TUID_BYTES = 16;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 32 lower-case hexadecimal digits of the id at `offset`. */
export function tuidToHex(bytes: Uint8Array, offset = 0): string {
  let text = "";
  for (let i = 0; i < TUID_BYTES; i++) text += HEX[bytes[offset + i] ?? 0];
  return text;
}

/** The 16 bytes of an id written as 32 hexadecimal digits of any case. */
export function tuidFromHex(hex: string): Uint8Array {
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) throw new RangeError(`An id has 32 hexadecimal digits, got "${hex}"`);
  const bytes = new Uint8Array(TUID_BYTES);
  for (let i = 0; i < TUID_BYTES; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Negative, 0 or positive as the id at `aOffset` of `a` comes before, equals or comes after the one at `bOffset` of `b`. */
export function compareTuids(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < TUID_BYTES; i++) {
    const difference = (a[aOffset + i] ?? 0) - (b[bOffset + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Adds `amount` (at most 2^32 - 1) to the counter half of the id at `offset`, in place. */
export function incrementTuid(bytes: Uint8Array, offset: number, amount: number): void {
  let carry = amount;
  for (let i = TUID_BYTES - 1; i >= TUID_BYTES / 2 && carry > 0; i--) {
    const sum = (bytes[offset + i] ?? 0) + (carry % 256);
    bytes[offset + i] = sum & 0xff;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
}

/** The word whose bytes in (little-endian) memory are those of `value` big-endian. A word at a time: there is an id for every row. */
function bigEndian(value: number): number {
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
}

class ClockTuidSource implements TuidSource {
  readonly #clock: Clock;
  #counterHi: number;
  #counterLo: number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    // 63 random bits: the top one stays 0, so that counting cannot wrap.
    this.#counterHi = Math.floor(random() * 0x80000000);
    this.#counterLo = Math.floor(random() * 0x100000000);
  }

  nextInto(target: Int32Array, at: number): void {
    const clock = this.#clock;
    clock.read();
    this.#counterLo += 1;
    if (this.#counterLo >= 0x100000000) {
      this.#counterLo = 0;
      this.#counterHi += 1;
    }
    target[at] = bigEndian(clock.hi);
    target[at + 1] = bigEndian(clock.lo);
    target[at + 2] = bigEndian(this.#counterHi);
    target[at + 3] = bigEndian(this.#counterLo);
  }
}

/** Ids from the given clock (the machine's by default) and a counter that starts at random. */
export function createTuidSource(options: { readonly clock?: Clock; readonly random?: () => number } = {}): TuidSource {
  return new ClockTuidSource(options.clock ?? createClock(), options.random ?? Math.random);
}

/** One for all: two views of fresh memory for each id cost more than the id. */
const scratch = new Int32Array(TUID_BYTES / 4);
const scratchBytes = new Uint8Array(scratch.buffer);

/** The 16 bytes of the next id of `source`. */
export function newTuid(source: TuidSource): Uint8Array {
  source.nextInto(scratch, 0);
  return scratchBytes.slice();
}

/** The next id of `source` as 32 lower-case hexadecimal digits. */
export function newTuidHex(source: TuidSource): string {
  source.nextInto(scratch, 0);
  return tuidToHex(scratchBytes);
}
