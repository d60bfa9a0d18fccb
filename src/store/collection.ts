import { type Chunk, compareRowIds, isStatic } from "../chunk/index.js";
import type { TimeRange } from "../core/index.js";
import type { EntityIndex } from "./entity-index.js";

/** How a collection goes about. Whole chunks are dropped, the oldest row ids first; never static ones. */
export interface CollectOptions {
  /** Ends when at most so many bytes are left. Default: 0, all that may go goes. */
  readonly targetBytes?: number;
  /** Ends after so many milliseconds, but not before the first chunk is dropped. Default: no limit. */
  readonly timeBudgetMs?: number;
  /** So many chunks stay of each component on each timeline: those that end last. Default: 1. */
  readonly protectLatest?: number;
  /** Chunks stay that have a row in the range of a timeline, by its name. */
  readonly protectedTimeRanges?: ReadonlyMap<string, TimeRange>;
  /** Chunks with these ids stay. */
  readonly protectedChunks?: ReadonlySet<string>;
  /** Chunks go first that are farthest from this time, such as a viewer's cursor; then those that lack the timeline. */
  readonly furthestFrom?: { readonly timeline: string; readonly at: bigint };
}

/** The chunks that may go, in the order in which they should. */
export function chunksToCollect(chunks: Iterable<Chunk>, entities: Iterable<EntityIndex>, options: CollectOptions): Chunk[] {
  const { protectLatest = 1, protectedTimeRanges = new Map<string, TimeRange>(), protectedChunks, furthestFrom } = options;
  const latest = latestChunks(entities, protectLatest);
  const candidates: Chunk[] = [];
  for (const chunk of chunks) {
    if (isStatic(chunk) || latest.has(chunk) || protectedChunks?.has(chunk.id)) continue;
    if (!hasRowIn(chunk, protectedTimeRanges)) candidates.push(chunk);
  }
  candidates.sort((a, b) => compareRowIds(a, 0, b, 0));
  return furthestFrom === undefined ? candidates : farthestFirst(candidates, furthestFrom);
}

function latestChunks(entities: Iterable<EntityIndex>, count: number): Set<Chunk> {
  const latest = new Set<Chunk>();
  for (const entity of entities) {
    for (const timeline of entity.timelines()) {
      for (const tree of entity.trees(timeline)) {
        let chunk = count > 0 ? tree.last() : undefined;
        for (let left = count; chunk !== undefined && left > 0; left--) {
          latest.add(chunk);
          chunk = left > 1 ? tree.before(chunk) : undefined;
        }
      }
    }
  }
  return latest;
}

function hasRowIn(chunk: Chunk, ranges: ReadonlyMap<string, TimeRange>): boolean {
  for (const [timeline, { min, max }] of ranges) {
    const range = chunk.timelines.get(timeline)?.range;
    if (range !== undefined && range.min <= max && range.max >= min) return true;
  }
  return false;
}

/** Keeps the order of chunks that are equally far away. */
function farthestFirst(chunks: readonly Chunk[], { timeline, at }: NonNullable<CollectOptions["furthestFrom"]>): Chunk[] {
  const distances = new Map(chunks.map((chunk) => [chunk, distanceOf(chunk, timeline, at)]));
  const distance = (chunk: Chunk): bigint => distances.get(chunk) ?? -1n;
  return [...chunks].sort((a, b) => (distance(a) > distance(b) ? -1 : distance(a) < distance(b) ? 1 : 0));
}

/** 0 when the time lies within the chunk, negative without that timeline. */
function distanceOf(chunk: Chunk, timeline: string, at: bigint): bigint {
  const range = chunk.timelines.get(timeline)?.range;
  if (range === undefined) return -1n;
  return at < range.min ? range.min - at : at > range.max ? at - range.max : 0n;
}
