import { type ByteSource, freshBytes } from "./byte-source.js";

/** What is read at once. */
const PIECE_BYTES = 8 * 1024 * 1024;

/**
 * Reads a source from start to end in pieces, each behind what is left of the one before, so that every message lies in one
 * piece. The next piece is read while the last one is used. There are two buffers, used by turns: fresh memory for all of a
 * large file costs more than reading it.
 */
export class PieceReader {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  readonly #pieceBytes: number;
  /** Room before a piece for what is left of the one before. */
  readonly #roomBytes: number;
  #buffers: readonly [Uint8Array | undefined, Uint8Array | undefined] = [undefined, undefined];
  #numRead = 0;
  #numGiven = 0;
  #coming: Promise<Uint8Array> | undefined;

  constructor(source: ByteSource, signal?: AbortSignal, pieceBytes: number = PIECE_BYTES) {
    this.#source = source;
    this.#signal = signal;
    this.#pieceBytes = Math.min(pieceBytes, source.sizeBytes);
    this.#roomBytes = source.sizeBytes > pieceBytes ? pieceBytes : 0;
  }

  /** Bytes that no piece has had. */
  get numLeft(): number {
    return this.#source.sizeBytes - this.#numGiven;
  }

  /**
   * `left`, which is the end of the last piece, and what follows it: at least as much as is needed. Nothing follows when that
   * is more than there is, or at the end. Valid until the next call.
   *
   * @throws RerunError as `ByteSource.readInto`
   */
  async next(left: Uint8Array, numNeeded: number): Promise<Uint8Array> {
    if (numNeeded > left.length + this.numLeft) return left;
    const read = await (this.#coming ?? this.#read());
    const isLarge = left.length > this.#roomBytes || left.length + read.length < numNeeded;
    const piece = isLarge ? await this.#join(left, read, numNeeded) : before(left, read);
    this.#numGiven += piece.length - left.length;
    this.#coming = this.#read();
    this.#coming.catch(() => undefined); // Told when it is waited for.
    return piece;
  }

  async #read(): Promise<Uint8Array> {
    const [free, used] = this.#buffers;
    const buffer = free ?? freshBytes(this.#roomBytes + this.#pieceBytes);
    this.#buffers = [used, buffer];
    const piece = buffer.subarray(this.#roomBytes).subarray(0, this.#source.sizeBytes - this.#numRead);
    return this.#fill(piece);
  }

  async #fill(target: Uint8Array): Promise<Uint8Array> {
    const offset = this.#numRead;
    this.#numRead += target.length;
    await this.#source.readInto(target, offset, this.#signal);
    return target;
  }

  /** A message that is larger than a piece gets memory of its own, and the rest of it is read at once. */
  async #join(left: Uint8Array, read: Uint8Array, numNeeded: number): Promise<Uint8Array> {
    const piece = freshBytes(Math.max(left.length + read.length, numNeeded));
    piece.set(left);
    piece.set(read, left.length);
    await this.#fill(piece.subarray(left.length + read.length));
    return piece;
  }
}

/** `left` and `piece`, in the buffer of `piece`. */
function before(left: Uint8Array, piece: Uint8Array): Uint8Array {
  const joined = new Uint8Array(piece.buffer, piece.byteOffset - left.length, left.length + piece.length);
  joined.set(left);
  return joined;
}
