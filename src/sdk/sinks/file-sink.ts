import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId, warnOnce } from "../../core/index.js";
import { LossCounter } from "./loss.js";
import { type FileIdentity, identityOfPath, isSameFile, OutputFile, reasonOf } from "./output-file.js";
import { RecordingWriter } from "./recording-writer.js";
import type { Sink, StoreMessage } from "./sink.js";
import type { SinkReporter } from "./sink-endpoint.js";
import { canStartThread, SinkThread } from "./sink-thread.js";

export interface FileSinkOptions {
  /** Whether the file ends with an index of its chunks. Default `true`. */
  readonly writeFooter?: boolean;
  /** For tests: after how many milliseconds of work another thread takes over. */
  readonly threadAfterMillis?: number;
}

/**
 * When the recording's own thread has spent so much time on writing, another one takes over: to start it costs as much
 * (measured: 150 ms of processor time until its code is as fast, and 30 MB), so that short recordings are quicker without.
 */
const MILLIS_BEFORE_THREAD = 1000;

/** The sinks that have a file open: a file is one's at a time. */
const openSinks = new Set<FileSink>();

/**
 * Writes a recording to a `.rrd` file, chunk by chunk; what is written survives the process. The footer comes at the end.
 *
 * A recording that keeps it busy gets a thread that compresses and writes while the program goes on.
 */
export class FileSink implements Sink {
  readonly path: string;
  readonly #writeFooter: boolean;
  readonly #threadAfterMillis: number;
  readonly #losses = new LossCounter();
  #storeId: StoreId | undefined;
  #file: OutputFile | undefined;
  /** While this thread writes. */
  #writer: RecordingWriter | undefined;
  #thread: SinkThread | undefined;
  #busyMillis = 0;

  constructor(path: string, options: FileSinkOptions = {}) {
    this.path = path;
    this.#writeFooter = options.writeFooter ?? true;
    this.#threadAfterMillis = options.threadAfterMillis ?? MILLIS_BEFORE_THREAD;
  }

  open(storeId: StoreId): void {
    let file: OutputFile | undefined;
    try {
      const before = identityOfPath(this.path);
      for (const other of openSinks) if (before !== undefined && other.#isOf(before)) other.#end();
      file = new OutputFile(this.path);
      const reporter: SinkReporter = { lost: (loss) => this.#losses.add(loss), warn: warnOnce };
      this.#writer = new RecordingWriter(file, { storeId, writeFooter: this.#writeFooter, reporter });
      this.#file = file;
      this.#storeId = storeId;
      openSinks.add(this);
    } catch (cause) {
      file?.close();
      throw new RerunError("SinkFailed", `save: the file cannot be written: ${reasonOf(cause)}: ${this.path}`, { cause });
    }
  }

  write(chunks: readonly Chunk[]): void {
    const storeId = this.#storeId;
    if (storeId === undefined) return;
    if (this.#thread !== undefined) {
      this.#thread.write(storeId, chunks);
      return;
    }
    const start = performance.now();
    this.#writer?.write(chunks);
    this.#busyMillis += performance.now() - start;
    if (this.#busyMillis > this.#threadAfterMillis) this.#startThread(storeId);
  }

  writeStore(message: StoreMessage): void {
    (this.#thread ?? this.#writer)?.writeStore(message);
  }

  async flush(): Promise<void> {
    this.#writer?.flush();
    await this.#thread?.flush();
    this.#losses.check(this.path);
  }

  close(): void {
    this.#end();
    this.#losses.check(this.path);
  }

  #startThread(storeId: StoreId): void {
    const [file, writer] = [this.#file, this.#writer];
    if (file === undefined || writer === undefined || !file.isRegular || !canStartThread()) return;
    const { descriptor, position } = file;
    const [path, writeFooter, before] = [this.path, this.#writeFooter, writer.state];
    const job = { kind: "file", path, storeId, writeFooter, descriptor, position, before } as const;
    this.#thread = new SinkThread(job, path, this.#losses);
    this.#writer = undefined;
  }

  #isOf(identity: FileIdentity): boolean {
    return this.#file !== undefined && isSameFile(this.#file.identity, identity);
  }

  #end(): void {
    this.#writer?.end();
    this.#thread?.end();
    this.#writer = undefined;
    this.#thread = undefined;
    this.#storeId = undefined;
    this.#file = undefined;
    openSinks.delete(this);
  }
}
