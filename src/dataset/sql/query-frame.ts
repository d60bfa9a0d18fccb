import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { concatArrays } from "../../chunk/index.js";
import { type ArrayData, type DataType, type Field, field, INT64, RerunError } from "../../core/index.js";
import { batchBytes, type FrameBatch } from "../../store/index.js";
import { int64Column } from "../columns.js";
import type { FrameSource, MemoryFrame, OpenFrame } from "../frame-source.js";
import { asSqlError, type DuckDb, loadDuckDb } from "./duckdb.js";
import { readColumn } from "./read-vector.js";
import { FrameScan } from "./scan.js";
import { arrowType } from "./types.js";

const NO_METADATA: ReadonlyMap<string, string> = new Map();

/**
 * The answer to a query over a frame, which is called `frame` there.
 *
 * @throws RerunError `Unsupported` without DuckDB, `InvalidArgument` for a query it refuses, `LimitExceeded` when the columns that
 * the query names, or its answer, take more than the limit
 */
export async function queryFrame(
  source: FrameSource,
  query: string,
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<MemoryFrame> {
  const duckdb = await loadDuckDb();
  const open = await source.open(signal);
  return withConnection(duckdb, signal, async (connection) => {
    try {
      const scan = new FrameScan(duckdb, open.fields, "union");
      if (open.fields.length > 0) {
        await scan.register(connection, "frame");
        const columns = await usedColumns(duckdb, connection, scan, open, query);
        scan.setBatches(await readColumns(open, columns, limitBytes, signal), columns);
      }
      return await readResult(duckdb, await connection.stream(query), limitBytes);
    } catch (error) {
      signal?.throwIfAborted();
      throw asSqlError(error, query);
    }
  });
}

/** Runs `work` with a database of its own, in memory unless `path` names a file, and closes it. */
export async function withConnection<T>(
  { api }: DuckDb,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
  path = ":memory:",
): Promise<T> {
  signal?.throwIfAborted();
  const instance = await api.DuckDBInstance.create(path);
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    return await work(connection);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** Which columns a query reads: it is run once without rows, unless running it twice would do something twice. */
async function usedColumns(
  { api }: DuckDb,
  connection: DuckDBConnection,
  scan: FrameScan,
  { fields }: OpenFrame,
  query: string,
): Promise<readonly number[]> {
  const statements = await connection.extractStatements(query);
  const [only] = statements.count === 1 ? [await statements.prepare(0)] : [];
  const isSelect = only?.statementType === api.StatementType.SELECT;
  only?.destroySync();
  if (!isSelect) return fields.map((_, i) => i);
  await connection.run(query);
  return scan.used;
}

/** These columns of all rows. */
export async function readColumns(
  open: OpenFrame,
  columns: readonly number[],
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<FrameBatch[]> {
  const batches: FrameBatch[] = [];
  let bytes = 0;
  for await (const batch of open.batches({ signal, outputs: columns })) {
    batches.push(batch);
    bytes += batchBytes(batch);
    checkBytes("The columns that the query reads take", bytes, limitBytes);
  }
  return batches;
}

/** All of an answer. @throws RerunError `LimitExceeded` */
export async function readResult(duckdb: DuckDb, result: DuckDBResult, limitBytes: number): Promise<MemoryFrame> {
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
    checkBytes("The answer takes", bytes, limitBytes);
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

function checkBytes(what: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new RerunError(
    "LimitExceeded",
    `${what} more than ${limit} bytes, the memory limit: raise memoryLimitBytes, or read less`,
  );
}
