import type { Chunk } from "../../chunk/index.js";
import { isStatic, latestAtRow } from "../../chunk/index.js";
import { compareTuids } from "../../core/index.js";

/** One row of a chunk, with where it stands in time. `time` is `undefined` for static rows. */
export interface ChunkRow {
  readonly chunk: Chunk;
  readonly row: number;
  readonly time: bigint | undefined;
}

/** The row of `chunk` that answers a latest-at query for the component. */
export function latestRow(chunk: Chunk, component: string, timeline: string | undefined, time: bigint): ChunkRow | undefined {
  const row = latestAtRow(chunk, timeline, time, component);
  return row === undefined ? undefined : rowOf(chunk, row, timeline);
}

/** Whether the first value of the component's cell in that row is `true`. */
export function isTrueAt({ chunk, row }: ChunkRow, component: string): boolean {
  const list = chunk.components.get(component)?.list;
  const bits = list?.children?.[0]?.values;
  const start = list?.offsets?.[row] ?? 0;
  const isEmpty = (list?.offsets?.[row + 1] ?? 0) <= start;
  return !isEmpty && (Number(bits?.[start >> 3] ?? 0) & (1 << (start & 7))) !== 0;
}

/** Whether `a` comes after `b`: later, or at the same time with a greater row id. Static rows come after all others. */
export function isLater(a: ChunkRow, b: ChunkRow): boolean {
  if (a.time !== b.time) return a.time === undefined || (b.time !== undefined && a.time > b.time);
  return compareTuids(a.chunk.rowIds, a.row * 16, b.chunk.rowIds, b.row * 16) > 0;
}

function rowOf(chunk: Chunk, row: number, timeline: string | undefined): ChunkRow {
  const times = timeline === undefined ? undefined : chunk.timelines.get(timeline)?.times;
  return { chunk, row, time: isStatic(chunk) ? undefined : times?.[row] };
}
