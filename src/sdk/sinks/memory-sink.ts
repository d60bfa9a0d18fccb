import type { Chunk } from "../../chunk/index.js";
import { joinBytes, type StoreId } from "../../core/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import { encodeStore } from "./encode-store.js";
import type { Sink, StoreMessage } from "./sink.js";

/** A recording kept in memory, to be taken out as the bytes of a `.rrd` file. */
export class MemoryRecording implements Sink {
  readonly #flush: () => void;
  #storeId: StoreId | undefined;
  #chunks: Chunk[] = [];
  #stores: StoreMessage[] = [];

  /** @param flush brings what the recording still collects */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  open(storeId: StoreId): void {
    this.#storeId = storeId;
  }

  write(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#chunks.push(chunk);
  }

  writeStore(message: StoreMessage): void {
    this.#stores.push(message);
  }

  async flush(): Promise<void> {
    // Everything is in memory when it came.
  }

  close(): void {
    // What was kept can still be taken out.
  }

  /** Number of chunks that wait to be taken out. */
  numMsgs(): number {
    this.#flush();
    return this.#chunks.length;
  }

  /** All chunks so far as one complete `.rrd` stream, with footer. They are not kept any longer. */
  drainAsBytes(): Uint8Array {
    this.#flush();
    const chunks = this.#chunks;
    this.#chunks = [];
    const stores = this.#stores;
    this.#stores = [];
    const storeId = this.#storeId;
    if (storeId === undefined) return new Uint8Array(0);
    const encoder = new RrdEncoder();
    const parts = [encoder.start({ storeId, source: SOURCE })];
    for (const message of stores) parts.push(...encodeStore(encoder, message));
    for (const chunk of chunks) parts.push(encoder.chunk(storeId, chunk));
    parts.push(encoder.finish());
    return joinBytes(parts);
  }
}
