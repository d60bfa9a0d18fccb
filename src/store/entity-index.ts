import { type Chunk, compareRowIds, componentRange, isStatic, latestRow } from "../chunk/index.js";
import type { TimeRange } from "../core/index.js";
import { type CellTimes, cellTimesIn } from "./cell-times.js";
import { IntervalTree } from "./interval-tree.js";

/** The chunks of one component on one timeline over the times of its present cells, by (end, row id at the end, chunk id). */
export type ChunkTree = IntervalTree<Chunk, CellTimes>;

/** A cell: a row of a chunk. */
export interface ChunkRow {
  readonly chunk: Chunk;
  readonly row: number;
}

const NO_TIME: TimeRange = { min: 0n, max: -1n };

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
      const timesOf = cellTimesIn(chunk, timeline);
      for (const component of chunk.components.keys()) {
        const times = timesOf(component);
        if (times !== undefined) this.#treeFor(timeline, component).insert(chunk, times);
      }
    }
  }

  /** Takes a temporal chunk out. */
  remove(chunk: Chunk): void {
    for (const timeline of chunk.timelines.keys()) {
      const trees = this.#temporal.get(timeline);
      for (const component of chunk.components.keys()) {
        const tree = trees?.get(component);
        if (tree === undefined || !hasCells(chunk, component)) continue;
        tree.remove(chunk);
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
  place(chunk: Chunk): ChunkTree | undefined {
    const component = firstPresent(chunk);
    let first: ChunkTree | undefined;
    for (const timeline of component === undefined ? [] : chunk.timelines.keys()) {
      const tree = this.tree(timeline, component ?? "");
      if (tree?.after(chunk) === undefined && tree !== undefined) return tree;
      first ??= tree;
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
      tree = new IntervalTree({
        boundsOf: (chunk) => componentRange(chunk, timeline, component) ?? NO_TIME,
        compareTies: (a, b) => compareLastRows(a, b, timeline, component),
      });
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

function hasCells(chunk: Chunk, component: string): boolean {
  const list = chunk.components.get(component)?.list;
  return list !== undefined && list.nullCount < list.length;
}

function firstPresent(chunk: Chunk): string | undefined {
  for (const name of chunk.components.keys()) if (hasCells(chunk, name)) return name;
  return undefined;
}

/** By row id, then chunk id, so that no two chunks are equal. */
function compareLastRows(a: Chunk, b: Chunk, timeline: string, component: string): number {
  const order = compareRowIds(a, latestRow(a, timeline, component) ?? 0, b, latestRow(b, timeline, component) ?? 0);
  return order !== 0 ? order : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
