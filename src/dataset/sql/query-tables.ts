import type { FrameSource, MemoryFrame } from "../frame-source.js";
import { asSqlError, loadDuckDb } from "./duckdb.js";
import { readColumns, readResult, withConnection } from "./query-frame.js";
import { FrameScan } from "./scan.js";

/**
 * The answer to a query over several tables by their names. Only the tables that it names are read.
 *
 * @param tableOf the table of this name, if there is one
 * @throws RerunError as `queryFrame`
 */
export async function queryTables(
  tableOf: (name: string) => FrameSource | undefined,
  query: string,
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<MemoryFrame> {
  const duckdb = await loadDuckDb();
  return withConnection(duckdb, signal, async (connection) => {
    try {
      for (const name of connection.getTableNames(query, false)) {
        const source = tableOf(name);
        if (source === undefined) continue;
        const open = await source.open(signal);
        if (open.fields.length === 0) continue;
        const columns = open.fields.map((_, i) => i);
        const scan = new FrameScan(duckdb, open.fields, "union");
        scan.setBatches(await readColumns(open, columns, limitBytes, signal), columns);
        await scan.register(connection, name);
      }
      return await readResult(duckdb, await connection.stream(query), limitBytes);
    } catch (error) {
      signal?.throwIfAborted();
      throw asSqlError(error, query);
    }
  });
}
