import { type Chunk, compareRowIds, componentRange, isStatic, latestRow, type TimedCells, timedCells } from "../chunk/index.js";
import { type Interval, IntervalTree } from "./interval-tree.js";

/** A chunk over the times of the present cells of one component. */
export interface ChunkInterval extends Interval, TimedCells {
  readonly chunk: Chunk;
  /** The row at `end` with the greatest row id. */
  readonly lastRow: number;
}

/** The chunks of one component on one timeline, by (end, row id at the end). */
export type ChunkTree = IntervalTree<ChunkInterval>;

/** A cell: a row of a chunk. */
export interface ChunkRow {
  readonly chunk: Chunk;
  readonly row: number;
}

const NEVER_DROPPED: readonly string[] = ["rerun.archetypes.Transform3D", "rerun.archetypes.Pinhole"];

/** Where the cells of one entity are: by component when static, by timeline and component when not. */
export class EntityIndex {
  /** The cell that stands for all times, by component. */
  readonly statics: Map<string, ChunkRow> = new Map();
  /** By timeline, then component: the chunks with at least one present cell, over the times of these. */
  readonly #temporal: Map<string, Map<string, ChunkTree>> = new Map();

  /** Adds a temporal chunk. */
  insert(chunk: Chunk): void {
    for (const timeline of chunk.timelines.keys()) {
      for (const component of chunk.components.keys()) {
        const interval = intervalOf(chunk, timeline, component);
        if (interval !== undefined) this.#treeFor(timeline, component).insert(interval);
      }
    }
  }

  /** Takes a temporal chunk out. */
  remove(chunk: Chunk): void {
    for (const timeline of chunk.timelines.keys()) {
      const trees = this.#temporal.get(timeline);
      for (const component of chunk.components.keys()) {
        const tree = trees?.get(component);
        const interval = tree === undefined ? undefined : intervalOf(chunk, timeline, component);
        if (tree === undefined || interval === undefined) continue;
        tree.remove(interval);
        if (tree.size === 0) trees?.delete(component);
      }
      if (trees?.size === 0) this.#temporal.delete(timeline);
    }
  }

  /**
   * Makes each component of a static chunk the one that counts when its greatest row id exceeds that of the present one.
   *
   * @returns the chunks that no component refers to any more: to be dropped
   */
  insertStatic(chunk: Chunk): Chunk[] {
    const displaced = new Set<Chunk>();
    for (const component of chunk.components.keys()) {
      const row = latestRow(chunk, undefined, component);
      if (row === undefined) continue;
      const present = this.statics.get(component);
      if (present !== undefined && compareRowIds(chunk, row, present.chunk, present.row) <= 0) continue;
      this.statics.set(component, { chunk, row });
      if (present !== undefined) displaced.add(present.chunk);
    }
    return [...displaced].filter((old) => !this.#isReferred(old) && !isNeverDropped(old));
  }

  tree(timeline: string, component: string): ChunkTree | undefined {
    return this.#temporal.get(timeline)?.get(component);
  }

  /** Every tree of a timeline. */
  trees(timeline: string): Iterable<ChunkTree> {
    return this.#temporal.get(timeline)?.values() ?? [];
  }

  timelines(): Iterable<string> {
    return this.#temporal.keys();
  }

  /**
   * Where a temporal chunk, in the index or not, lies among the others: on a timeline where it is the newest if there is
   * one, else on the first; `undefined` when it has no present cell.
   */
  place(chunk: Chunk): { readonly tree: ChunkTree; readonly interval: ChunkInterval } | undefined {
    const component = firstPresent(chunk);
    let first: { readonly tree: ChunkTree; readonly interval: ChunkInterval } | undefined;
    for (const timeline of component === undefined ? [] : chunk.timelines.keys()) {
      const tree = this.tree(timeline, component ?? "");
      const interval = tree === undefined ? undefined : intervalOf(chunk, timeline, component ?? "");
      if (tree === undefined || interval === undefined) continue;
      if (tree.after(interval) === undefined) return { tree, interval };
      first ??= { tree, interval };
    }
    return first;
  }

  #treeFor(timeline: string, component: string): ChunkTree {
    let trees = this.#temporal.get(timeline);
    if (trees === undefined) {
      trees = new Map();
      this.#temporal.set(timeline, trees);
    }
    let tree = trees.get(component);
    if (tree === undefined) {
      tree = new IntervalTree(byLastRow);
      trees.set(component, tree);
    }
    return tree;
  }

  #isReferred(chunk: Chunk): boolean {
    for (const component of chunk.components.keys()) if (this.statics.get(component)?.chunk === chunk) return true;
    return false;
  }
}

/** Named frames need every row of these, not only the latest. */
function isNeverDropped(chunk: Chunk): boolean {
  for (const { descriptor } of chunk.components.values()) {
    if (isStatic(chunk) && NEVER_DROPPED.includes(descriptor.archetype ?? "")) return true;
  }
  return false;
}

function firstPresent(chunk: Chunk): string | undefined {
  for (const [name, { list }] of chunk.components) if (list.nullCount < list.length) return name;
  return undefined;
}

function intervalOf(chunk: Chunk, timeline: string, component: string): ChunkInterval | undefined {
  const range = componentRange(chunk, timeline, component);
  const lastRow = range === undefined ? undefined : latestRow(chunk, timeline, component);
  const cells = timedCells(chunk, timeline, component);
  if (range === undefined || lastRow === undefined || cells === undefined) return undefined;
  const { times, order, validity } = cells;
  return { chunk, start: range.min, end: range.max, lastRow, times, order, validity };
}

/** By row id, then chunk id, so that no two chunks are equal. */
export function byLastRow(a: ChunkInterval, b: ChunkInterval): number {
  const order = compareRowIds(a.chunk, a.lastRow, b.chunk, b.lastRow);
  return order !== 0 ? order : a.chunk.id < b.chunk.id ? -1 : a.chunk.id > b.chunk.id ? 1 : 0;
}
