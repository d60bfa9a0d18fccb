import type { Chunk, DataColumn } from "../chunk/index.js";
import {
  type ComponentDescriptor,
  compareDescriptors,
  compareEntityPaths,
  type DataType,
  isValidAt,
  type Timeline,
} from "../core/index.js";
import { GrowableFloat64, GrowableInt64 } from "./growable.js";
import type { ChunkPlace } from "./messages.js";

/** Time ranges of some chunks as plain values. */
interface RangesState {
  readonly rows: Float64Array;
  readonly starts: BigInt64Array;
  readonly ends: BigInt64Array;
  readonly counts: Float64Array;
}

/** Time ranges of some chunks: those rows of the manifest that have one, in ascending order. */
export class SparseRanges {
  readonly rows: GrowableFloat64;
  readonly starts: GrowableInt64;
  readonly ends: GrowableInt64;
  readonly counts: GrowableFloat64;

  constructor(state?: RangesState) {
    this.rows = new GrowableFloat64(state?.rows);
    this.starts = new GrowableInt64(state?.starts);
    this.ends = new GrowableInt64(state?.ends);
    this.counts = new GrowableFloat64(state?.counts);
  }

  get state(): RangesState {
    const [rows, counts] = [this.rows.toArray(), this.counts.toArray()];
    return { rows, starts: this.starts.toArray(), ends: this.ends.toArray(), counts };
  }

  push(row: number, start: bigint, end: bigint, count: number): void {
    this.rows.push(row);
    this.starts.push(start);
    this.ends.push(end);
    this.counts.push(count);
  }

  /** Forgets the chunks from row `numRows` on. */
  truncate(numRows: number): void {
    const length = countBelow(this.rows, numRows);
    for (const values of [this.rows, this.starts, this.ends, this.counts]) values.truncate(length);
  }
}

/** How many of ascending values are below a limit. Looks from the end: few are not. */
function countBelow(ascending: GrowableFloat64, limit: number): number {
  const values = ascending.toArray();
  let length = values.length;
  while (length > 0 && values[length - 1]! >= limit) length--;
  return length;
}

export interface ManifestTimeline {
  readonly timeline: Timeline;
  readonly ranges: SparseRanges;
  /** By descriptor key. */
  readonly components: Map<string, SparseRanges>;
}

export interface ManifestComponent {
  readonly descriptor: ComponentDescriptor;
  /** Rows of the static chunks that have it. */
  readonly staticRows: GrowableFloat64;
}

/** A column of the whole recording: a component of an entity. */
export interface ManifestColumn {
  readonly entityPath: string;
  readonly descriptor: ComponentDescriptor;
  type: DataType;
  isStatic: boolean;
  /** Whether no cell has an instance. */
  isEmpty: boolean;
  /** The first chunk that has it. */
  readonly firstRow: number;
}

const descriptorKeys = new WeakMap<ComponentDescriptor, string>();

/** `ManifestRows` as plain values, which can be sent to another thread. */
export interface ManifestRowsState {
  readonly entityPaths: string[];
  readonly ids: string[];
  readonly isStatic: boolean[];
  readonly rowCounts: Float64Array;
  readonly offsets: Float64Array;
  readonly sizes: Float64Array;
  readonly uncompressedSizes: Float64Array;
  readonly timelines: readonly {
    readonly timeline: Timeline;
    readonly ranges: RangesState;
    readonly components: ReadonlyMap<string, RangesState>;
  }[];
  readonly components: readonly { readonly descriptor: ComponentDescriptor; readonly staticRows: Float64Array }[];
  readonly columns: Map<string, Map<string, ManifestColumn>>;
}

/**
 * What a manifest says of the chunks of one store, collected as they are written: numbers only, a few hundred bytes a chunk,
 * whatever the chunks hold.
 */
