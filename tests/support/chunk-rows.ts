import type { Chunk } from "../../src/chunk/index.js";
import { isValidAt, type PlainValue, tuidToHex, valueAt } from "../../src/core/index.js";

/** One row of a chunk with plain values: what tests compare. Components that are null are left out. */
export interface PlainRow {
  readonly rowId: string;
  readonly times: Readonly<Record<string, bigint>>;
  readonly cells: Readonly<Record<string, PlainValue>>;
}

export function chunkRows(chunk: Chunk): PlainRow[] {
  return Array.from({ length: chunk.numRows }, (_, row) => ({
    rowId: tuidToHex(chunk.rowIds, row * 16),
    times: Object.fromEntries([...chunk.timelines].map(([name, { times }]) => [name, times[row] ?? 0n])),
    cells: Object.fromEntries(
      [...chunk.components].filter(([, { list }]) => isValidAt(list, row)).map(([name, { list }]) => [name, valueAt(list, row)]),
    ),
  }));
}

/** Rows of several chunks by row id. */
export function sortedRows(chunks: readonly Chunk[]): PlainRow[] {
  return chunks.flatMap(chunkRows).sort((a, b) => (a.rowId < b.rowId ? -1 : a.rowId > b.rowId ? 1 : 0));
}
