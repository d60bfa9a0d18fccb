import { TUID_BYTES } from "../core/index.js";
import { sliceArray, takeArray } from "./array-ops.js";
import type { Chunk, DataColumn, IndexColumn } from "./chunk.js";
import { chunkSizeBytes, makeIndexColumn } from "./make-chunk.js";
import { idsAscend } from "./order.js";

/** Rows `start … end - 1` as a chunk called `id` (default: as before). Shares the buffers of `chunk`. */
export function sliceChunk(chunk: Chunk, start: number, end: number, id: string = chunk.id): Chunk {
  const rowIds = chunk.rowIds.subarray(start * TUID_BYTES, end * TUID_BYTES);
  const timelines = new Map<string, IndexColumn>();
  for (const [name, index] of chunk.timelines) timelines.set(name, sliceIndex(index, start, end));
  const components = new Map<string, DataColumn>();
  for (const [name, { descriptor, list }] of chunk.components) {
    components.set(name, { descriptor, list: sliceArray(list, start, end - start) });
  }
  return withRows(chunk, id, rowIds, timelines, components, chunk.isSorted || idsAscend(rowIds));
}

function sliceIndex(index: IndexColumn, start: number, end: number): IndexColumn {
  const { timeline } = index;
  const times = index.times.subarray(start, end);
  const [min] = times;
  const max = times[times.length - 1];
  // A part of what is in order needs no look at its rows.
  if (!index.isSorted || min === undefined || max === undefined) return makeIndexColumn(timeline, times);
  return { timeline, times, isSorted: true, range: { min, max } };
}

/** The rows at `rows`, in that order, as a chunk called `id` (default: as before). Copies. */
export function takeRows(chunk: Chunk, rows: ArrayLike<number>, id: string = chunk.id): Chunk {
  const rowIds = new Uint8Array(rows.length * TUID_BYTES);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * TUID_BYTES;
    rowIds.set(chunk.rowIds.subarray(from, from + TUID_BYTES), i * TUID_BYTES);
  }
  const timelines = new Map<string, IndexColumn>();
  for (const [name, { timeline, times }] of chunk.timelines) {
    const taken = new BigInt64Array(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = times[rows[i]!]!;
    timelines.set(name, makeIndexColumn(timeline, taken));
  }
  const components = new Map<string, DataColumn>();
  for (const [name, { descriptor, list }] of chunk.components) {
    components.set(name, { descriptor, list: takeArray(list, rows) });
  }
  return withRows(chunk, id, rowIds, timelines, components, idsAscend(rowIds));
}

function withRows(
  chunk: Chunk,
  id: string,
  rowIds: Uint8Array,
  timelines: ReadonlyMap<string, IndexColumn>,
  components: ReadonlyMap<string, DataColumn>,
  isSorted: boolean,
): Chunk {
  return {
    id,
    entityPath: chunk.entityPath,
    numRows: rowIds.length / TUID_BYTES,
    rowIds,
    isSorted,
    timelines,
    components,
    sizeBytes: chunkSizeBytes(rowIds, timelines, components),
  };
}
