import type { ComponentDescriptor, TimeRange } from "../core/index.js";
import { type Chunk, isStatic } from "./chunk.js";
import { componentRange } from "./range.js";

/** What an index says of a chunk that lies elsewhere: enough to decide whether it is needed. */
export interface ChunkEntry {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  /** Canonical text. */
  readonly entityPath: string;
  readonly isStatic: boolean;
  readonly numRows: number;
  /** About what the chunk takes in memory once it is read. */
  readonly sizeBytes: number;
  /** First and last time of all rows, inclusive, by timeline; empty for static chunks. */
  readonly timelines: ReadonlyMap<string, TimeRange>;
  /** By component identifier: the components with at least one cell (of static chunks in files: all that they have). */
  readonly components: ReadonlyMap<string, ComponentEntry>;
}

export interface ComponentEntry {
  readonly descriptor: ComponentDescriptor;
  /** Rows with a cell: null is none, empty is one. An upper bound where the index does not count, as for static chunks of files. */
  readonly numCells: number;
  /** First and last time of these rows, by timeline; the chunk's own map when every row has a cell. */
  readonly timelines: ReadonlyMap<string, TimeRange>;
}

/** What an index would say of a chunk. */
export function entryOf(chunk: Chunk): ChunkEntry {
  const timelines = new Map<string, TimeRange>();
  for (const [name, { range }] of chunk.timelines) if (chunk.numRows > 0) timelines.set(name, range);
  const components = new Map<string, ComponentEntry>();
  for (const [name, { descriptor, list }] of chunk.components) {
    const numCells = chunk.numRows - list.nullCount;
    if (numCells === 0) continue;
    components.set(name, { descriptor, numCells, timelines: list.nullCount === 0 ? timelines : rangesOfCells(chunk, name) });
  }
  const { id, entityPath, numRows, sizeBytes } = chunk;
  return { id, entityPath, isStatic: isStatic(chunk), numRows, sizeBytes, timelines, components };
}

function rangesOfCells(chunk: Chunk, component: string): Map<string, TimeRange> {
  const ranges = new Map<string, TimeRange>();
  for (const timeline of chunk.timelines.keys()) {
    const range = componentRange(chunk, timeline, component);
    if (range !== undefined) ranges.set(timeline, range);
  }
  return ranges;
}
