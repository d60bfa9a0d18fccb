import { checkLz4Size, lz4Compress, lz4Decompress } from "./lz4.js";

/** A faster codec for LZ4 blocks that the host may have. */
export interface Lz4Codec {
  compress(source: Uint8Array): Uint8Array;
  /** @throws anything for a damaged block */
  decompress(source: Uint8Array, size: number): Uint8Array;
}

/** Below this size, calling into native code costs more than it saves. */
const MIN_NATIVE_BYTES = 4 * 1024;

let native: Lz4Codec | undefined;
let findNative: (() => Lz4Codec | undefined) | undefined;

/**
 * Sets the codec for large blocks, which is looked for when the first one comes; `undefined` = this package's own for all.
 * Both write and read the same format.
 */
export function setLz4Codec(find: () => Lz4Codec | undefined): void {
  findNative = find;
}

/** The host's codec, when there is one and the block is large enough for it. */
export function nativeLz4For(numBytes: number): Lz4Codec | undefined {
  if (numBytes < MIN_NATIVE_BYTES) return undefined;
  if (findNative !== undefined) {
    native = findNative();
    findNative = undefined;
  }
  return native;
}

/** `source` as an LZ4 block. */
export function compressBlock(source: Uint8Array): Uint8Array {
  return nativeLz4For(source.length)?.compress(source) ?? lz4Compress(source);
}

const SAMPLES = 8;
const SAMPLE_BYTES = 32 * 1024;
/** What compression must save to be worth its time (and the reader's). */
const MIN_SAVING = 0.03;

/** Whether a large payload is likely to become smaller, judged by samples: random bits, photos and video do not. */
export function looksCompressible(source: Uint8Array): boolean {
  const step = Math.floor((source.length - SAMPLE_BYTES) / (SAMPLES - 1));
  if (step < SAMPLE_BYTES) return true;
  let size = 0;
  for (let i = 0; i < SAMPLES; i++) size += compressBlock(source.subarray(i * step, i * step + SAMPLE_BYTES)).length;
  return size < SAMPLES * SAMPLE_BYTES * (1 - MIN_SAVING);
}

/** @throws RerunError `CorruptFile` when the block does not hold `size` bytes */
export function decompressBlock(source: Uint8Array, size: number): Uint8Array {
  const codec = nativeLz4For(size);
  if (codec === undefined) return lz4Decompress(source, size);
  checkLz4Size(source.length, size);
  try {
    const out = codec.decompress(source, size);
    if (out.length === size) return out;
  } catch {
    // Our own codec says what is wrong with it.
  }
  return lz4Decompress(source, size);
}
