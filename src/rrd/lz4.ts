import { RerunError } from "../core/index.js";

/** LZ4 block format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md (no frame, no size prefix). */

/** The last 5 bytes are always literals, and the last match begins at least 12 bytes before the end. */
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;
const MIN_MATCH = 4;
const MAX_DISTANCE = 65535;
/** One byte of length can stand for at most 255 bytes, so no block grows by more. */
const MAX_EXPANSION = 255;
const MAX_SIZE = 0x7fffffff;

/** Small inputs use a table that stays in the first-level cache. */
const SMALL_INPUT = 1 << 14;
const SMALL_HASH_BITS = 11;
const HASH_BITS = 14;
const MAX_BASE = 1 << 30;

/**
 * Where each hash was seen last, as `base + position`. The base grows with every block, so that entries of earlier blocks are
 * known to be old and the table needs no clearing (64 KiB of it cost more than compressing a small chunk).
 */
const table = new Int32Array(1 << HASH_BITS);
let base = 1;

/** Greatest size of the block that `length` bytes can become. */
export function lz4MaxSize(length: number): number {
  return length + Math.floor(length / 255) + 16;
}

/** `source` as an LZ4 block. */
export function lz4Compress(source: Uint8Array): Uint8Array {
  const out = new Uint8Array(lz4MaxSize(source.length));
  return out.slice(0, lz4CompressInto(source, out));
}

/**
 * Writes `source` as an LZ4 block to the start of `out`, which has room for `lz4MaxSize(source.length)`.
 * @returns the size of the block
 */
export function lz4CompressInto(source: Uint8Array, out: Uint8Array): number {
  const length = source.length;
  let anchor = 0;
  let at = 0;
  if (length > MATCH_LIMIT) {
    if (base > MAX_BASE - length) {
      table.fill(0);
      base = 1;
    }
    const view = new DataView(source.buffer, source.byteOffset, length);
    const shift = 32 - (length < SMALL_INPUT ? SMALL_HASH_BITS : HASH_BITS);
    const lastMatch = length - MATCH_LIMIT;
    const matchEnd = length - LAST_LITERALS;
    let position = 0;
    let misses = 0;
    while (position <= lastMatch) {
      const word = view.getInt32(position, true);
      const hash = Math.imul(word, -1640531535) >>> shift;
      let candidate = table[hash]! - base;
      table[hash] = base + position;
      if (candidate < 0 || position - candidate > MAX_DISTANCE || view.getInt32(candidate, true) !== word) {
        // The longer nothing matches, the larger the steps: incompressible data are passed over quickly.
        position += 1 + (misses++ >> 6);
        continue;
      }
      misses = 0;
      while (position > anchor && candidate > 0 && source[position - 1] === source[candidate - 1]) {
        position--;
        candidate--;
      }
      let end = position + MIN_MATCH;
      const distance = position - candidate;
      while (end + 4 <= matchEnd && view.getInt32(end, true) === view.getInt32(end - distance, true)) end += 4;
      while (end < matchEnd && source[end] === source[end - distance]) end++;
      at = writeSequence(source, anchor, position, distance, end - position, out, at);
      anchor = end;
      position = end;
      if (end - 2 <= lastMatch) table[Math.imul(view.getInt32(end - 2, true), -1640531535) >>> shift] = base + end - 2;
    }
    base += length;
  }
  return writeLiterals(source, anchor, length, out, at);
}

/** One sequence of a block: literals `start … end - 1`, then a match. Gives where the next one begins. */
export function writeSequence(
  source: Uint8Array,
  start: number,
  end: number,
  distance: number,
  match: number,
  out: Uint8Array,
  tokenAt: number,
): number {
  let at = writeLiterals(source, start, end, out, tokenAt);
  out[at++] = distance;
  out[at++] = distance >> 8;
  let rest = match - MIN_MATCH;
  if (rest < 15) {
    out[tokenAt] = out[tokenAt]! | rest;
    return at;
  }
  out[tokenAt] = out[tokenAt]! | 15;
  for (rest -= 15; rest >= 255; rest -= 255) out[at++] = 255;
  out[at++] = rest;
  return at;
}

/** Token (its match length still 0) and literals. */
export function writeLiterals(source: Uint8Array, start: number, end: number, out: Uint8Array, tokenAt: number): number {
  const count = end - start;
  let at = tokenAt + 1;
  if (count < 15) {
    out[tokenAt] = count << 4;
  } else {
    out[tokenAt] = 0xf0;
    let rest = count - 15;
    for (; rest >= 255; rest -= 255) out[at++] = 255;
    out[at++] = rest;
  }
  // Below about 48 bytes a loop is faster than a view and a copy of it.
  if (count > 48) {
    out.set(source.subarray(start, end), at);
    return at + count;
  }
  for (let i = start; i < end; i++) out[at++] = source[i]!;
  return at;
}

/** @throws RerunError `CorruptFile` when so many bytes cannot come out of a block of that size */
export function checkLz4Size(blockLength: number, size: number): void {
  if (!(size >= 0 && size <= Math.min(MAX_EXPANSION * blockLength, MAX_SIZE))) {
    throw damaged(`${blockLength} bytes are said to become ${size}, more than a block can hold`);
  }
}

/**
 * The `size` bytes that an LZ4 block holds, in a buffer of their own.
 * @throws RerunError `CorruptFile` when it holds anything else
 */
export function lz4Decompress(source: Uint8Array, size: number): Uint8Array {
  checkLz4Size(source.length, size);
  const out = new Uint8Array(size);
  const length = source.length;
  let from = 0;
  let at = 0;
  while (from < length) {
    const token = source[from++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= length) throw damaged("it ends within a length");
        more = source[from++]!;
        literals += more;
      }
    }
    if (literals > length - from || literals > size - at) throw damaged(`${literals} literals at byte ${from} do not fit`);
    if (literals > 32) {
      out.set(source.subarray(from, from + literals), at);
      from += literals;
      at += literals;
    } else {
      for (const end = at + literals; at < end; ) out[at++] = source[from++]!;
    }
    if (from === length) break;
    if (from + 2 > length) throw damaged("it ends within a distance");
    const distance = source[from]! | (source[from + 1]! << 8);
    from += 2;
    if (distance === 0 || distance > at) throw damaged(`the distance ${distance} at byte ${from} of output byte ${at}`);
    let match = token & 15;
    if (match === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= length) throw damaged("it ends within a length");
        more = source[from++]!;
        match += more;
      }
    }
    match += MIN_MATCH;
    if (match > size - at) throw damaged(`a match of ${match} bytes at output byte ${at} does not fit`);
    if (match > 64) {
      copyMatch(out, at, distance, match);
      at += match;
    } else {
      // Short copies as a loop: four times as fast as copyWithin.
      let back = at - distance;
      for (const end = at + match; at < end; ) out[at++] = out[back++]!;
    }
  }
  if (at !== size) throw damaged(`it holds ${at} bytes, expected ${size}`);
  return out;
}

/** A match may overlap what it makes: then what is there doubles until it is long enough. */
function copyMatch(out: Uint8Array, at: number, distance: number, match: number): void {
  let copied = Math.min(distance, match);
  out.copyWithin(at, at - distance, at - distance + copied);
  while (copied < match) {
    const count = Math.min(copied, match - copied);
    out.copyWithin(at + copied, at, at + count);
    copied += count;
  }
}

function damaged(what: string): RerunError {
  return new RerunError("CorruptFile", `LZ4 data are damaged: ${what}`);
}
