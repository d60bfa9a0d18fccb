import { FRAME_HEAD_BYTES, type GrpcFrame, messageLength, TRAILER_FLAG } from "../grpc-frames.js";

/** So much is taken at once for a message that is announced; more only as its bytes arrive. */
const TRUSTED_BYTES = 16 * 2 ** 20;
const ALIGNMENT = 8;
const NOTHING = new Uint8Array(0);

export interface OwnMessageOptions {
  /** Messages above this are refused. */
  readonly maxMessageBytes: number;
  /**
   * Where in a message, of which these are the first bytes, the data begin that should lie at a multiple of 8 in memory.
   * Default: at its start.
   */
  readonly dataAt?: ((start: Uint8Array) => number) | undefined;
}

/**
 * Takes the bytes of a stream as they come, and gives its messages in memory of their own: each byte is copied once, the bytes
 * that were taken may be overwritten, and a message may be kept.
 */
export class OwnMessageReader {
  readonly #maxMessageBytes: number;
  readonly #dataAt: (start: Uint8Array) => number;
  readonly #head = new Uint8Array(FRAME_HEAD_BYTES);
  #headSize = 0;
  /** The message that is being read: what of it has come, and all that it will have. */
  #message: Uint8Array = NOTHING;
  #size = 0;
  #length = 0;

  constructor({ maxMessageBytes, dataAt = () => 0 }: OwnMessageOptions) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#dataAt = dataAt;
  }

  /** Whether the stream ended within a message. */
  get isWithinMessage(): boolean {
    return this.#headSize > 0;
  }

  /**
   * The frames that `bytes` completes.
   *
   * @throws RerunError `LimitExceeded`, `Unsupported` for compressed messages
   */
  take(bytes: Uint8Array): readonly GrpcFrame[] {
    const frames: GrpcFrame[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#headSize < FRAME_HEAD_BYTES) {
        this.#head[this.#headSize++] = bytes[at++] ?? 0;
        if (this.#headSize < FRAME_HEAD_BYTES) continue;
        this.#length = messageLength(this.#head, this.#maxMessageBytes);
      } else {
        at += this.#add(bytes.subarray(at, at + this.#length - this.#size));
      }
      if (this.#size < this.#length) continue;
      frames.push({ isTrailer: this.#head[0] === TRAILER_FLAG, bytes: this.#message });
      this.#message = NOTHING;
      this.#headSize = this.#size = this.#length = 0;
    }
    return frames;
  }

  #add(part: Uint8Array): number {
    if (this.#size === 0) this.#message = this.#allocate(part);
    const size = this.#size + part.length;
    if (size > this.#message.length) {
      const larger = allocate(Math.min(this.#length, Math.max(size, 2 * this.#message.length)));
      larger.set(this.#message.subarray(0, this.#size));
      this.#message = larger;
    }
    this.#message.set(part, this.#size);
    this.#size = size;
    return part.length;
  }

  #allocate(start: Uint8Array): Uint8Array {
    const before = (ALIGNMENT - (this.#dataAt(start) % ALIGNMENT)) % ALIGNMENT;
    return allocate(before + Math.min(this.#length, TRUSTED_BYTES)).subarray(before);
  }
}

/** Not filled with zeros: no more of it is given away than was written. */
function allocate(size: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(size);
  return new Uint8Array(buffer, byteOffset, size);
}
