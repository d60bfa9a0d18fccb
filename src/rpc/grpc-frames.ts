import { RerunError } from "../core/index.js";

/** Before each message: a byte of flags and four of length. */
export const FRAME_HEAD_BYTES = 5;
/** gRPC-web ends a response with a frame that holds the trailers as text. */
export const TRAILER_FLAG = 0x80;
const COMPRESSED_FLAG = 1;

/** A message of gRPC-web as it is framed: what is not a message is the trailers. */
export interface GrpcFrame {
  readonly isTrailer: boolean;
  readonly bytes: Uint8Array;
}

/** The five bytes before a message of `length` bytes. */
export function writeFrameHead(target: Uint8Array, at: number, flags: number, length: number): void {
  target[at] = flags;
  target[at + 1] = length >>> 24;
  target[at + 2] = length >>> 16;
  target[at + 3] = length >>> 8;
  target[at + 4] = length;
}

/**
 * Length of the message that this head announces.
 *
 * @throws RerunError `LimitExceeded`, `Unsupported` for compressed messages, `InvalidData` for what is no head of a message
 */
export function messageLength(head: Uint8Array, maxMessageBytes: number): number {
  const [flags = 0, a = 0, b = 0, c = 0, d = 0] = head;
  if ((flags & COMPRESSED_FLAG) !== 0) throw new RerunError("Unsupported", "compressed messages are not taken");
  if ((flags & ~TRAILER_FLAG) !== 0) {
    throw new RerunError("InvalidData", `a message has the unknown flags ${flags}: what comes is not framed as gRPC`);
  }
  const length = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  if (length > maxMessageBytes) {
    throw new RerunError(
      "LimitExceeded",
      `a message of ${length} bytes is more than the ${maxMessageBytes} bytes that are taken`,
    );
  }
  return length;
}

/**
 * Takes the bytes of a stream as they come, gives its messages. Memory is taken as bytes arrive, never for a length that is only
 * announced.
 */
export class GrpcFrameReader {
  readonly #maxMessageBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** What has come of the next message. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** Whether the stream ended within a message. */
  get isWithinMessage(): boolean {
    return this.#size > 0;
  }

  /**
   * The frames that `chunk` completes: views of it, except a frame that began earlier.
   *
   * @throws RerunError `LimitExceeded`, `Unsupported` for compressed messages
   */
  take(chunk: Uint8Array): readonly GrpcFrame[] {
    this.#parts.push(chunk);
    this.#size += chunk.length;
    const frames: GrpcFrame[] = [];
    for (;;) {
      const needed = this.#frameSize();
      if (needed === undefined || this.#size < needed) return frames;
      const bytes = this.#remove(needed);
      frames.push({ isTrailer: bytes[0] === TRAILER_FLAG, bytes: bytes.subarray(FRAME_HEAD_BYTES) });
    }
  }

  /** Size of the next frame with its head, once that has come. */
  #frameSize(): number | undefined {
    if (this.#size < FRAME_HEAD_BYTES) return undefined;
    let [head] = this.#parts;
    if (head === undefined || head.length < FRAME_HEAD_BYTES) {
      head = joined(this.#parts, this.#size);
      this.#parts = [head];
    }
    return FRAME_HEAD_BYTES + messageLength(head, this.#maxMessageBytes);
  }

  #remove(size: number): Uint8Array {
    const [first] = this.#parts;
    if (first !== undefined && first.length >= size) {
      if (first.length > size) this.#parts[0] = first.subarray(size);
      else this.#parts.shift();
      this.#size -= size;
      return first.subarray(0, size);
    }
    const all = joined(this.#parts, this.#size);
    this.#parts = all.length > size ? [all.subarray(size)] : [];
    this.#size -= size;
    return all.subarray(0, size);
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
