import type { Chunk } from "../../chunk/index.js";
import type { TimeRange } from "../../core/index.js";
import type { ChunkSummary } from "../../link/client.js";

/** Where the next data are; `needed` = chunks that must be looked into before that is certain. */
export interface StepAnswer {
  readonly time: bigint | undefined;
  readonly needed: readonly string[];
}

/**
 * The nearest time after (`next`) or before (`previous`) `time` at which anything was logged on that timeline.
 * Most chunks answer by their range; only one that spans `time` must be here.
 */
export function stepToData(
  summaries: Iterable<ChunkSummary>,
  timeline: string,
  time: bigint,
  direction: "next" | "previous",
  peek: (chunkId: string) => Chunk | undefined,
): StepAnswer {
  const isNext = direction === "next";
  let best: bigint | undefined;
  const spanning: ChunkSummary[] = [];
  const consider = (candidate: bigint): void => {
    const qualifies = isNext ? candidate > time : candidate < time;
    if (qualifies && (best === undefined || (isNext ? candidate < best : candidate > best))) best = candidate;
  };
  for (const summary of summaries) {
    const range = summary.timelines.get(timeline);
    if (range === undefined) continue;
    if (isNext ? range.min > time : range.max < time) consider(isNext ? range.min : range.max);
    else if (isNext ? range.max > time : range.min < time) spanning.push(summary);
  }
  const needed: string[] = [];
  for (const summary of spanning) {
    const times = peek(summary.id)?.timelines.get(timeline)?.times;
    if (times === undefined) needed.push(summary.id);
    else for (const candidate of times) consider(candidate);
  }
  return { time: best, needed };
}

/** How many rows fall into each of `buckets` equal parts of `range`, by the chunks' ranges alone (rows taken as evenly spread). */
export function dataDensity(
  summaries: Iterable<ChunkSummary>,
  timeline: string,
  range: TimeRange,
  buckets: number,
): Float32Array {
  const density = new Float32Array(buckets);
  const span = Number(range.max - range.min) || 1;
  const bucketOf = (time: bigint): number => Math.min(buckets - 1, Math.max(0, (Number(time - range.min) / span) * buckets));
  for (const summary of summaries) {
    const rows = summary.timelines.get(timeline);
    if (rows === undefined) continue;
    const from = bucketOf(rows.min);
    const to = bucketOf(rows.max);
    const first = Math.floor(from);
    const last = Math.floor(to);
    for (let bucket = first; bucket <= last; bucket++) {
      const share = to > from ? (Math.min(to, bucket + 1) - Math.max(from, bucket)) / (to - from) : 1;
      density[bucket] = (density[bucket] ?? 0) + summary.numRows * share;
    }
  }
  return density;
}
