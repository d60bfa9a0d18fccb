import { createRequire } from "node:module";
import { setLz4Codec } from "../rrd/index.js";

/** The part of `lz4-napi` used here; its blocks begin with their size, little-endian in 4 bytes. */
interface Lz4Napi {
  compressSync(data: Buffer): Buffer;
  uncompressSync(data: Uint8Array): Buffer;
}

const SIZE_BYTES = 4;
let isSet = false;

/**
 * Lets large LZ4 blocks go through native code when the optional package `lz4-napi` is installed: about twice as fast on load.
 * Without it everything works the same. It is loaded for the first such block; later calls of this cost nothing.
 */
export function useNativeLz4(): void {
  if (isSet) return;
  isSet = true;
  setLz4Codec(() => {
    const lz4 = loadLz4();
    if (lz4 === undefined) return undefined;
    return {
      compress: (source) => lz4.compressSync(Buffer.from(source.buffer, source.byteOffset, source.length)).subarray(SIZE_BYTES),
      decompress: (source, size) => asBytes(withPrefix(source, size, (bytes) => lz4.uncompressSync(bytes))),
    };
  });
}

function loadLz4(): Lz4Napi | undefined {
  try {
    return createRequire(import.meta.url)("lz4-napi") as Lz4Napi;
  } catch {
    return undefined; // It is optional: platforms without a prebuilt binary do without.
  }
}

/**
 * Calls `work` with the block and its size before it. The size takes the place of the bytes that lie there, which are put back:
 * copying a large block would take a fifth of the time of decompressing it.
 */
function withPrefix(source: Uint8Array, size: number, work: (bytes: Uint8Array) => Buffer): Buffer {
  const { buffer, byteOffset, length } = source;
  const hasRoom = byteOffset >= SIZE_BYTES;
  const bytes = hasRoom
    ? Buffer.from(buffer, byteOffset - SIZE_BYTES, SIZE_BYTES + length)
    : Buffer.concat([Buffer.alloc(SIZE_BYTES), source]);
  const before = bytes.readUInt32LE(0);
  bytes.writeUInt32LE(size, 0);
  try {
    return work(bytes);
  } finally {
    bytes.writeUInt32LE(before, 0);
  }
}

function asBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
