import { RerunError, type Warning, type WarningReporter, warnOnce } from "../core/index.js";
import { ByteQueue } from "./byte-queue.js";
import { Damage } from "./damage.js";
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
  /** Where damage is reported, once, with its place in the file. Default: printed once. */
  readonly warn?: WarningReporter;
  /** Path or address of the recording, for messages. */
  readonly name?: string;
}

/** Of what is odd in chunks, but no damage: a file does not get a warning for each message. */
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
  try {
    yield* decoder.push(bytes);
    decoder.finish();
  } finally {
    decoder.report();
  }
}

/**
 * The same for a recording that comes in pieces. Take all messages of one `push` before the next; at the end call `finish`.
 * A piece must not change while bytes of it are pending.
 */
export class RrdStreamDecoder {
  readonly #queue = new ByteQueue();
  readonly #warn: WarningReporter;
  readonly #damage: Damage;
  readonly #decoder: MessageDecoder;
  #state: "header" | "message" | "footer" | "stopped" = "header";
  #numStreams = 0;
  #numWarnings = 0;

  /** @param damage of the recording, when more is known of it than is read here */
  constructor(options: RrdDecoderOptions = {}, damage: Damage = new Damage(options)) {
    this.#warn = options.warn ?? warnOnce;
    this.#damage = damage;
    this.#decoder = new MessageDecoder((warning) => this.#warnAFewTimes(warning));
  }

  /** Whether damage keeps it from reading what comes next. */
  get isStopped(): boolean {
    return this.#state === "stopped";
  }

  /** Bytes at the end of what was pushed that belong to a message which is not complete. */
  get numPending(): number {
    return this.#queue.length;
  }

  /** How many bytes, with the pending ones, complete the message that they begin; 0 as long as that is not known. */
  get numNeeded(): number {
    if (this.#state !== "message" || this.#queue.length < FRAME_HEADER_BYTES) return 0;
    return FRAME_HEADER_BYTES + (readFrameHeader(this.#queue.peek(FRAME_HEADER_BYTES)).length ?? 0);
  }

  /** What is wrong with what was read so far. */
  get damage(): Warning | undefined {
    return this.#damage.warning();
  }

  /** The messages that these bytes complete. */
  *push(bytes: Uint8Array): Generator<RrdMessage, void, undefined> {
    if (this.#state === "stopped") {
      this.#damage.lose(bytes.length);
      return;
    }
    this.#queue.push(bytes);
    for (;;) {
      const message = this.#step();
      if (message === undefined) return;
      if (message !== "none") yield message;
    }
  }

  /** The pending bytes, which it forgets: the next push begins with them. A view of the last push, if that was all. */
  takePending(): Uint8Array {
    const pending = this.#queue.peek(this.#queue.length);
    this.#queue.putBack();
    return pending;
  }

  /** Says that no more bytes come: reports when that is too early. @param numUnread bytes that there are but were not pushed */
  finish(numUnread = 0): void {
    const { length, position } = this.#queue;
    if (this.#state === "stopped") {
      this.#damage.lose(numUnread);
    } else if (length > 0 && this.#state !== "footer") {
      const what = `The recording ends within a message that begins at byte ${position}: what is before it was read`;
      this.#damage.add(position, length + numUnread, what);
    }
    this.#state = "stopped";
    this.#queue.clear();
    this.report();
    const left = this.#numWarnings - MAX_WARNINGS;
    if (left > 0) this.#warn({ code: "InvalidData", message: `The recording has ${left} more problems of this kind` });
  }

  /** Reports the damage that was found so far, if that was not done. For those who stop early; `finish` does it too. */
  report(): void {
    this.#damage.report();
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
        this.#warnAFewTimes({ code: "InvalidData", message });
      }
    } catch (error) {
      // What was read so far stays valid: several recordings may stand in one file.
      if (this.#numStreams === 0 || !(error instanceof RerunError)) {
        this.#end();
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
    const offset = position + FRAME_HEADER_BYTES;
    try {
      return this.#decoder.decode(kind, payload, offset);
    } catch (error) {
      if (!(error instanceof RerunError)) throw error;
      this.#damage.addMessage(offset, length, error);
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

  #stop(reason: string): undefined {
    this.#damage.add(this.#queue.position, this.#queue.length, reason);
    this.#end();
  }

  #end(): void {
    this.#state = "stopped";
    this.#queue.clear();
  }

  #warnAFewTimes(warning: Warning): void {
    this.#numWarnings += 1;
    if (this.#numWarnings <= MAX_WARNINGS) this.#warn(warning);
  }
}
