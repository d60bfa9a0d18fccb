import { type Chunk, compareRowIds, rangeRows } from "../../chunk/index.js";
import type { TimeRange } from "../../core/index.js";
import type { EntityIndex } from "../entity-index.js";

export interface RangeQuery {
  /** Canonical text. */
  readonly entityPath: string;
  /** Component identifier. */
  readonly component: string;
  readonly timeline: string;
  /** Inclusive. */
  readonly range: TimeRange;
}

/** Rows of one chunk by (time, row id). */
export interface ChunkRows {
  readonly chunk: Chunk;
  readonly rows: Uint32Array;
}

/**
 * The present cells of a component of one entity within a time range, by chunk; chunks by the time and id of their first
 * row. Chunks may overlap in time: `mergeRows` gives the one order. Static data: its one row, whatever the range.
 */
export function rangeInEntity(entity: EntityIndex, query: Omit<RangeQuery, "entityPath">): ChunkRows[] {
  const { component, timeline, range } = query;
  const fixed = entity.statics.get(component);
  if (fixed !== undefined) return [{ chunk: fixed.chunk, rows: Uint32Array.of(fixed.row) }];
  const parts: ChunkRows[] = [];
  if (range.min > range.max) return parts;
  entity.tree(timeline, component)?.forEachOverlap(range.min, range.max, (chunk) => {
    const rows = rangeRows(chunk, timeline, range, component);
    if (rows.length > 0) parts.push({ chunk, rows });
  });
  return byFirstRow(parts, timeline);
}

/** Sorts chunks by the (time, row id) of their first row, in place. */
export function byFirstRow(parts: ChunkRows[], timeline: string): ChunkRows[] {
  return parts.sort((a, b) => compareRows(timeline, a.chunk, a.rows[0] ?? 0, b.chunk, b.rows[0] ?? 0));
}

/** A row with its time; static rows have none. */
export interface TimedRow {
  readonly chunk: Chunk;
  readonly row: number;
  readonly time?: bigint;
}

/** All rows of a range query's answer by (time, row id). */
export function mergeRows(parts: readonly ChunkRows[], timeline: string): TimedRow[] {
  const all: TimedRow[] = [];
  for (const { chunk, rows } of parts) {
    const times = chunk.timelines.get(timeline)?.times;
    for (const row of rows) {
      const time = times?.[row];
      all.push(time === undefined ? { chunk, row } : { chunk, row, time });
    }
  }
  return areInOrder(parts, timeline) ? all : all.sort((a, b) => compareRows(timeline, a.chunk, a.row, b.chunk, b.row));
}

/** Whether each chunk's rows come after those of the chunk before. */
export function areInOrder(parts: readonly ChunkRows[], timeline: string): boolean {
  for (const [i, next] of parts.entries()) {
    const before = parts[i - 1];
    if (before === undefined) continue;
    const last = before.rows[before.rows.length - 1] ?? 0;
    if (compareRows(timeline, before.chunk, last, next.chunk, next.rows[0] ?? 0) > 0) return false;
  }
  return true;
}

function compareRows(timeline: string, a: Chunk, aRow: number, b: Chunk, bRow: number): number {
  const left = a.timelines.get(timeline)?.times[aRow] ?? 0n;
  const right = b.timelines.get(timeline)?.times[bRow] ?? 0n;
  return left < right ? -1 : left > right ? 1 : compareRowIds(a, aRow, b, bRow);
}
