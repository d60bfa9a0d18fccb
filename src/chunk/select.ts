import { isValidAt } from "../core/index.js";
import type { Chunk, DataColumn } from "./chunk.js";
import { chunkSizeBytes } from "./make-chunk.js";
import { takeRows } from "./slice.js";

/** The chunk with only these components, and only the rows that have a cell of one of them, as a chunk called `id`. */
export function selectComponents(chunk: Chunk, names: readonly string[], id: string): Chunk {
  const components = new Map<string, DataColumn>();
  for (const [name, column] of chunk.components) if (names.includes(name)) components.set(name, column);
  const sizeBytes = chunkSizeBytes(chunk.rowIds, chunk.timelines, components);
  const selected = { ...chunk, id, components, sizeBytes };
  const columns = [...components.values()];
  if (columns.some(({ list }) => list.nullCount === 0)) return selected;
  const rows: number[] = [];
  for (let row = 0; row < chunk.numRows; row++) if (columns.some(({ list }) => isValidAt(list, row))) rows.push(row);
  return rows.length === chunk.numRows ? selected : takeRows(selected, rows);
}
