import type { Chunk } from "../../chunk/index.js";
import { isRerunError, type StoreId } from "../../core/index.js";
import { RrdEncoder, type RrdEncoderState } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import { encodeSinkMessage } from "./encode-sink-message.js";
import { encodeStore } from "./encode-store.js";
import { addedCounts, type Count, countOf } from "./loss.js";
import { type OutputFile, reasonOf } from "./output-file.js";
import type { StoreMessage } from "./sink.js";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import type { SinkMessage } from "./sink-message.js";

export interface RecordingWriterOptions {
  readonly storeId: StoreId;
  readonly writeFooter: boolean;
  readonly reporter: SinkReporter;
}

/** What a writer knows of the recording so far, as plain values. */
export interface WriterState {
  readonly encoder: RrdEncoderState;
  readonly written: Count;
}

/** Chunks are put into the file together up to this size. */
const BATCH_BYTES = 1 << 22;
const NOTHING: Count = { numChunks: 0, numRows: 0, numBytes: 0 };

/**
 * Writes a recording to a file as it comes. What the file does not take is lost and counted, what comes later is tried again;
 * the file stays one that can be read.
 */
export class RecordingWriter implements SinkEndpoint {
  readonly #file: OutputFile;
  readonly #options: RecordingWriterOptions;
  #encoder: RrdEncoder;
  #written: Count;

  /**
   * Begins the recording, or goes on with it.
   *
   * @throws what `OutputFile` throws
   */
  constructor(file: OutputFile, options: RecordingWriterOptions, before?: WriterState) {
    this.#file = file;
    this.#options = options;
    this.#written = before?.written ?? NOTHING;
    this.#encoder = this.#newEncoder(before?.encoder);
    if (before === undefined) file.append([this.#encoder.start({ storeId: options.storeId, source: SOURCE })]);
  }

  /** For a writer in another thread that goes on with the file; this one is not used any more. */
  get state(): WriterState {
    return { encoder: this.#encoder.state, written: this.#written };
  }

  /** Takes chunks of the recording. */
  write(chunks: readonly Chunk[]): void {
    const { storeId } = this.#options;
    this.#inBatches(chunks, (batch) => batch.map((chunk) => this.#encoder.chunk(storeId, chunk)));
  }

  writeStore(message: StoreMessage): void {
    this.#attempt(() => encodeStore(this.#encoder, message), countOf(message.chunks));
  }

  take(messages: readonly SinkMessage[]): void {
    this.#attempt(
      () => messages.map((message) => encodeSinkMessage(this.#encoder, message)),
      countOf(messages.flatMap((message) => (message.kind === "chunk" ? [message.chunk] : []))),
    );
  }

  /** Everything was written when it came; looks whether it is still there. */
  flush(): void {
    this.#attempt(() => [], NOTHING);
  }

  /** Writes the footer and closes the file. */
  end(): void {
    this.#attempt(() => [this.#encoder.finish()], NOTHING);
    this.#file.close();
  }

  #newEncoder(resume?: RrdEncoderState): RrdEncoder {
    return new RrdEncoder({ writeFooter: this.#options.writeFooter, resume });
  }

  #inBatches(chunks: readonly Chunk[], encode: (batch: readonly Chunk[]) => readonly Uint8Array[]): void {
    for (let start = 0; start < chunks.length; ) {
      let end = start;
      for (let size = 0; end < chunks.length && size < BATCH_BYTES; end++) size += (chunks[end] as Chunk).sizeBytes;
      const batch = chunks.slice(start, end);
      this.#attempt(() => encode(batch), countOf(batch));
      start = end;
    }
  }

  /** Appends what `encode` gives. When that fails the recording is as before, and what was to be written is lost. */
  #attempt(encode: () => readonly Uint8Array[], count: Count): void {
    for (let isFirst = true; ; isFirst = false) {
      const mark = this.#encoder.mark();
      try {
        this.#file.append(encode());
        this.#written = addedCounts(this.#written, count);
        return;
      } catch (error) {
        this.#encoder.rewind(mark);
        if (isFirst && isRerunError(error, "SinkFailed") && this.#reopen(error.message)) continue;
        this.#lose(count, reasonOf(error));
        return;
      }
    }
  }

  /** Goes on with the file, or a new one in its place, after it was taken from us. */
  #reopen(reason: string): boolean {
    try {
      if (this.#file.reopen()) return true;
      const lost = this.#written;
      this.#written = NOTHING;
      this.#encoder = this.#newEncoder();
      this.#file.append([this.#encoder.start({ storeId: this.#options.storeId, source: SOURCE })]);
      this.#lose(lost, `${reason}, what comes later goes to a new one`);
      return true;
    } catch {
      return false; // Nothing but the first error helps the user.
    }
  }

  #lose(count: Count, reason: string): void {
    const { reporter } = this.#options;
    if (count.numChunks > 0) reporter.lost({ ...count, reason });
    const what = count.numChunks > 0 ? "Data of the recording were lost" : "The recording could not be written to its end";
    reporter.warn({ code: "SinkFailed", message: `${what}: ${reason}. Logging goes on: ${this.#file.path}` });
  }
}
