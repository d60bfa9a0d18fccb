import { RerunError, type WarningReporter } from "../core/index.js";
import { type LogMsgKind, logMsgHead, readArrowMsg, readLogMsg } from "../protos/index.js";
import {
  FRAME_HEADER_BYTES,
  formatVersion,
  KIND_ARROW_MSG,
  KIND_BLUEPRINT_ACTIVATION,
  KIND_SET_STORE_INFO,
  MessageDecoder,
  RRD_VERSION,
  type RrdMessage,
  readFrameHeader,
  STREAM_HEADER_BYTES,
} from "../rrd/index.js";

const FRAME_KIND: Readonly<Record<LogMsgKind, number>> = {
  storeInfo: KIND_SET_STORE_INFO,
  chunk: KIND_ARROW_MSG,
  blueprintActivation: KIND_BLUEPRINT_ACTIVATION,
};
const KIND_OF_FRAME: ReadonlyMap<number | undefined, LogMsgKind> = new Map(
  Object.entries(FRAME_KIND).map(([kind, frame]) => [frame, kind as LogMsgKind]),
);
/** What every `.rrd` stream begins with; no frame does. */
const STREAM_START = 0x52;

/**
 * What `RrdEncoder` made for a file, `start` or a chunk, as a message for a message proxy, in parts: the payload is the same.
 */
export function logMsgOfFrame(bytes: Uint8Array): readonly Uint8Array[] {
  const frame = bytes[0] === STREAM_START ? bytes.subarray(STREAM_HEADER_BYTES) : bytes;
  const kind = KIND_OF_FRAME.get(readFrameHeader(frame).kind);
  if (kind === undefined) throw new RerunError("InvalidArgument", "a frame that is no message of a recording");
  const payload = frame.subarray(FRAME_HEADER_BYTES);
  return [logMsgHead(kind, payload.length), payload];
}

/** Decodes the messages that one peer writes to a message proxy, or a proxy answers. */
export class LogMsgDecoder {
  readonly #decoder: MessageDecoder;
  readonly #maxBytes: number;

  /** @param options `maxBytes`: what a chunk may become when it is unpacked */
  constructor(options: { readonly warn: WarningReporter; readonly maxBytes: number }) {
    this.#decoder = new MessageDecoder(options.warn);
    this.#decoder.version = formatVersion(RRD_VERSION);
    this.#maxBytes = options.maxBytes;
  }

  /**
   * The message in a `WriteMessagesRequest` or `ReadMessagesResponse`, which is not referred to afterwards.
   *
   * @throws RerunError `InvalidData`, `LimitExceeded`
   */
  decode(bytes: Uint8Array): RrdMessage {
    try {
      const view = readLogMsg(bytes);
      if (view === undefined) throw new RerunError("InvalidData", "missing `log_msg` in `WriteMessagesRequest`");
      if (view.kind === "chunk") this.#checkSize(readArrowMsg(view.payload).uncompressedSize);
      return this.#decoder.decode(FRAME_KIND[view.kind], view.payload, 0);
    } catch (cause) {
      if (cause instanceof RerunError && cause.code !== "CorruptFile") throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RerunError("InvalidData", `the message cannot be read: ${why}`, { cause });
    }
  }

  #checkSize(numBytes: number): void {
    if (numBytes <= this.#maxBytes) return;
    throw new RerunError("LimitExceeded", `a chunk of ${numBytes} bytes is more than the ${this.#maxBytes} bytes that are taken`);
  }
}
