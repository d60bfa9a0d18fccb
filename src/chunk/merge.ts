import { type ComponentDescriptor, type DataType, RerunError, sameDataType, TUID_BYTES } from "../core/index.js";
import { nullArray } from "./array-layout.js";
import { concatArrays } from "./array-ops.js";
import type { Chunk, DataColumn } from "./chunk.js";
import { makeChunk } from "./make-chunk.js";
import { sortByRowId } from "./sort.js";

/** What decides whether chunks go together. */
export type ChunkShape = Pick<Chunk, "entityPath" | "timelines" | "components">;

/** Whether the two can become one chunk: same entity, same timelines, same type of every component they share. */
export function canMerge(a: ChunkShape, b: ChunkShape): boolean {
  if (a.entityPath !== b.entityPath || a.timelines.size !== b.timelines.size) return false;
  for (const [name, { timeline }] of a.timelines) {
    if (b.timelines.get(name)?.timeline.type !== timeline.type) return false;
  }
  for (const [name, column] of a.components) {
    const other = b.components.get(name);
    if (other === undefined) continue;
    if (!sameDescriptor(column.descriptor, other.descriptor) || !sameDataType(column.list.type, other.list.type)) return false;
  }
  return true;
}

/**
 * All rows of `chunks` in one chunk called `id`, sorted by row id. A component that one of them lacks is null in its rows.
 *
 * @throws RerunError `InvalidData` when they cannot be merged (see `canMerge`) or there are none
 */
export function mergeChunks(chunks: readonly Chunk[], id: string): Chunk {
  const first = chunks[0];
  if (first === undefined) throw new RerunError("InvalidData", "No chunks to merge");
  for (const chunk of chunks) {
    if (!canMerge(first, chunk)) {
      throw new RerunError(
        "InvalidData",
        `Chunks that differ in entity, timelines or types cannot be merged: ${first.entityPath}`,
      );
    }
  }
  const numRows = chunks.reduce((sum, chunk) => sum + chunk.numRows, 0);
  const rowIds = new Uint8Array(numRows * TUID_BYTES);
  let row = 0;
  for (const chunk of chunks) {
    rowIds.set(chunk.rowIds, row * TUID_BYTES);
    row += chunk.numRows;
  }
  const timelines = [...first.timelines].map(([name, { timeline }]) => ({ timeline, times: concatTimes(chunks, name, numRows) }));
  return sortByRowId(makeChunk({ id, entityPath: first.entityPath, rowIds, timelines, components: concatColumns(chunks) }));
}

function concatTimes(chunks: readonly Chunk[], timeline: string, numRows: number): BigInt64Array {
  const times = new BigInt64Array(numRows);
  let row = 0;
  for (const chunk of chunks) {
    const index = chunk.timelines.get(timeline);
    if (index !== undefined) times.set(index.times, row);
    row += chunk.numRows;
  }
  return times;
}

function concatColumns(chunks: readonly Chunk[]): DataColumn[] {
  const columns = new Map<string, DataColumn>();
  for (const chunk of chunks) {
    for (const [name, column] of chunk.components) {
      const known = columns.get(name);
      if (known === undefined) columns.set(name, column);
      else if (!sameDataType(known.list.type, column.list.type) || !sameDescriptor(known.descriptor, column.descriptor)) {
        throw new RerunError("InvalidData", `Component "${name}" has two types or meanings: chunks cannot be merged`);
      }
    }
  }
  return [...columns].map(([name, { descriptor, list }]) => ({ descriptor, list: concatColumn(chunks, name, list.type) }));
}

function concatColumn(chunks: readonly Chunk[], name: string, type: DataType): DataColumn["list"] {
  return concatArrays(
    type,
    chunks.map((chunk) => chunk.components.get(name)?.list ?? nullArray(type, chunk.numRows)),
  );
}

function sameDescriptor(a: ComponentDescriptor, b: ComponentDescriptor): boolean {
  return a.component === b.component && a.archetype === b.archetype && a.componentType === b.componentType;
}