export class ManifestRows {
  numRows: number;
  readonly entityPaths: string[];
  readonly ids: string[];
  readonly isStatic: boolean[];
  readonly rowCounts: GrowableFloat64;
  readonly offsets: GrowableFloat64;
  readonly sizes: GrowableFloat64;
  readonly uncompressedSizes: GrowableFloat64;
  readonly #timelines = new Map<string, ManifestTimeline>();
  readonly #components = new Map<string, ManifestComponent>();
  readonly #columns: Map<string, Map<string, ManifestColumn>>;

  /** @param state where another one stopped; it becomes this one's */
  constructor(state?: ManifestRowsState) {
    this.entityPaths = state?.entityPaths ?? [];
    this.numRows = this.entityPaths.length;
    this.ids = state?.ids ?? [];
    this.isStatic = state?.isStatic ?? [];
    this.rowCounts = new GrowableFloat64(state?.rowCounts);
    this.offsets = new GrowableFloat64(state?.offsets);
    this.sizes = new GrowableFloat64(state?.sizes);
    this.uncompressedSizes = new GrowableFloat64(state?.uncompressedSizes);
    for (const { timeline, ranges, components } of state?.timelines ?? []) {
      const entries = [...components].map(([key, each]) => [key, new SparseRanges(each)] as const);
      this.#timelines.set(timeline.name, { timeline, ranges: new SparseRanges(ranges), components: new Map(entries) });
    }
    for (const { descriptor, staticRows } of state?.components ?? []) {
      this.#components.set(descriptorKey(descriptor), { descriptor, staticRows: new GrowableFloat64(staticRows) });
    }
    this.#columns = state?.columns ?? new Map();
  }

  /** For another one that goes on; this one is not used any more. */
  get state(): ManifestRowsState {
    const { entityPaths, ids, isStatic } = this;
    return {
      entityPaths,
      ids,
      isStatic,
      rowCounts: this.rowCounts.toArray(),
      offsets: this.offsets.toArray(),
      sizes: this.sizes.toArray(),
      uncompressedSizes: this.uncompressedSizes.toArray(),
      timelines: this.timelines().map(({ timeline, ranges, components }) => {
        return { timeline, ranges: ranges.state, components: new Map([...components].map(([key, each]) => [key, each.state])) };
      }),
      components: this.components().map(({ descriptor, staticRows }) => ({ descriptor, staticRows: staticRows.toArray() })),
      columns: this.#columns,
    };
  }

  add(chunk: Chunk, place: ChunkPlace): void {
    const row = this.numRows++;
    const isStatic = chunk.timelines.size === 0;
    this.entityPaths.push(chunk.entityPath);
    this.ids.push(chunk.id);
    this.isStatic.push(isStatic);
    this.rowCounts.push(chunk.numRows);
    this.offsets.push(place.offset);
    this.sizes.push(place.size);
    this.uncompressedSizes.push(place.uncompressedSize);
    for (const { timeline, range } of chunk.timelines.values()) {
      if (chunk.numRows > 0) this.#timeline(timeline).ranges.push(row, range.min, range.max, chunk.numRows);
    }
    for (const column of chunk.components.values()) this.#addComponent(chunk, column, row, isStatic);
  }

