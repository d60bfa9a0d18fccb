import { RerunError, type Warning, type WarningReporter, warnOnce } from "../core/index.js";
import { ByteQueue } from "./byte-queue.js";
import {
  FRAME_HEADER_BYTES,
  formatVersion,
  isNewer,
  KIND_END,
  RRD_VERSION,
  readFrameHeader,
  readStreamFooter,
  readStreamHeader,
  STREAM_FOOTER_BYTES,
  STREAM_HEADER_BYTES,
} from "./frames.js";
import { MessageDecoder } from "./message-decoder.js";
import type { RrdMessage } from "./messages.js";

export interface RrdDecoderOptions {
  /** Where damage is reported, with its place in the file. Default: printed once. */
  readonly warn?: WarningReporter;
}

/** A file that is damaged everywhere does not get a warning for each message. */
const MAX_WARNINGS = 20;

/**
 * The messages of a whole recording in memory. Chunks have memory of their own.
 *
 * What is whole is delivered; messages that cannot be decoded are left out and reported, as is a file that ends too early.
 *
 * @throws RerunError `CorruptFile` when it does not begin as a recording does, or is of a version too old
 */
export function* decodeRrd(bytes: Uint8Array, options: RrdDecoderOptions = {}): Generator<RrdMessage, void, undefined> {
  const decoder = new RrdStreamDecoder(options);
  yield* decoder.push(bytes);
  decoder.finish();
}

/**
 * The same for a recording that comes in pieces. Take all messages of one `push` before the next; at the end call `finish`.
 * A piece must not change while bytes of it are pending.
 */
export class RrdStreamDecoder {
  readonly #queue = new ByteQueue();
  readonly #warn: WarningReporter;
  readonly #decoder: MessageDecoder;
  #state: "header" | "message" | "footer" | "stopped" = "header";
  #numStreams = 0;
  #numWarnings = 0;

  constructor(options: RrdDecoderOptions = {}) {
    this.#warn = options.warn ?? warnOnce;
    this.#decoder = new MessageDecoder((warning) => this.#report(warning));
  }

  /** Bytes at the end of what was pushed that belong to a message which is not complete. */
  get numPending(): number {
    return this.#queue.length;
  }

  /** The messages that these bytes complete. */
  *push(bytes: Uint8Array): Generator<RrdMessage, void, undefined> {
    if (this.#state === "stopped") return;
    this.#queue.push(bytes);
    for (;;) {
      const message = this.#step();
      if (message === undefined) return;
      if (message !== "none") yield message;
    }
  }

  /** Says that no more bytes come: reports when that is too early. */
  finish(): void {
    const { length, position } = this.#queue;
    if (length > 0 && this.#state !== "stopped" && this.#state !== "footer") {
      this.#damage(`The recording ends within a message that begins at byte ${position}: what is before it was read`);
    }
    this.#state = "stopped";
    this.#queue.clear();
    const left = this.#numWarnings - MAX_WARNINGS;
    if (left > 0) this.#warn({ code: "CorruptFile", message: `The recording has ${left} more problems of this kind` });
  }

  /** Takes one part off the queue. `undefined` = more bytes are needed, `"none"` = go on. */
  #step(): RrdMessage | "none" | undefined {
    switch (this.#state) {
      case "header":
        return this.#header();
      case "message":
        return this.#message();
      case "footer":
        return this.#footer();
      case "stopped":
        return undefined;
    }
  }

  #header(): "none" | undefined {
    if (this.#queue.length < STREAM_HEADER_BYTES) return undefined;
    const { position } = this.#queue;
    try {
      const version = readStreamHeader(this.#queue.peek(STREAM_HEADER_BYTES), position);
      this.#decoder.version = formatVersion(version);
      if (isNewer(version)) {
        const ours = formatVersion(RRD_VERSION);
        const message = `The recording is of Rerun ${formatVersion(version)}, newer than ${ours}: parts of it may not be understood`;
        this.#report({ code: "InvalidData", message });
      }
    } catch (error) {
      // What was read so far stays valid: several recordings may stand in one file.
      if (this.#numStreams === 0 || !(error instanceof RerunError)) {
        this.#stop();
        throw error;
      }
      return this.#stop(`The recording has bytes at its end that are not understood, from byte ${position} on`);
    }
    this.#queue.take(STREAM_HEADER_BYTES);
    this.#numStreams += 1;
    this.#state = "message";
    return "none";
  }

  #message(): RrdMessage | "none" | undefined {
    if (this.#queue.length < FRAME_HEADER_BYTES) return undefined;
    const { position } = this.#queue;
    const { kind, length } = readFrameHeader(this.#queue.peek(FRAME_HEADER_BYTES));
    if (kind === undefined) {
      this.#state = "header";
      return "none";
    }
    if (length === undefined) return this.#stop(`The recording is damaged at byte ${position}: a message of more than 2 GiB`);
    if (this.#queue.length < FRAME_HEADER_BYTES + length) return undefined;
    this.#queue.take(FRAME_HEADER_BYTES);
    const payload = this.#queue.take(length);
    if (kind === KIND_END) {
      this.#state = "footer";
      return "none";
    }
    try {
      return this.#decoder.decode(kind, payload, position + FRAME_HEADER_BYTES);
    } catch (error) {
      if (!(error instanceof RerunError)) throw error;
      this.#damage(`The message at byte ${position} was left out: ${error.message}`);
      return "none";
    }
  }

  /** After the end of a stream: its footer, or another stream without one in between. */
  #footer(): "none" | undefined {
    if (this.#queue.length < STREAM_FOOTER_BYTES) return undefined;
    const { position } = this.#queue;
    if (readStreamFooter(this.#queue.peek(STREAM_FOOTER_BYTES)) !== undefined) {
      this.#queue.take(STREAM_FOOTER_BYTES);
      this.#state = "header";
      return "none";
    }
    try {
      readStreamHeader(this.#queue.peek(STREAM_HEADER_BYTES), position);
    } catch {
      return this.#stop(`The recording has bytes behind its end that are not understood, from byte ${position} on`);
    }
    this.#state = "header";
    return "none";
  }

  #stop(reason?: string): undefined {
    this.#state = "stopped";
    this.#queue.clear();
    if (reason !== undefined) this.#damage(reason);
  }

  #damage(message: string): void {
    this.#report({ code: "CorruptFile", message });
  }

  #report(warning: Warning): void {
    this.#numWarnings += 1;
    if (this.#numWarnings <= MAX_WARNINGS) this.#warn(warning);
  }
}
