/**
 * Chunk bodies in the buffers of reply parts. A buffer holds pieces one after the other, each a header of 32 bytes — chunk id
 * (16), offset in the body, length of the piece, length of the body (u32 each, little-endian), 4 zero bytes — and its bytes,
 * padded to a multiple of 8. A body that fits into a part is one piece; a larger one is cut at multiples of
 * `MAX_PIECE_BYTES`, so that repeated answers are cut at the same places.
 */
import { RerunError, TUID_BYTES, tuidFromHex, tuidToHex } from "../core/index.js";
import { align } from "./block.js";
import { MAX_PART_BYTES } from "./messages.js";

const HEADER_BYTES = 32;
export const MAX_PIECE_BYTES: number = MAX_PART_BYTES - HEADER_BYTES;
/** Largest body that is put together. */
export const MAX_BODY_BYTES: number = 1024 * 1024 * 1024;

/** Bytes `offset … offset + bytes.length - 1` of the body of a chunk of `total` bytes. */
export interface Piece {
  readonly chunkId: string;
  readonly offset: number;
  readonly total: number;
  readonly bytes: Uint8Array;
}

/** The bodies, which may be made while this goes on, packed into buffers of at most `MAX_PART_BYTES`. */
export function* packPieces(bodies: Iterable<{ readonly chunkId: string; readonly body: Uint8Array }>): Generator<Uint8Array> {
  let waiting: Piece[] = [];
  let size = 0;
  for (const { chunkId, body } of bodies) {
    for (let offset = 0; offset < body.length; offset += MAX_PIECE_BYTES) {
      const bytes = body.subarray(offset, offset + MAX_PIECE_BYTES);
      const needed = HEADER_BYTES + align(bytes.length);
      if (size + needed > MAX_PART_BYTES) {
        yield joinPieces(waiting, size);
        waiting = [];
        size = 0;
      }
      waiting.push({ chunkId, offset, total: body.length, bytes });
      size += needed;
    }
  }
  if (waiting.length > 0) yield joinPieces(waiting, size);
}

function joinPieces(pieces: readonly Piece[], size: number): Uint8Array {
  const buffer = new Uint8Array(size);
  const view = new DataView(buffer.buffer);
  let at = 0;
  for (const { chunkId, offset, total, bytes } of pieces) {
    buffer.set(tuidFromHex(chunkId), at);
    view.setUint32(at + TUID_BYTES, offset, true);
    view.setUint32(at + TUID_BYTES + 4, bytes.length, true);
    view.setUint32(at + TUID_BYTES + 8, total, true);
    buffer.set(bytes, at + HEADER_BYTES);
    at += HEADER_BYTES + align(bytes.length);
  }
  return buffer;
}

/** The pieces in `buffer`, as views of it. @throws RerunError `InvalidData` */
export function unpackPieces(buffer: Uint8Array): Piece[] {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const pieces: Piece[] = [];
  for (let at = 0; at < buffer.length; ) {
    if (at + HEADER_BYTES > buffer.length) throw damaged(`a header at ${at} of ${buffer.length} bytes`);
    const offset = view.getUint32(at + TUID_BYTES, true);
    const length = view.getUint32(at + TUID_BYTES + 4, true);
    const total = view.getUint32(at + TUID_BYTES + 8, true);
    const start = at + HEADER_BYTES;
    const expected = Math.min(MAX_PIECE_BYTES, total - offset);
    if (offset % MAX_PIECE_BYTES !== 0 || offset >= total || length !== expected || start + length > buffer.length) {
      throw damaged(`bytes ${offset} … ${offset + length} of ${total}`);
    }
    if (total > MAX_BODY_BYTES)
      throw new RerunError("LimitExceeded", `A chunk of ${total} bytes is above the limit of ${MAX_BODY_BYTES}`);
    pieces.push({ chunkId: tuidToHex(buffer, at), offset, total, bytes: buffer.subarray(start, start + length) });
    at = start + align(length);
  }
  return pieces;
}

function damaged(problem: string): RerunError {
  return new RerunError("InvalidData", `Damaged piece of a chunk: ${problem}`);
}