  /** Forgets the chunks from row `numRows` on: they were not written. */
  truncate(numRows: number): void {
    this.numRows = numRows;
    for (const list of [this.entityPaths, this.ids, this.isStatic]) list.length = numRows;
    for (const values of [this.rowCounts, this.offsets, this.sizes, this.uncompressedSizes]) values.truncate(numRows);
    for (const [name, { ranges, components }] of this.#timelines) {
      ranges.truncate(numRows);
      for (const each of components.values()) each.truncate(numRows);
      if (ranges.rows.length === 0) this.#timelines.delete(name);
    }
    for (const { staticRows } of this.#components.values()) staticRows.truncate(countBelow(staticRows, numRows));
    for (const [path, columns] of this.#columns) {
      for (const [key, { firstRow }] of columns) if (firstRow >= numRows) columns.delete(key);
      if (columns.size === 0) this.#columns.delete(path);
    }
    const left = new Set([...this.#columns.values()].flatMap((columns) => [...columns.keys()]));
    for (const key of this.#components.keys()) if (!left.has(key)) this.#components.delete(key);
  }

  /** By name. */
  timelines(): ManifestTimeline[] {
    return [...this.#timelines.values()].sort((a, b) => (a.timeline.name < b.timeline.name ? -1 : 1));
  }

  /** By descriptor. */
  components(): ManifestComponent[] {
    return [...this.#components.values()].sort((a, b) => compareDescriptors(a.descriptor, b.descriptor));
  }

  /** By entity path, then descriptor. */
  columns(): ManifestColumn[] {
    const paths = [...this.#columns.keys()].sort(compareEntityPaths);
    return paths.flatMap((path) =>
      [...(this.#columns.get(path)?.values() ?? [])].sort((a, b) => compareDescriptors(a.descriptor, b.descriptor)),
    );
  }

  #timeline(timeline: Timeline): ManifestTimeline {
    let entry = this.#timelines.get(timeline.name);
    if (entry === undefined) {
      entry = { timeline, ranges: new SparseRanges(), components: new Map() };
      this.#timelines.set(timeline.name, entry);
    }
    return entry;
  }

  #addComponent(chunk: Chunk, column: DataColumn, row: number, isStatic: boolean): void {
    const { descriptor, list } = column;
    const key = descriptorKey(descriptor);
    let component = this.#components.get(key);
    if (component === undefined) {
      component = { descriptor, staticRows: new GrowableFloat64() };
      this.#components.set(key, component);
    }
    if (isStatic) component.staticRows.push(row);
    this.#updateColumn(chunk.entityPath, key, column, row);
    const count = chunk.numRows - list.nullCount;
    for (const { timeline, times, range } of chunk.timelines.values()) {
      const { components } = this.#timeline(timeline);
      let ranges = components.get(key);
      if (ranges === undefined) {
        ranges = new SparseRanges();
        components.set(key, ranges);
      }
      if (count === 0) continue;
      if (list.nullCount === 0) {
        ranges.push(row, range.min, range.max, count);
      } else {
        const { min, max } = rangeOfCells(times, column);
        ranges.push(row, min, max, count);
      }
    }
  }

  #updateColumn(entityPath: string, key: string, { descriptor, list }: DataColumn, row: number): void {
    const isStatic = this.isStatic[row] === true;
    let columns = this.#columns.get(entityPath);
    if (columns === undefined) {
      columns = new Map();
      this.#columns.set(entityPath, columns);
    }
    const isEmpty = (list.offsets?.[list.length] ?? 0) === (list.offsets?.[0] ?? 0);
    const column = columns.get(key);
    if (column === undefined) {
      columns.set(key, { entityPath, descriptor, type: list.type, isStatic, isEmpty, firstRow: row });
    } else {
      column.type = list.type;
      column.isStatic ||= isStatic;
      column.isEmpty &&= isEmpty;
    }
  }
}

/** One text per distinct descriptor. */
export function descriptorKey(descriptor: ComponentDescriptor): string {
  let key = descriptorKeys.get(descriptor);
  if (key === undefined) {
    key = JSON.stringify([descriptor.component, descriptor.archetype ?? null, descriptor.componentType ?? null]);
    descriptorKeys.set(descriptor, key);
  }
  return key;
}

/** Range of the times whose cells are not null; there is at least one. */
function rangeOfCells(times: BigInt64Array, { list }: DataColumn): { min: bigint; max: bigint } {
  let min: bigint | undefined;
  let max: bigint | undefined;
  for (let i = 0; i < times.length; i++) {
    if (!isValidAt(list, i)) continue;
    const time = times[i] as bigint;
    if (min === undefined || time < min) min = time;
    if (max === undefined || time > max) max = time;
  }
  return { min: min ?? 0n, max: max ?? 0n };
}
