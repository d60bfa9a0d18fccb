import { type Chunk, compareRowIds } from "../../chunk/index.js";
import { ChunkStore } from "../chunk-store.js";
import { NO_LIMITS } from "../store-config.js";

/**
 * The chunks of one recording that came in several parts: each id once, static chunks without those that newer ones took the
 * place of, by their smallest row ids. Chunks stay as they are cut.
 */
export function mergeRecording(chunks: Iterable<Chunk>): Chunk[] {
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (const chunk of chunks) store.insert(chunk);
  return [...store.chunks()].sort((a, b) => compareRowIds(a, 0, b, 0) || (a.id < b.id ? -1 : 1));
}
