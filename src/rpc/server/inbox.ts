import type { Readable } from "node:stream";
import { isRerunError, RerunError } from "../../core/index.js";
import { GrpcFrameReader } from "../grpc-frames.js";

interface Sender {
  held: number;
  readonly end: (error: RerunError) => void;
}

/**
 * What peers have sent and nobody has taken, of all calls of a server together. When it is too much, the call that holds the most is
 * ended: a peer that sends half of a large message and stops does not keep others from sending theirs.
 */
export class Inbox {
  readonly #maxBytes: number;
  #bytes = 0;
  readonly #senders = new Set<Sender>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A call that begins: tells how much it holds, 0 at its end. @param end ends it */
  open(end: (error: RerunError) => void): (bytes: number) => void {
    const sender: Sender = { held: 0, end };
    return (bytes) => {
      this.#bytes += bytes - sender.held;
      sender.held = bytes;
      if (bytes === 0) this.#senders.delete(sender);
      else this.#senders.add(sender);
      if (this.#bytes > this.#maxBytes) this.#endLargest();
    };
  }

  #endLargest(): void {
    let largest: Sender | undefined;
    for (const sender of this.#senders) if (largest === undefined || sender.held > largest.held) largest = sender;
    const text = `the calls under way have sent more than ${this.#maxBytes} bytes that wait to be taken, this one the most`;
    largest?.end(new RerunError("LimitExceeded", text));
  }
}

export interface MessageBatchesOptions {
  readonly maxMessageBytes: number;
  readonly inbox: Inbox;
  /** How long nothing may come while the peer owes the rest of a message. */
  readonly messageTimeoutMs: number;
  /** Whether it owes the first message as well: its call cannot begin without it. */
  readonly isAwaited: boolean;
  /** Ends the call. */
  readonly end: (error: RerunError) => void;
}

/** The messages of a request as they come, several at a time, see `RawCall.requests`. */
export async function* messageBatches(
  request: Readable,
  { maxMessageBytes, inbox, messageTimeoutMs, isAwaited, end }: MessageBatchesOptions,
): AsyncGenerator<readonly Uint8Array[]> {
  const reader = new GrpcFrameReader(maxMessageBytes);
  let ending: RerunError | undefined;
  const hold = inbox.open((error) => {
    ending = error;
    end(error);
  });
  const late = (): void => {
    end(new RerunError("Timeout", `nothing came for ${messageTimeoutMs / 1000} s, within a message`));
  };
  let timer = isAwaited ? setTimeout(late, messageTimeoutMs).unref() : undefined;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      hold(reader.sizeBytes + chunk.length);
      if (ending !== undefined) throw ending;
      const frames = reader.take(chunk);
      if (frames.some(({ isTrailer }) => isTrailer)) throw new RerunError("InvalidData", "trailers do not come from clients");
      // Whoever gets messages of a stream has done with them when it asks for the next ones.
      if (frames.length > 0) yield frames.map(({ bytes }) => bytes);
      hold(reader.sizeBytes);
      if (reader.isWithinMessage) timer = setTimeout(late, messageTimeoutMs).unref();
    }
  } catch (error) {
    if (isRerunError(error)) throw error;
    throw new RerunError("Closed", "the peer ended the call", { cause: error });
  } finally {
    clearTimeout(timer);
    hold(0);
  }
  if (reader.isWithinMessage) throw new RerunError("InvalidData", "the stream ends within a message");
}
