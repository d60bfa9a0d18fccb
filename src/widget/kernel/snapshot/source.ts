/** The newest values of a recording, for a picture of it. */
import { type Chunk, isStatic, latestRow } from "../../../chunk/index.js";
import { type ArrayData, compareEntityPaths, isValidAt } from "../../../core/index.js";

/** Instances `start … end - 1` of `values`. */
export interface Cell {
  readonly values: ArrayData;
  readonly start: number;
  readonly end: number;
}

export interface Row {
  readonly time: bigint;
  readonly cell: Cell;
}

export class SnapshotSource {
  readonly #chunks: Map<string, Chunk[]> = new Map();
  readonly numRows: number;
  /** The timeline with most rows; `undefined` when everything is static. */
  readonly timeline: string | undefined;

  constructor(chunks: Iterable<Chunk>, timeline?: string) {
    const rowsByTimeline = new Map<string, number>();
    let numRows = 0;
    for (const chunk of chunks) {
      const list = this.#chunks.get(chunk.entityPath);
      if (list === undefined) this.#chunks.set(chunk.entityPath, [chunk]);
      else list.push(chunk);
      numRows += chunk.numRows;
      for (const name of chunk.timelines.keys()) rowsByTimeline.set(name, (rowsByTimeline.get(name) ?? 0) + chunk.numRows);
    }
    this.numRows = numRows;
    this.timeline = timeline !== undefined && rowsByTimeline.has(timeline) ? timeline : preferred(rowsByTimeline);
  }

  /** All entities, in path order. */
  entities(): string[] {
    return [...this.#chunks.keys()].sort(compareEntityPaths);
  }

  /** Entities that have ever had the component, in path order. */
  entitiesWith(component: string): string[] {
    return this.entities().filter((path) => this.#chunks.get(path)?.some((chunk) => chunk.components.has(component)));
  }

  /** The static value, else the newest on the timeline (or on the entity's own). */
  latest(entityPath: string, component: string): Cell | undefined {
    let best: { readonly chunk: Chunk; readonly row: number } | undefined;
    const chunks = (this.#chunks.get(entityPath) ?? []).filter((chunk) => chunk.components.has(component));
    const timeline = timelineOf(chunks, this.timeline);
    for (const chunk of chunks) {
      const row = latestRow(chunk, timeline, component);
      if (row !== undefined && (best === undefined || isNewer(chunk, row, best, timeline))) best = { chunk, row };
    }
    return best === undefined ? undefined : cellAt(best.chunk, component, best.row);
  }

  /**
   * All rows that have the component, by time: on the timeline, or on the entity's own when it has nothing on that one.
   * Static ones come first, at the smallest time.
   */
  rows(entityPath: string, component: string): Row[] {
    const rows: Row[] = [];
    const chunks = this.#chunks.get(entityPath) ?? [];
    const timeline = timelineOf(
      chunks.filter((chunk) => chunk.components.has(component)),
      this.timeline,
    );
    for (const chunk of chunks) {
      const index = timeline === undefined ? undefined : chunk.timelines.get(timeline);
      if (index === undefined && !isStatic(chunk)) continue;
      for (let row = 0; row < chunk.numRows; row++) {
        const cell = cellAt(chunk, component, row);
        if (cell !== undefined) rows.push({ time: index?.times[row] ?? -(2n ** 63n), cell });
      }
    }
    return rows.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }
}

function timelineOf(chunks: readonly Chunk[], wanted: string | undefined): string | undefined {
  if (wanted !== undefined && chunks.some((chunk) => chunk.timelines.has(wanted))) return wanted;
  const rows = new Map<string, number>();
  for (const chunk of chunks) for (const name of chunk.timelines.keys()) rows.set(name, (rows.get(name) ?? 0) + chunk.numRows);
  return preferred(rows);
}

function preferred(rowsByTimeline: ReadonlyMap<string, number>): string | undefined {
  const names = [...rowsByTimeline.keys()].sort();
  const own = names.filter((name) => name !== "log_time" && name !== "log_tick");
  return (own.length > 0 ? own : names).reduce<string | undefined>(
    (best, name) => (best === undefined || (rowsByTimeline.get(name) ?? 0) > (rowsByTimeline.get(best) ?? 0) ? name : best),
    undefined,
  );
}

function isNewer(
  chunk: Chunk,
  row: number,
  than: { readonly chunk: Chunk; readonly row: number },
  timeline: string | undefined,
): boolean {
  if (isStatic(chunk) !== isStatic(than.chunk)) return isStatic(chunk);
  const time = timeline === undefined ? undefined : chunk.timelines.get(timeline)?.times[row];
  const otherTime = timeline === undefined ? undefined : than.chunk.timelines.get(timeline)?.times[than.row];
  if (time !== undefined && otherTime !== undefined && time !== otherTime) return time > otherTime;
  return Buffer.compare(rowIdAt(chunk, row), rowIdAt(than.chunk, than.row)) > 0;
}

function rowIdAt(chunk: Chunk, row: number): Uint8Array {
  return chunk.rowIds.subarray(row * 16, row * 16 + 16);
}

function cellAt(chunk: Chunk, component: string, row: number): Cell | undefined {
  const list = chunk.components.get(component)?.list;
  const values = list?.children?.[0];
  if (list === undefined || values === undefined || !isValidAt(list, row)) return undefined;
  return { values, start: list.offsets?.[row] ?? 0, end: list.offsets?.[row + 1] ?? 0 };
}
