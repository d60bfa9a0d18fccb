import { type Chunk, compareRowIds, isStatic } from "../chunk/index.js";
import type { EntityIndex } from "./entity-index.js";

/**
 * The chunks to drop so that at least `excessBytes` become free: those with the smallest row ids first. Never a static one, and
 * never one that holds the latest cell of a component on a timeline. Fewer when nothing else may go.
 */
export function chunksToCollect(chunks: Iterable<Chunk>, entities: Iterable<EntityIndex>, excessBytes: number): Chunk[] {
  const kept = latestChunks(entities);
  const candidates = [...chunks].filter((chunk) => !isStatic(chunk) && !kept.has(chunk));
  candidates.sort((a, b) => compareRowIds(a, 0, b, 0));
  const dropped: Chunk[] = [];
  let freed = 0;
  for (const chunk of candidates) {
    if (freed >= excessBytes) break;
    dropped.push(chunk);
    freed += chunk.sizeBytes;
  }
  return dropped;
}

function latestChunks(entities: Iterable<EntityIndex>): Set<Chunk> {
  const latest = new Set<Chunk>();
  for (const entity of entities) {
    for (const timeline of entity.timelines()) {
      for (const tree of entity.trees(timeline)) {
        const last = tree.last();
        if (last !== undefined) latest.add(last);
      }
    }
  }
  return latest;
}
