import { type ArrayData, type DataType, normalizeEntityPath, RerunError, type WarningReporter } from "../../core/index.js";
import { arraySizeBytes } from "../array-layout.js";
import type { Chunk, DataColumn, IndexColumn } from "../chunk.js";
import { idsAscend, summarizeTimes } from "../order.js";
import { type ChunkNames, type ColumnRole, type ColumnRoles, parseChunkId } from "./chunk-columns.js";
import { corrupt } from "./flat-reader.js";

/** A chunk from its columns, which were checked on their own; here what they say together is checked. */
export function assembleChunk(
  names: ChunkNames,
  { roles, order }: ColumnRoles,
  columns: readonly ArrayData[],
  numRows: number,
  warn: WarningReporter,
): Chunk {
  let rowIds: Uint8Array | undefined;
  const timelines = new Map<string, IndexColumn>();
  const components = new Map<string, DataColumn>();
  let sizeBytes = 16 * numRows;
  for (const i of order) {
    const role = roles[i] as Exclude<ColumnRole, { kind: "dropped" }>;
    const array = columns[i] as ArrayData;
    if (array.length !== numRows) throw corrupt(`a column has ${array.length} rows, expected ${numRows}`);
    if (role.kind === "data") {
      const list = cellsOf(array, role.listType, role.isList);
      addUnique(components, role.descriptor.component, { descriptor: role.descriptor, list }, names, warn);
      sizeBytes += arraySizeBytes(list);
    } else if (array.nullCount > 0) {
      throw corrupt(`the ${role.kind === "rowId" ? "row ids" : `times on "${role.name}"`} have nulls, but every row needs one`);
    } else if (role.kind === "rowId") {
      rowIds = array.values as Uint8Array;
    } else {
      const times = array.values as BigInt64Array;
      const timeline = { name: role.name, type: role.type };
      addUnique(timelines, role.name, { timeline, times, ...summarizeTimes(times) }, names, warn);
      sizeBytes += 8 * numRows;
    }
  }
  if (rowIds === undefined) throw corrupt("a chunk has no row ids");
  const ids = rowIds;
  let isSorted: boolean | undefined;
  return {
    id: parseChunkId(names.id),
    entityPath: normalizeEntityPath(names.entityPath),
    numRows,
    rowIds,
    // Few ask for it, and it is a look at a third of all bytes.
    get isSorted() {
      isSorted ??= idsAscend(ids);
      return isSorted;
    },
    timelines,
    components,
    sizeBytes,
  };
}

/** The first of two columns with one name stays. */
function addUnique<T>(columns: Map<string, T>, name: string, column: T, names: ChunkNames, warn: WarningReporter): void {
  if (columns.has(name)) {
    warn({ code: "InvalidData", message: `The chunk ${names.id} has several columns "${name}": only the first is kept` });
  } else {
    columns.set(name, column);
  }
}

/** The column as one list per row. */
function cellsOf(array: ArrayData, listType: DataType, isList: boolean): ArrayData {
  if (isList) return array.type === listType ? array : { ...array, type: listType };
  const offsets = new Int32Array(array.length + 1);
  for (let i = 0; i < offsets.length; i++) offsets[i] = i;
  return { type: listType, length: array.length, nullCount: 0, offsets, children: [array] };
}

/** Whatever went wrong while reading, as an error of this package. */
export function asCorrupt(error: unknown): RerunError {
  if (error instanceof RerunError) return error.code === "InvalidData" ? corrupt(error.message, error) : error;
  return corrupt(error instanceof Error ? error.message : String(error), error);
}
