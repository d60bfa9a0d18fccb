import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId, warnOnce } from "../../core/index.js";
import { LossCounter } from "./loss.js";
import { OutputFile, reasonOf, STDOUT } from "./output-file.js";
import { RecordingWriter } from "./recording-writer.js";
import type { Sink, StoreMessage } from "./sink.js";

const NAME = "standard output";

export interface StdoutSinkOptions {
  /** Whether the stream ends with an index of its chunks. Default `true`. */
  readonly writeFooter?: boolean;
}

/** Writes a recording to the standard output of the process, for a viewer at the other end of the pipe. */
export class StdoutSink implements Sink {
  readonly #writeFooter: boolean;
  readonly #losses = new LossCounter();
  #writer: RecordingWriter | undefined;

  constructor(options: StdoutSinkOptions = {}) {
    this.#writeFooter = options.writeFooter ?? true;
  }

  open(storeId: StoreId): void {
    try {
      const file = new OutputFile(NAME, { descriptor: STDOUT, position: 0 });
      const reporter = { lost: this.#losses.add.bind(this.#losses), warn: warnOnce };
      this.#writer = new RecordingWriter(file, { storeId, writeFooter: this.#writeFooter, reporter });
    } catch (cause) {
      throw new RerunError("SinkFailed", `stdout: nothing can be written: ${reasonOf(cause)}`, { cause });
    }
  }

  write(chunks: readonly Chunk[]): void {
    this.#writer?.write(chunks);
  }

  writeStore(message: StoreMessage): void {
    this.#writer?.writeStore(message);
  }

  async flush(): Promise<void> {
    this.#losses.check(NAME);
  }

  close(): void {
    this.#writer?.end();
    this.#writer = undefined;
    this.#losses.check(NAME);
  }
}
