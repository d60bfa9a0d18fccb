import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { concatArrays } from "../../chunk/index.js";
import { type ArrayData, type DataType, type Field, field, formatBytes, INT64, RerunError } from "../../core/index.js";
import { batchBytes } from "../../store/index.js";
import { int64Column } from "../columns.js";
import type { MemoryFrame } from "../frame-source.js";
import type { DuckDb } from "./duckdb.js";
import { readColumn } from "./read-vector.js";
import { arrowType } from "./types.js";

const NO_METADATA: ReadonlyMap<string, string> = new Map();

/** All of an answer. @throws RerunError `LimitExceeded` */
export async function readAnswer(duckdb: DuckDb, result: DuckDBResult, maxBytes: number): Promise<MemoryFrame> {
  const { HUGEINT } = duckdb.api.DuckDBTypeId;
  const columns = result.columnNames().map((name, i) => {
    const source = result.columnType(i);
    return { name, source, type: arrowType(duckdb, source), arrays: [] as ArrayData[], sums: [] as (bigint | undefined)[] };
  });
  let numRows = 0;
  let bytes = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const arrays = columns.map(({ source, type }, i) => readColumn(duckdb, chunk as DuckDBDataChunk, i, type, source));
    numRows += chunk.rowCount;
    bytes += batchBytes({ numRows: chunk.rowCount, columns: arrays });
    checkBytes("The answer takes", bytes, maxBytes);
    for (const [i, column] of columns.entries()) {
      if (arrays[i] !== undefined) column.arrays.push(arrays[i]);
      if (column.source.typeId === HUGEINT) column.sums.push(...sumsOf(chunk, i));
    }
  }
  const finished = columns.map((column) => {
    const exact = column.source.typeId === HUGEINT ? exactSums(column.sums) : undefined;
    return {
      name: column.name,
      array: exact ?? concatArrays(column.type, column.arrays),
      type: exact === undefined ? column.type : INT64,
    };
  });
  return {
    fields: finished.map(({ name, type }): Field => field(name, type satisfies DataType, true)),
    metadata: NO_METADATA,
    batches: numRows === 0 ? [] : [{ numRows, columns: finished.map(({ array }) => array) }],
  };
}

function sumsOf(chunk: DuckDBDataChunk, column: number): (bigint | undefined)[] {
  return chunk.getColumnValues(column).map((value) => (typeof value === "bigint" ? value : undefined));
}

/** Sums of integers have 128 bits there: as 64-bit integers when all fit. */
function exactSums(sums: readonly (bigint | undefined)[]): ArrayData | undefined {
  if (sums.some((sum) => sum !== undefined && BigInt.asIntN(64, sum) !== sum)) return undefined;
  return int64Column(INT64, sums);
}

/** @throws RerunError `LimitExceeded` */
export function checkBytes(what: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new RerunError(
    "LimitExceeded",
    `${what} more than ${formatBytes(limit)}, the memory limit: raise memoryLimitBytes, or read less`,
  );
}
