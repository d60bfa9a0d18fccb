import type { Chunk } from "../../src/chunk/index.js";
import { type ChunkSource, ChunkStore, NO_LIMITS, sourceOfStore } from "../../src/store/index.js";

export interface CountingSource extends ChunkSource {
  /** The ids of each fetch. */
  readonly fetched: string[][];
  readonly numClosed: number;
}

/**
 * Chunks that lie elsewhere, told what is fetched of them.
 *
 * @param beforeFetch what each fetch waits for, or fails with
 */
export function countingSource(
  chunks: readonly Chunk[],
  beforeFetch: (signal: AbortSignal | undefined) => Promise<void> = async () => undefined,
): CountingSource {
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (const chunk of chunks) store.insert(chunk);
  const base = sourceOfStore(store);
  const fetched: string[][] = [];
  let numClosed = 0;
  return {
    ...base,
    fetched,
    get numClosed() {
      return numClosed;
    },
    async fetch(entries, options = {}) {
      fetched.push(entries.map(({ id }) => id));
      await beforeFetch(options.signal);
      return base.fetch(entries, options);
    },
    async close() {
      numClosed += 1;
    },
  };
}
