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

/** Time ranges of some chunks: those rows of the manifest that have one, in ascending order. */
export class SparseRanges {
  readonly rows: GrowableFloat64 = new GrowableFloat64();
  readonly starts: GrowableInt64 = new GrowableInt64();
  readonly ends: GrowableInt64 = new GrowableInt64();
  readonly counts: GrowableFloat64 = new GrowableFloat64();

  push(row: number, start: bigint, end: bigint, count: number): void {
    this.rows.push(row);
    this.starts.push(start);
    this.ends.push(end);
    this.counts.push(count);
  }
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
}

const descriptorKeys = new WeakMap<ComponentDescriptor, string>();

/**
 * What a manifest says of the chunks of one store, collected as they are written: numbers only, a few hundred bytes a chunk,
 * whatever the chunks hold.
 */
export class ManifestRows {
  numRows = 0;
  readonly entityPaths: string[] = [];
  readonly ids: string[] = [];
  readonly isStatic: boolean[] = [];
  readonly rowCounts: GrowableFloat64 = new GrowableFloat64();
  readonly offsets: GrowableFloat64 = new GrowableFloat64();
  readonly sizes: GrowableFloat64 = new GrowableFloat64();
  readonly uncompressedSizes: GrowableFloat64 = new GrowableFloat64();
  readonly #timelines = new Map<string, ManifestTimeline>();
  readonly #components = new Map<string, ManifestComponent>();
  readonly #columns = new Map<string, Map<string, ManifestColumn>>();

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
    this.#updateColumn(chunk.entityPath, key, column, isStatic);
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

  #updateColumn(entityPath: string, key: string, { descriptor, list }: DataColumn, isStatic: boolean): void {
    let columns = this.#columns.get(entityPath);
    if (columns === undefined) {
      columns = new Map();
      this.#columns.set(entityPath, columns);
    }
    const isEmpty = (list.offsets?.[list.length] ?? 0) === (list.offsets?.[0] ?? 0);
    const column = columns.get(key);
    if (column === undefined) {
      columns.set(key, { entityPath, descriptor, type: list.type, isStatic, isEmpty });
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
