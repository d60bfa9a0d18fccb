import { FRAME_HEAD_BYTES, writeFrameHead } from "./grpc-frames.js";

/** What frames are written to: a stream of HTTP/2, or a response of either HTTP. */
export interface FrameTarget {
  write(bytes: Uint8Array, callback: () => void): boolean;
  cork(): void;
  uncork(): void;
  readonly destroyed?: boolean;
  on(event: "drain" | "close", listener: () => void): unknown;
}

/** Messages up to this size are gathered; larger ones are written as they are, without a copy. */
const GATHERED_BYTES = 16 * 1024;
const BUFFER_BYTES = 64 * 1024;

/**
 * Frames messages and writes them: small ones together, as one write of Node's costs far more than a copy of a few kB.
 *
 * Holds what the target has not taken at most until the next turn of the event loop.
 */
export class FrameWriter {
  readonly #target: FrameTarget;
  #buffer: Uint8Array | undefined;
  #used = 0;
  #scheduled: ReturnType<typeof setImmediate> | undefined;
  #isFull = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];
  /** Writes that the target has not passed on. */
  #numWrites = 0;
  #flushing: (() => void)[] = [];

  constructor(target: FrameTarget) {
    this.#target = target;
    target.on("drain", () => {
      this.#isFull = false;
      this.#wake();
    });
    target.on("close", () => {
      this.#isClosed = true;
      this.#dropBuffer();
      this.#wake();
      this.#numWrites = 0;
      this.#wakeFlushing();
    });
  }

  /**
   * Sends one message that consists of `parts`. Parts of large messages are not copied: they must not change any more.
   *
   * @returns a promise when the peer is behind: whoever awaits it holds only what the peer can take. It never rejects; when the
   *   peer is gone, what is sent goes nowhere
   */
  send(...parts: readonly Uint8Array[]): Promise<void> | undefined {
    return this.sendFrame(0, parts);
  }

  sendFrame(flags: number, parts: readonly Uint8Array[]): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    let length = 0;
    for (const part of parts) length += part.length;
    if (length > GATHERED_BYTES) this.#writeLarge(flags, length, parts);
    else this.#gather(flags, length, parts);
    return this.#isFull ? this.#drained() : undefined;
  }

  /** As `send`, for what is framed already, whole messages or not. It is not copied. */
  sendBytes(...parts: readonly Uint8Array[]): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    this.#writeAll(parts);
    return this.#isFull ? this.#drained() : undefined;
  }

  /** Writes what is gathered. */
  flush(): void {
    const bytes = this.#buffer?.subarray(0, this.#used);
    this.#dropBuffer();
    if (bytes !== undefined && bytes.length > 0) this.#write(bytes);
  }

  /** Resolves when all that was sent has left this process, or the peer is gone. */
  async flushed(): Promise<void> {
    this.flush();
    if (this.#numWrites > 0) await new Promise<void>((resolve) => this.#flushing.push(resolve));
  }

  #gather(flags: number, length: number, parts: readonly Uint8Array[]): void {
    const size = FRAME_HEAD_BYTES + length;
    if (this.#used + size > BUFFER_BYTES) this.flush();
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
    writeFrameHead(this.#buffer, this.#used, flags, length);
    let at = this.#used + FRAME_HEAD_BYTES;
    for (const part of parts) {
      this.#buffer.set(part, at);
      at += part.length;
    }
    this.#used = at;
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  #writeLarge(flags: number, length: number, parts: readonly Uint8Array[]): void {
    const head = new Uint8Array(FRAME_HEAD_BYTES);
    writeFrameHead(head, 0, flags, length);
    this.#writeAll([head, ...parts]);
  }

  #writeAll(parts: readonly Uint8Array[]): void {
    this.#target.cork();
    this.flush();
    for (const part of parts) if (part.length > 0) this.#write(part);
    this.#target.uncork();
  }

  #write(bytes: Uint8Array): void {
    if (this.#isClosed || this.#target.destroyed === true) return;
    this.#numWrites += 1;
    const onWritten = (): void => {
      this.#numWrites -= 1;
      if (this.#numWrites <= 0) this.#wakeFlushing();
    };
    if (!this.#target.write(bytes, onWritten)) this.#isFull = true;
  }

  #dropBuffer(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#buffer = undefined;
    this.#used = 0;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wakeFlushing(): void {
    const flushing = this.#flushing;
    this.#flushing = [];
    for (const resolve of flushing) resolve();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
