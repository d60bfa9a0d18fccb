import { closeSync, openSync, writeSync } from "node:fs";
import type { Chunk } from "../../chunk/index.js";
import { RerunError, type StoreId, warnOnce } from "../../core/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import { encodeBlueprint } from "./encode-blueprint.js";
import { LossCounter } from "./loss.js";
import type { BlueprintMessage, Sink } from "./sink.js";

/** Writes a recording to a `.rrd` file, chunk by chunk; what is written survives the process. The footer comes at the end. */
export class FileSink implements Sink {
  readonly path: string;
  readonly #encoder = new RrdEncoder();
  readonly #losses = new LossCounter();
  #storeId: StoreId | undefined;
  #file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  open(storeId: StoreId): void {
    try {
      this.#file = openSync(this.path, "w");
      this.#storeId = storeId;
      writeAll(this.#file, this.#encoder.start({ storeId, source: SOURCE }));
    } catch (cause) {
      this.#stop();
      throw new RerunError("SinkFailed", `save: the file cannot be written: ${reasonOf(cause)}: ${this.path}`, { cause });
    }
  }

  write(chunks: readonly Chunk[]): void {
    const { file, storeId } = { file: this.#file, storeId: this.#storeId };
    if (storeId === undefined) return;
    for (const chunk of chunks) {
      if (file === undefined) this.#lose([chunk], "the file was closed after an error");
      else this.#attempt([chunk], () => writeAll(file, this.#encoder.chunk(storeId, chunk)));
    }
  }

  blueprint(message: BlueprintMessage): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#attempt(message.chunks, () => {
      for (const bytes of encodeBlueprint(this.#encoder, message)) writeAll(file, bytes);
    });
  }

  async flush(): Promise<void> {
    // Everything was written when it came.
    this.#losses.check(this.path);
  }

  close(): void {
    const file = this.#file;
    if (file !== undefined) this.#attempt([], () => writeAll(file, this.#encoder.finish()));
    this.#stop();
    this.#losses.check(this.path);
  }

  /** A failure while logging warns and ends the file: the program goes on. */
  #attempt(chunks: readonly Chunk[], work: () => void): void {
    try {
      work();
    } catch (error) {
      warnOnce({ code: "SinkFailed", message: `The recording is no longer written: ${reasonOf(error)}: ${this.path}` });
      this.#stop();
      this.#lose(chunks, reasonOf(error));
    }
  }

  #lose(chunks: readonly Chunk[], reason: string): void {
    for (const { numRows, sizeBytes } of chunks) this.#losses.add({ numChunks: 1, numRows, numBytes: sizeBytes, reason });
  }

  #stop(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Writes all bytes: a single call may take only some of them. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

/** What the system says, without the path it says it of: ours comes last in the message, and may be another. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, "") : String(error);
}
