/** The order of row ids and times, looked at once for each chunk that is read: the longest passes over it. */
import { type TimeRange, TUID_BYTES } from "../core/index.js";

/** Whether times never decrease, or always increase, and the smallest and greatest of them (`0 … -1` when there are none). */
export interface TimesSummary {
  readonly isSorted: boolean;
  readonly isStrict: boolean;
  readonly range: TimeRange;
}

/**
 * Looks once at every time. Compares the two 32-bit halves as numbers: reading bigints costs a heap object each
 * (about ten times as slow).
 */
export function summarizeTimes(times: BigInt64Array): TimesSummary {
  const count = times.length;
  if (count === 0) return { isSorted: true, isStrict: true, range: { min: 0n, max: -1n } };
  const words = new Int32Array(times.buffer, times.byteOffset, 2 * count);
  const last = words.length - 2;
  let max = strictEnd(words);
  const isStrict = max === last;
  while (max < last && !isBelow(words, max + 2, max)) max += 2;
  const isSorted = max === last;
  let min = 0;
  for (let at = max + 2; at < words.length; at += 2) {
    if (isBelow(words, at, min)) min = at;
    else if (isBelow(words, max, at)) max = at;
  }
  return { isSorted, isStrict, range: { min: times[min >> 1]!, max: times[max >> 1]! } };
}

/** Where the last of the times lies up to which each is greater than the one before. */
function strictEnd(words: Int32Array): number {
  let high = words[1]!;
  let low = words[0]! >>> 0;
  for (let at = 2; at < words.length; at += 2) {
    const nextHigh = words[at + 1]!;
    const nextLow = words[at]! >>> 0;
    if (nextHigh < high || (nextHigh === high && nextLow <= low)) return at - 2;
    high = nextHigh;
    low = nextLow;
  }
  return words.length - 2;
}

function isBelow(words: Int32Array, a: number, b: number): boolean {
  const [highA, highB] = [words[a + 1]!, words[b + 1]!];
  return highA < highB || (highA === highB && words[a]! >>> 0 < words[b]! >>> 0);
}

/** Whether 16-byte ids never decrease, byte by byte. */
export function idsAscend(ids: Uint8Array): boolean {
  if (ids.length <= TUID_BYTES) return true;
  const aligned = ids.byteOffset % 4 === 0 ? ids : ids.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  // Only the first words that differ are put into the order of their bytes.
  let [a, b, c, d] = [words[0]!, words[1]!, words[2]!, words[3]!];
  for (let at = 4; at < words.length; at += 4) {
    const nextA = words[at]!;
    const nextB = words[at + 1]!;
    const nextC = words[at + 2]!;
    const nextD = words[at + 3]!;
    if (nextA !== a ? isAfter(a, nextA) : nextB !== b ? isAfter(b, nextB) : nextC !== c ? isAfter(c, nextC) : isAfter(d, nextD)) {
      return false;
    }
    a = nextA;
    b = nextB;
    c = nextC;
    d = nextD;
  }
  return true;
}

/** Whether the bytes of `a` come after those of `b`, each little-endian. */
function isAfter(a: number, b: number): boolean {
  return bigEndian(a) > bigEndian(b);
}

function bigEndian(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
