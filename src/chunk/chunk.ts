import type { ArrayData, ComponentDescriptor, Timeline, TimeRange } from "../core/index.js";

/** Times of the rows of a chunk on one timeline: dense, one value per row. */
export interface IndexColumn {
  readonly timeline: Timeline;
  readonly times: BigInt64Array;
  /** Whether `times` never decreases. */
  readonly isSorted: boolean;
  /** Whether each of `times` is greater than the one before. Absent: not known. */
  readonly isStrict?: boolean;
  /** Smallest and greatest of `times`, inclusive. */
  readonly range: TimeRange;
}

/** Cells of one component: `list` is an Arrow `List` array with one element per row; null = not logged, empty = cleared. */
export interface DataColumn {
  readonly descriptor: ComponentDescriptor;
  readonly list: ArrayData;
}

/**
 * Rows of one entity in columns. Immutable.
 *
 * `rowIds` holds 16 bytes per row: time in nanoseconds then counter, both big-endian, so that byte order is time order.
 * A chunk without timelines is static. Columns iterate in file order: timelines by name, components by descriptor.
 */
export interface Chunk {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  /** Canonical text of the entity path, with a leading `/`. */
  readonly entityPath: string;
  readonly numRows: number;
  readonly rowIds: Uint8Array;
  /** Whether `rowIds` ascend. */
  readonly isSorted: boolean;
  readonly timelines: ReadonlyMap<string, IndexColumn>;
  /** By component identifier. */
  readonly components: ReadonlyMap<string, DataColumn>;
  /** Heap size of all buffers together, in bytes. */
  readonly sizeBytes: number;
}

/** Whether the chunk has no timelines: its values hold at all times. */
export function isStatic(chunk: Chunk): boolean {
  return chunk.timelines.size === 0;
}
