import type { Chunk } from "../../chunk/index.js";
import { warnOnce } from "../../core/index.js";
import { ChunkStore, chunkLimitsFromEnv, NO_LIMITS } from "../../store/index.js";

export interface StoreSinkOptions {
  /** Beyond this many bytes the oldest chunks are dropped, static ones never. */
  readonly memoryLimitBytes: number;
  /** Whether the store stays when the recording goes to another sink (in a notebook). Otherwise that sink takes its chunks. */
  readonly isKept: boolean;
}

/** Holds a recording in memory: to be shown, exported, or handed to the first sink. */
export class StoreSink {
  readonly #options: StoreSinkOptions;
  #store: ChunkStore;
  #numEvicted = 0;
  #wasTaken = false;
  #isHolding = true;

  constructor(options: StoreSinkOptions) {
    this.#options = options;
    this.#store = this.#makeStore();
  }

  get store(): ChunkStore {
    return this.#store;
  }

  /** Chunks that the memory limit has cost so far. */
  get numEvicted(): number {
    return this.#numEvicted;
  }

  /** Whether chunks went to a sink and are not held any more. */
  get wasTaken(): boolean {
    return this.#wasTaken;
  }

  write(chunks: readonly Chunk[]): void {
    if (this.#isHolding) for (const chunk of chunks) this.#store.insert(chunk);
  }

  /** All chunks so far, for the first sink. The store lets go of them, unless it is kept. */
  take(): readonly Chunk[] {
    const chunks = [...this.#store.chunks()];
    if (!this.#options.isKept) {
      this.#store = this.#makeStore();
      this.#wasTaken = true;
      this.#isHolding = false;
    }
    return chunks;
  }

  /** Holds what comes from now on, after the sinks are gone. */
  resume(): void {
    this.#isHolding = true;
  }

  #makeStore(): ChunkStore {
    const { memoryLimitBytes, isKept } = this.#options;
    const store = new ChunkStore({ limits: isKept ? chunkLimitsFromEnv(process.env) : NO_LIMITS, memoryLimitBytes });
    store.subscribe((event) => {
      for (const { reason } of event.removed) if (reason === "collected") this.#numEvicted += 1;
      if (this.#numEvicted > 0) this.#warnEvicted();
    });
    return store;
  }

  #hasWarned = false;

  #warnEvicted(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const mib = Math.round(this.#options.memoryLimitBytes / 2 ** 20);
    warnOnce({
      code: "LimitExceeded",
      message: `The recording reached its memoryLimit of ${mib} MiB: its oldest chunks are dropped, ${this.#numEvicted} so far`,
    });
  }
}
