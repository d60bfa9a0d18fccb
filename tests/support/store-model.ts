import type { Chunk } from "../../src/chunk/index.js";
import { isStatic, makeChunk } from "../../src/chunk/index.js";
import { chunkRows, type PlainRow } from "./chunk-rows.js";

/** A row as a store's model knows it. */
export interface ModelRow extends PlainRow {
  readonly entityPath: string;
  readonly isStatic: boolean;
}

/** Row ids of several chunks never collide, and interleave. */
export function withDistinctRowIds(list: readonly Chunk[]): Chunk[] {
  return list.map((chunk, n) => {
    const rowIds = chunk.rowIds.slice();
    for (let at = 0; at < rowIds.length; at += 16) rowIds[at + 8] = n;
    return makeChunk({ ...chunk, rowIds, timelines: chunk.timelines.values(), components: chunk.components.values() });
  });
}

/** Every row, by row id; of two chunks with one id the first. */
export function modelRows(list: Iterable<Chunk>, entityPath?: string): ModelRow[] {
  const seen = new Set<string>();
  const rows: ModelRow[] = [];
  for (const chunk of list) {
    if (seen.has(chunk.id)) continue;
    seen.add(chunk.id);
    if (entityPath !== undefined && chunk.entityPath !== entityPath) continue;
    for (const row of chunkRows(chunk)) rows.push({ ...row, entityPath: chunk.entityPath, isStatic: isStatic(chunk) });
  }
  return rows.sort((a, b) => (a.rowId < b.rowId ? -1 : 1));
}

export interface ScanQuery {
  readonly component: string;
  readonly timeline: string;
  readonly min: bigint;
  readonly max: bigint;
}

/** What a range query has to give, found by looking at every row. The rows are of one entity, by row id. */
export function scanRange(rows: readonly ModelRow[], { component, timeline, min, max }: ScanQuery): ModelRow[] {
  const present = rows.filter((row) => component in row.cells);
  const fixed = present.filter((row) => row.isStatic);
  if (fixed.length > 0) return fixed.slice(-1);
  const inside = present.filter(({ times }) => times[timeline] !== undefined && times[timeline] >= min && times[timeline] <= max);
  return inside.sort((a, b) => compareTimes(a.times[timeline] ?? 0n, b.times[timeline] ?? 0n));
}

/** What a latest-at query has to give. */
export function scanLatest(
  rows: readonly ModelRow[],
  query: Omit<ScanQuery, "min" | "max"> & { at: bigint },
): ModelRow | undefined {
  return scanRange(rows, { ...query, min: -(2n ** 63n), max: query.at }).at(-1);
}

/** A row as `chunkRows` gives it. */
export function plainRow({ rowId, times, cells }: ModelRow): PlainRow {
  return { rowId, times, cells };
}

function compareTimes(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
