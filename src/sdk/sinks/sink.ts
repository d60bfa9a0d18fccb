import type { Chunk } from "../../chunk/index.js";
import type { StoreId } from "../../core/index.js";

/** A blueprint for the recording's application: a store of its own, and what shall become of it. */
export interface BlueprintMessage {
  readonly storeId: StoreId;
  readonly chunks: readonly Chunk[];
  readonly makeActive: boolean;
  readonly makeDefault: boolean;
}

/** Where a recording's chunks go. Owned by one recording at a time, which closes it. */
export interface Sink {
  /**
   * Begins a recording. Comes first, once.
   *
   * @throws RerunError `SinkFailed` when the sink cannot be used at all
   */
  open(storeId: StoreId): void;
  /** Takes a chunk. Failures warn: logging goes on. */
  write(chunk: Chunk): void;
  /** Takes a blueprint, where the sink can. Failures warn. */
  blueprint?(message: BlueprintMessage): void;
  /** Resolves when everything written so far is where it belongs. */
  flush(): Promise<void>;
  /** Writes what is left and the end, synchronously. Idempotent. */
  close(): void;
}
