import type { Chunk } from "../../chunk/index.js";
import { parentPath } from "../../core/index.js";
import type { RecordingIndex } from "../../link/client.js";
import type { ChunkPlanner } from "./chunk-planner.js";
import { type ChunkRow, isLater, isTrueAt, latestRow } from "./latest-row.js";
import type { ComponentCell, ViewQuery } from "./view-query.js";

export const CLEAR_COMPONENT = "Clear:is_recursive";

/** What shall be drawn: where in time, and what of it is visible. */
export interface FrameWish {
  readonly timeline: string | undefined;
  readonly time: bigint | undefined;
  isVisible(entityPath: string): boolean;
}

/** What a query asks of the recording that made it. */
export interface QueryContext {
  readonly index: RecordingIndex;
  readonly planner: ChunkPlanner;
  /** Entities that were ever cleared. */
  readonly clearedEntities: ReadonlySet<string>;
  isVisible(entityPath: string): boolean;
  /** The body of the chunk; when it is not here, it is ordered. */
  chunk(id: string): Chunk | undefined;
}

/** Latest-at over the chunks that are here, with Rerun's rules for static data and Clear. */
export class RecordingQuery implements ViewQuery {
  readonly timeline: string | undefined;
  readonly time: bigint | undefined;
  readonly #context: QueryContext;
  readonly #cells = new Map<string, Map<string, ComponentCell | undefined>>();
  readonly #clears = new Map<string, ChunkRow | undefined>();
  #isPending = false;

  constructor(context: QueryContext, timeline: string | undefined, time: bigint | undefined) {
    this.#context = context;
    this.timeline = timeline;
    this.time = time;
  }

  get entities(): RecordingIndex["entities"] {
    return this.#context.index.entities;
  }

  get isPending(): boolean {
    return this.#isPending;
  }

  isVisible(entityPath: string): boolean {
    return this.#context.isVisible(entityPath);
  }

  /** What was asked so far, as entity path and component. */
  *asked(): Generator<readonly [string, string]> {
    for (const [entityPath, cells] of this.#cells) for (const component of cells.keys()) yield [entityPath, component];
  }

  latestAt(entityPath: string, component: string): ComponentCell | undefined {
    let cells = this.#cells.get(entityPath);
    if (cells === undefined) {
      cells = new Map();
      this.#cells.set(entityPath, cells);
    }
    if (cells.has(component)) return cells.get(component);
    const cell = this.#find(entityPath, component);
    cells.set(component, cell);
    return cell;
  }

  #find(entityPath: string, component: string): ComponentCell | undefined {
    const row = this.#latest(entityPath, component);
    if (row === undefined) return undefined;
    if (component !== CLEAR_COMPONENT) {
      const clear = this.#clearOf(entityPath);
      if (clear !== undefined && !isLater(row, clear)) return undefined;
    }
    return cellOf(row, component);
  }

  #latest(entityPath: string, component: string): ChunkRow | undefined {
    const statics = this.#context.planner.staticChunks(entityPath, component);
    // An index of a file counts a column without cells as static data too: only the chunks tell.
    const fixed = this.#best(statics, component, undefined);
    if (fixed !== undefined) return fixed;
    if (this.timeline === undefined || this.time === undefined) return undefined;
    const chunks = this.#context.planner.timeline(entityPath, component, this.timeline);
    return chunks === undefined ? undefined : this.#best(chunks.candidatesAt(this.time), component, this.timeline);
  }

  /** The Clear that concerns the entity: its own latest one, or the latest one of an ancestor if that is recursive. */
  #clearOf(entityPath: string): ChunkRow | undefined {
    if (this.#context.clearedEntities.size === 0) return undefined;
    if (this.#clears.has(entityPath)) return this.#clears.get(entityPath);
    let latest: ChunkRow | undefined;
    for (let path: string | undefined = entityPath; path !== undefined; path = parentPath(path)) {
      if (!this.#context.clearedEntities.has(path)) continue;
      const clear = this.#latest(path, CLEAR_COMPONENT);
      if (clear === undefined || (path !== entityPath && !isTrueAt(clear, CLEAR_COMPONENT))) continue;
      if (latest === undefined || isLater(clear, latest)) latest = clear;
    }
    this.#clears.set(entityPath, latest);
    return latest;
  }

  #best(chunkIds: readonly string[], component: string, timeline: string | undefined): ChunkRow | undefined {
    let best: ChunkRow | undefined;
    for (const id of chunkIds) {
      const chunk = this.#context.chunk(id);
      if (chunk === undefined) {
        this.#isPending = true;
        continue;
      }
      const row = latestRow(chunk, component, timeline, this.time ?? 0n);
      if (row !== undefined && (best === undefined || isLater(row, best))) best = row;
    }
    return best;
  }
}

function cellOf(row: ChunkRow, component: string): ComponentCell | undefined {
  const column = row.chunk.components.get(component);
  const values = column?.list.children?.[0];
  const offsets = column?.list.offsets;
  if (column === undefined || values === undefined || offsets === undefined) return undefined;
  const cell = {
    descriptor: column.descriptor,
    values,
    start: offsets[row.row] ?? 0,
    end: offsets[row.row + 1] ?? 0,
    key: `${row.chunk.id}:${row.row}`,
  };
  return row.time === undefined ? cell : { ...cell, time: row.time };
}
