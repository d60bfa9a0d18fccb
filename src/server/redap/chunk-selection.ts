import type { ManifestChunk } from "../../rrd/index.js";
import type { LayerChunks } from "./layer-chunks.js";

/** Which entities and components are wanted: `all` of them, or by path those components (`all`: each). */
export type Contents = "all" | ReadonlyMap<string, "all" | ReadonlySet<string>>;

/** Which chunks of a segment are wanted beside the static ones. */
export type TimeSelection =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | {
      readonly kind: "times";
      readonly timeline: string;
      /** Inclusive; chunks with a row in it are wanted. */
      readonly range?: { readonly start: bigint; readonly end: bigint };
      /** Ascending; chunks with a row at one of them are wanted. */
      readonly values: readonly bigint[];
      /** Ascending; chunks that answer a latest-at query at one of them are wanted. */
      readonly latestAt: readonly bigint[];
    };

/**
 * Numbers of the chunks that a query needs, the static ones always; some more may be among them.
 */
export function selectChunks(chunks: LayerChunks, contents: Contents, time: TimeSelection): number[] {
  const selected: number[] = [];
  const latest = time.kind === "times" && time.latestAt.length > 0 ? latestChunks(chunks, time) : undefined;
  chunks.manifest.chunks.forEach((chunk, index) => {
    if (!hasContents(chunk, contents)) return;
    const isWanted = chunk.isStatic || isInTime(chunk, time) || latest?.has(index) === true;
    if (isWanted) selected.push(index);
  });
  return selected;
}

function hasContents(chunk: ManifestChunk, contents: Contents): boolean {
  if (contents === "all") return true;
  const wanted = contents.get(chunk.entityPath);
  if (wanted === undefined) return false;
  return wanted === "all" || [...chunk.components.keys()].some((component) => wanted.has(component));
}

function isInTime(chunk: ManifestChunk, time: TimeSelection): boolean {
  if (time.kind !== "times") return time.kind === "all";
  const own = chunk.timelines.get(time.timeline);
  if (own === undefined) return false;
  const { range } = time;
  if (range !== undefined && own.min <= range.end && own.max >= range.start) return true;
  const first = firstFrom(time.values, own.min);
  return first !== undefined && first <= own.max;
}

type Times = Extract<TimeSelection, { kind: "times" }>;

interface Cells {
  readonly chunk: number;
  readonly min: bigint;
  readonly max: bigint;
}

/**
 * The chunks that may hold the last cell of some component at or before one of the times. The last cell at `t` is at least as late
 * as the end of the last chunk that ends by then; so a chunk is wanted that begins by `t` and does not end before that.
 */
function latestChunks({ manifest }: LayerChunks, { timeline, latestAt }: Times): Set<number> {
  const selected = new Set<number>();
  for (const cells of cellsByComponent(manifest, timeline).values()) {
    const ends = cells.map(({ max }) => max).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const { chunk, min, max } of cells) {
      const time = firstFrom(latestAt, min);
      if (time === undefined) continue;
      const lastEnd = lastUpTo(ends, time);
      if (lastEnd === undefined || max >= lastEnd) selected.add(chunk);
    }
  }
  return selected;
}

/** By entity and component, the chunks with cells of it. */
function cellsByComponent(manifest: LayerChunks["manifest"], timeline: string): Map<string, Cells[]> {
  const all = new Map<string, Cells[]>();
  manifest.chunks.forEach((entry, chunk) => {
    if (entry.isStatic) return;
    for (const [component, { timelines }] of entry.components) {
      const range = timelines.get(timeline);
      if (range === undefined) continue;
      const key = JSON.stringify([entry.entityPath, component]);
      const list = all.get(key) ?? [];
      list.push({ chunk, ...range });
      all.set(key, list);
    }
  });
  return all;
}

/** The first of ascending numbers that is not below `from`. */
function firstFrom(sorted: readonly bigint[], from: bigint): bigint | undefined {
  return sorted[countBelow(sorted, from)];
}

/** The last of ascending numbers that is not above `to`. */
function lastUpTo(sorted: readonly bigint[], to: bigint): bigint | undefined {
  return sorted[countBelow(sorted, to + 1n) - 1];
}

function countBelow(sorted: readonly bigint[], limit: bigint): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0n) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
