import type { Chunk } from "../../chunk/index.js";
import type { StoreId } from "../../core/index.js";

/** A store beside the recording: a blueprint and what shall become of it, or (some chunks of) another recording from a file. */
export interface StoreMessage {
  readonly storeId: StoreId;
  readonly chunks: readonly Chunk[];
  /** Of a recording: `false`. */
  readonly makeActive: boolean;
  /** Of a recording: `false`. */
  readonly makeDefault: boolean;
}

/**
 * Where a recording's chunks go. Owned by one recording at a time, which closes it; a recording may have several at once.
 *
 * A sink may be behind what it was given. It never holds more than a stated number of bytes: then `write` waits.
 */
export interface Sink {
  /**
   * Begins a recording. Comes first, once.
   *
   * @throws RerunError `SinkFailed` when the sink cannot be used at all
   */
  open(storeId: StoreId): void;
  /**
   * Takes chunks, in order; one call for each tick or threshold of the batcher, so that what comes together can travel
   * together. The chunks' buffers may be read later on, never written. Blocks while too much is under way.
   * Failures warn, and what was lost is counted for `flush` and `close`: logging goes on.
   */
  write(chunks: readonly Chunk[]): void;
  /** Takes a store beside the recording, or a part of one, in order with the recording's chunks. As `write`. Not all sinks can. */
  writeStore?(message: StoreMessage): void;
  /**
   * Resolves when everything taken so far is where it belongs.
   *
   * @throws RerunError `SinkFailed`, an error with `loss`, when something was lost since this was last said
   */
  flush(): Promise<void>;
  /**
   * Brings what is left and the end, synchronously: it works while the process exits. Idempotent.
   *
   * @throws RerunError `SinkFailed`, as `flush`
   */
  close(): void;
}
