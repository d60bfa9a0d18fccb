import { createRequire } from "node:module";
import { type Lz4Codec, setLz4Codec } from "../rrd/index.js";

/** What we use of the optional package `lz4-napi`: its blocks have the size in front, as four little-endian bytes. */
interface Lz4Napi {
  compressSync(source: Buffer): Buffer;
  uncompressSync(source: Buffer): Buffer;
}

const PREFIX_BYTES = 4;

/** Has large blocks compressed by `lz4-napi` when it is installed for this machine; otherwise by our own code. */
export function useNativeLz4(): void {
  const native = loadNative();
  if (native !== undefined) setLz4Codec(codecOf(native));
}

function loadNative(): Lz4Napi | undefined {
  try {
    return createRequire(import.meta.url)("lz4-napi") as Lz4Napi;
  } catch {
    // An optional dependency that is not there, or has no build for this machine: our own codec does.
    return undefined;
  }
}

function codecOf(native: Lz4Napi): Lz4Codec {
  return {
    compress: (source) => native.compressSync(bufferOf(source)).subarray(PREFIX_BYTES),
    decompress: (source, size) => {
      const block = Buffer.allocUnsafe(PREFIX_BYTES + source.length);
      block.writeUInt32LE(size, 0);
      block.set(source, PREFIX_BYTES);
      return native.uncompressSync(block);
    },
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
