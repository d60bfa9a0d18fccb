import { type ArrayData, compareDescriptors, RerunError, type Timeline, TUID_BYTES } from "../core/index.js";
import { arraySizeBytes } from "./array-layout.js";
import type { Chunk, DataColumn, IndexColumn } from "./chunk.js";
import { idsAscend, summarizeTimes } from "./order.js";

/** What a chunk is made of; everything else follows. The buffers become the chunk's: nobody may write into them again. */
export interface ChunkParts {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  /** Canonical text. */
  readonly entityPath: string;
  /** 16 bytes per row. */
  readonly rowIds: Uint8Array;
  readonly timelines: Iterable<{ readonly timeline: Timeline; readonly times: BigInt64Array }>;
  readonly components: Iterable<DataColumn>;
}

const CHUNK_ID = /^[0-9a-f]{32}$/;

/**
 * The chunk of these parts: checks that all columns have one length and one name each, puts them into file order, and
 * computes order, ranges and size.
 *
 * @throws RerunError `InvalidData`
 */
export function makeChunk(parts: ChunkParts): Chunk {
  const { id, entityPath, rowIds } = parts;
  if (!CHUNK_ID.test(id)) throw new RerunError("InvalidData", `A chunk id has 32 hexadecimal digits, got "${id}"`);
  if (!entityPath.startsWith("/")) {
    throw new RerunError("InvalidData", `A chunk's entity path starts with "/", got "${entityPath}"`);
  }
  if (rowIds.length % TUID_BYTES !== 0) {
    throw new RerunError("InvalidData", `Row ids have 16 bytes each, got ${rowIds.length} bytes`);
  }
  const numRows = rowIds.length / TUID_BYTES;
  const timelines = new Map<string, IndexColumn>();
  for (const { timeline, times } of [...parts.timelines].sort((a, b) => compareText(a.timeline.name, b.timeline.name))) {
    if (timelines.has(timeline.name)) throw new RerunError("InvalidData", `Timeline "${timeline.name}" comes twice`);
    if (times.length !== numRows) throw lengthError(`Timeline "${timeline.name}"`, times.length, numRows);
    timelines.set(timeline.name, makeIndexColumn(timeline, times));
  }
  const components = new Map<string, DataColumn>();
  for (const column of [...parts.components].sort((a, b) => compareDescriptors(a.descriptor, b.descriptor))) {
    const name = column.descriptor.component;
    if (components.has(name)) throw new RerunError("InvalidData", `Component "${name}" comes twice`);
    if (column.list.type.kind !== "list") {
      throw new RerunError("InvalidData", `Component "${name}" is a list per row, got ${column.list.type.kind}`);
    }
    if (column.list.length !== numRows) throw lengthError(`Component "${name}"`, column.list.length, numRows);
    components.set(name, column);
  }
  const isSorted = idsAscend(rowIds);
  const sizeBytes = chunkSizeBytes(rowIds, timelines, components);
  return { id, entityPath, numRows, rowIds, isSorted, timelines, components, sizeBytes };
}

/** Heap size of these columns, in bytes. */
export function chunkSizeBytes(
  rowIds: Uint8Array,
  timelines: ReadonlyMap<string, IndexColumn>,
  components: ReadonlyMap<string, DataColumn>,
): number {
  let size = rowIds.byteLength;
  for (const { times } of timelines.values()) size += times.byteLength;
  for (const { list } of components.values()) size += arraySizeBytes(list);
  return size;
}

/** An index column with its order and range. An empty one has the empty range `0 … -1`. */
export function makeIndexColumn(timeline: Timeline, times: BigInt64Array): IndexColumn {
  return { timeline, times, ...summarizeTimes(times) };
}

/** Type of one instance of a component column. */
export function instanceType(list: ArrayData): ArrayData["type"] {
  if (list.type.kind !== "list") throw new RerunError("InvalidData", `A component column is a list, got ${list.type.kind}`);
  return list.type.item.type;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lengthError(what: string, got: number, expected: number): RerunError {
  return new RerunError("InvalidData", `${what} has ${got} rows, expected ${expected} as there are row ids`);
}
