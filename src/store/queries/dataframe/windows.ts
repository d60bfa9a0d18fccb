/** In which order the chunks of a query are read, and how many of them are in memory at once. */
import type { ChunkEntry } from "../../../chunk/index.js";
import { TIME_MAX } from "../../../core/index.js";

/** A part of the index that is joined at once. */
export interface Window {
  /** Chunks that begin in it. */
  readonly entries: readonly ChunkEntry[];
  /** Its last time. */
  readonly end: bigint;
}

/** Rows of one batch at most, unless asked for otherwise: what is joined at once takes a few bytes for each row and column. */
export const MAX_BATCH_ROWS = 65_536;
/** Windows below this share of it are not worth their own batch. */
const MIN_SHARE = 1 / 8;

/**
 * Cuts the index between chunks into windows of at least an eighth of `maxRows` rows, so that whole chunks are joined where they lie beside
 * each other.
 */
export function planWindows(entries: readonly ChunkEntry[], timeline: string, maxRows: number = MAX_BATCH_ROWS): Window[] {
  const sorted = [...entries].sort((a, b) => compare(startOf(a, timeline), startOf(b, timeline)));
  const windows: Window[] = [];
  let begun: ChunkEntry[] = [];
  let rows = new Map<string, number>();
  let most = 0;
  sorted.forEach((entry, i) => {
    begun.push(entry);
    const ofEntity = (rows.get(entry.entityPath) ?? 0) + entry.numRows;
    rows.set(entry.entityPath, ofEntity);
    most = Math.max(most, ofEntity);
    const next = sorted[i + 1];
    if (next === undefined) windows.push({ entries: begun, end: TIME_MAX });
    else if (most >= maxRows * MIN_SHARE && startOf(next, timeline) > startOf(entry, timeline)) {
      windows.push({ entries: begun, end: startOf(next, timeline) - 1n });
      begun = [];
      rows = new Map();
      most = 0;
    }
  });
  return windows;
}

/** Bytes of chunks in memory in the worst window, with those of the next, which are read ahead. */
export function windowBytes(windows: readonly Window[], timeline: string): number {
  let live: ChunkEntry[] = [];
  let most = 0;
  windows.forEach((window, i) => {
    live.push(...window.entries);
    most = Math.max(most, sizeOf(live) + sizeOf(windows[i + 1]?.entries ?? []));
    live = live.filter((entry) => (entry.timelines.get(timeline)?.max ?? 0n) > window.end);
  });
  return most;
}

export function sizeOf(entries: Iterable<ChunkEntry>): number {
  let bytes = 0;
  for (const { sizeBytes } of entries) bytes += sizeBytes;
  return bytes;
}

function startOf(entry: ChunkEntry, timeline: string): bigint {
  return entry.timelines.get(timeline)?.min ?? 0n;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
