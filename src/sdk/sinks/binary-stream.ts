import type { Chunk } from "../../chunk/index.js";
import { joinBytes, type StoreId } from "../../core/index.js";
import { RrdEncoder } from "../../rrd/index.js";
import { SOURCE } from "../source.js";
import { encodeStore } from "./encode-store.js";
import type { Sink, StoreMessage } from "./sink.js";

export interface ReadOptions {
  /** Whether rows that still wait to become chunks come too. Default `true`. */
  readonly flush?: boolean;
}

/** A recording as the bytes of a `.rrd` stream, taken out as they come: all that was ever read, joined, is one file. */
export class BinaryStream implements Sink {
  readonly #flush: () => void;
  readonly #encoder = new RrdEncoder();
  #storeId: StoreId | undefined;
  #parts: Uint8Array[] = [];

  /** @param flush brings what the recording still collects */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  open(storeId: StoreId): void {
    this.#storeId = storeId;
    this.#parts.push(this.#encoder.start({ storeId, source: SOURCE }));
  }

  write(chunks: readonly Chunk[]): void {
    const storeId = this.#storeId;
    if (storeId !== undefined) for (const chunk of chunks) this.#parts.push(this.#encoder.chunk(storeId, chunk));
  }

  writeStore(message: StoreMessage): void {
    this.#parts.push(...encodeStore(this.#encoder, message));
  }

  async flush(): Promise<void> {
    this.#flush();
  }

  close(): void {
    this.#storeId = undefined;
    this.#parts.push(this.#encoder.finish());
  }

  /** The bytes since the last call; `undefined` when there are none. The end, with the index, comes once the recording is closed. */
  read(options: ReadOptions = {}): Uint8Array | undefined {
    if (options.flush ?? true) this.#flush();
    const bytes = joinBytes(this.#parts);
    this.#parts = [];
    return bytes.length === 0 ? undefined : bytes;
  }
}
