import { type Chunk, compareRowIds, latestAtRow, latestCell } from "../../chunk/index.js";
import { type PlainValue, parentPath, valueAt } from "../../core/index.js";
import { areSpaced, type CellTimes, lastRowOf, offsetOf, rowBy } from "../cell-times.js";
import type { ChunkRow, EntityIndex } from "../entity-index.js";

export interface LatestAtQuery {
  /** Canonical text. */
  readonly entityPath: string;
  /** Component identifier, e.g. `Points3D:positions`. */
  readonly component: string;
  /** `undefined` = static data only. */
  readonly timeline: string | undefined;
  /** Inclusive. */
  readonly at: bigint;
}

/** The cell that answers a latest-at query. */
export interface LatestAtResult {
  readonly chunk: Chunk;
  readonly row: number;
  /** Time of the row on the query's timeline; absent when the data is static. */
  readonly time?: bigint;
}

/**
 * The latest cell of a component of one entity: the static one when there is one, else the one with the greatest
 * (time, row id) at or before the query's time. Null cells are skipped, empty ones are answers.
 */
export function latestAtInEntity(entity: EntityIndex, query: Omit<LatestAtQuery, "entityPath">): LatestAtResult | undefined {
  const { component, timeline, at } = query;
  const fixed = entity.statics.get(component);
  if (fixed !== undefined || timeline === undefined) return fixed;
  const tree = entity.tree(timeline, component);
  if (tree === undefined) return undefined;
  let best: TimedCell | undefined;
  const consider = (found: TimedCell): void => {
    if (best === undefined || compareCells(found.time, found, best.time, best) > 0) best = found;
  };
  tree.visitAt(at, {
    open: (chunk, times, since, length) => {
      if (areSpaced(times) && !Number.isNaN(since + length)) {
        const row = rowBy(times, since, length);
        consider({ chunk, row, time: at - BigInt(since - offsetOf(times, row, length)) });
        return;
      }
      const row = areSpaced(times) ? latestAtRow(chunk, timeline, at, component) : latestCell(times, at);
      const time = row === undefined ? undefined : columnOf(chunk, timeline, times)?.[row];
      if (row !== undefined && time !== undefined) consider({ chunk, row, time });
    },
    ended: (chunk, times, since) => {
      const time = Number.isNaN(since) ? columnOf(chunk, timeline, times)?.[lastRowOf(times)] : at - BigInt(since);
      if (time !== undefined && (best === undefined || time >= best.time)) consider({ chunk, row: lastRowOf(times), time });
    },
  });
  return best;
}

function columnOf(chunk: Chunk, timeline: string, times: CellTimes): BigInt64Array | undefined {
  return areSpaced(times) ? chunk.timelines.get(timeline)?.times : times.times;
}

interface TimedCell extends ChunkRow {
  readonly time: bigint;
}

/**
 * The same over chunks of one entity that are all static or all temporal: the greatest (time, row id) at or before the query's
 * time, or the greatest row id.
 */
export function latestOfChunks(
  chunks: Iterable<Chunk>,
  { component, timeline, at }: Omit<LatestAtQuery, "entityPath">,
): LatestAtResult | undefined {
  let best: LatestAtResult | undefined;
  for (const chunk of chunks) {
    const row = latestAtRow(chunk, timeline, at, component);
    if (row === undefined) continue;
    const time = timeline === undefined ? undefined : chunk.timelines.get(timeline)?.times[row];
    const found = time === undefined ? { chunk, row } : { chunk, row, time };
    if (best === undefined || compareResults(found, best) > 0) best = found;
  }
  return best;
}

/** What `latestAtWithClear` asks. */
export interface LatestAtSource {
  latestAt(query: LatestAtQuery): LatestAtResult | undefined;
}

const CLEAR = "Clear:is_recursive";

/**
 * Latest-at as a viewer shows it: nothing when the entity was cleared after the cell, or an ancestor was, recursively.
 *
 * A cell survives only when its (time, row id) is greater than that of the latest clear; static data counts as later than every
 * temporal clear, and a static clear hides all temporal data. A clear does not hide itself.
 */
export function latestAtWithClear(source: LatestAtSource, query: LatestAtQuery): LatestAtResult | undefined {
  const found = source.latestAt(query);
  if (found === undefined || query.component === CLEAR) return found;
  for (let path: string | undefined = query.entityPath; path !== undefined; path = parentPath(path)) {
    const clear = source.latestAt({ ...query, entityPath: path, component: CLEAR });
    if (clear === undefined) continue;
    const isRecursive = firstInstance(clear);
    if (typeof isRecursive !== "boolean" || (path !== query.entityPath && !isRecursive)) continue;
    if (compareResults(found, clear) <= 0) return undefined;
  }
  return found;
}

function firstInstance({ chunk, row }: ChunkRow): PlainValue {
  const list = chunk.components.get(CLEAR)?.list;
  const cell = list === undefined ? null : valueAt(list, row);
  return Array.isArray(cell) ? (cell[0] ?? null) : null;
}

/** Static is greater than every time. */
function compareResults(a: LatestAtResult, b: LatestAtResult): number {
  if (a.time === undefined && b.time === undefined) return compareRowIds(a.chunk, a.row, b.chunk, b.row);
  if (a.time === undefined || b.time === undefined) return a.time === undefined ? 1 : -1;
  return compareCells(a.time, a, b.time, b);
}

function compareCells(aTime: bigint, a: ChunkRow, bTime: bigint, b: ChunkRow): number {
  return aTime < bTime ? -1 : aTime > bTime ? 1 : compareRowIds(a.chunk, a.row, b.chunk, b.row);
}
