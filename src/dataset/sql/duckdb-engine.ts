import type { DuckDBConnection } from "@duckdb/node-api";
import { RerunError } from "../../core/index.js";
import type { FrameBatch } from "../../store/index.js";
import { batchBytes } from "../../store/index.js";
import type { FrameSource, OpenFrame } from "../frame-source.js";
import { checkBytes, readAnswer } from "./answer.js";
import { asSqlError, type DuckDb, loadDuckDb, withConnection } from "./duckdb.js";
import { FrameScan } from "./scan.js";
import type { SqlEngine } from "./sql-engine.js";

/** DuckDB in process. It reads tables from where their columns lie in memory. */
export const duckDbEngine: SqlEngine = {
  dialect: "duckdb",
  async query(sql, tables, { maxBytes, signal }) {
    if (typeof sql !== "string" || sql.trim() === "") throw new RerunError("InvalidArgument", "sql: the query is empty");
    const duckdb = await loadDuckDb();
    return withConnection(duckdb, signal, async (connection) => {
      try {
        const opened = await openTables(duckdb, connection, namedTables(connection, sql, tables), signal);
        const isSelect = opened.length > 0 && (await isOneSelect(duckdb, connection, sql));
        // Run once without rows, a query tells what it reads, unless running it twice would do something twice.
        if (isSelect) await connection.run(sql);
        await readTables(opened, isSelect, maxBytes, signal);
        return await readAnswer(duckdb, await connection.stream(sql), maxBytes);
      } catch (error) {
        signal?.throwIfAborted();
        throw asSqlError(error, sql);
      }
    });
  },
};

interface OpenTable {
  readonly open: OpenFrame;
  readonly scan: FrameScan;
}

/** The tables that a query names; all, when DuckDB cannot tell them without running it (several statements, `PIVOT`). */
function namedTables(
  connection: DuckDBConnection,
  sql: string,
  tables: ReadonlyMap<string, FrameSource>,
): ReadonlyMap<string, FrameSource> {
  const names = connection.getTableNames(sql, false);
  if (names.length === 0) return tables;
  const exact = new Set(names);
  const folded = new Set([...names].filter((name) => !tables.has(name)).map((name) => name.toLowerCase()));
  return new Map([...tables].filter(([name]) => exact.has(name) || folded.has(name.toLowerCase())));
}

async function openTables(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  tables: ReadonlyMap<string, FrameSource>,
  signal: AbortSignal | undefined,
): Promise<OpenTable[]> {
  const opened: OpenTable[] = [];
  for (const [name, source] of tables) {
    const open = await source.open(signal);
    if (open.fields.length === 0) continue; // DuckDB has no tables without columns.
    const scan = new FrameScan(duckdb, open.fields, "union");
    await scan.register(connection, name);
    opened.push({ open, scan });
  }
  return opened;
}

async function isOneSelect({ api }: DuckDb, connection: DuckDBConnection, sql: string): Promise<boolean> {
  const statements = await connection.extractStatements(sql);
  const [only] = statements.count === 1 ? [await statements.prepare(0)] : [];
  const isSelect = only?.statementType === api.StatementType.SELECT;
  only?.destroySync();
  return isSelect;
}

/** Gives the scans their rows: the columns that were used, or all where that is not known. */
async function readTables(
  tables: readonly OpenTable[],
  isUseKnown: boolean,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let bytes = 0;
  for (const { open, scan } of tables) {
    const columns = isUseKnown ? scan.used : open.fields.map((_, i) => i);
    if (columns === undefined) continue;
    const batches: FrameBatch[] = [];
    for await (const batch of open.batches({ signal, outputs: columns })) {
      batches.push(batch);
      bytes += batchBytes(batch);
      checkBytes("The columns that the query reads take", bytes, maxBytes);
    }
    scan.setBatches(batches, columns);
  }
}
