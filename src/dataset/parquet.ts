import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { schemaToIpc, tableFromIpc } from "../chunk/arrow.js";
import { type DataType, type Field, isRerunError, RerunError } from "../core/index.js";
import { batchBytes, type FrameBatch } from "../store/index.js";
import { conformArray } from "./conform.js";
import type { FrameSource, MemoryFrame, OpenFrame } from "./frame-source.js";
import { type DuckDb, loadDuckDb, withConnection } from "./sql/duckdb.js";
import { duckDbEngine } from "./sql/duckdb-engine.js";
import { FrameScan } from "./sql/scan.js";
import { writeWhole } from "./write-file.js";

/** Under this key pyarrow keeps the Arrow schema of a Parquet file, in base64. */
const ARROW_SCHEMA = "ARROW:schema";
/** Rows are handed over in groups of about so many bytes, so that memory is bounded. */
const GROUP_BYTES = 64 * 1024 * 1024;

/** Writes a Parquet file by DuckDB. */
export async function writeParquetFile(source: FrameSource, path: string, signal: AbortSignal | undefined): Promise<void> {
  const duckdb = await loadDuckDb();
  const open = await source.open(signal);
  await writeWhole(path, async (temporary) => {
    const database = join(dirname(temporary), `.${randomUUID()}.duckdb`);
    try {
      await withConnection(duckdb, signal, (connection) => copyTo(duckdb, connection, open, temporary, signal), database);
    } catch (error) {
      signal?.throwIfAborted();
      if (isRerunError(error) || !(error instanceof Error)) throw error;
      throw new RerunError("InvalidArgument", `${error.message}: ${path}`, { cause: error });
    } finally {
      await Promise.all([rm(database, { force: true }), rm(`${database}.wal`, { force: true })]);
    }
  });
}

async function copyTo(
  duckdb: DuckDb,
  connection: Parameters<FrameScan["register"]>[0],
  open: OpenFrame,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const scan = new FrameScan(duckdb, open.fields, "struct");
  await scan.register(connection, "frame");
  await connection.run("create table rows as select * from frame");
  const columns = open.fields.map((_, i) => i);
  let group: FrameBatch[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    scan.setBatches(group, columns);
    await connection.run("insert into rows select * from frame");
    group = [];
    bytes = 0;
  };
  for await (const batch of open.batches({ signal })) {
    group.push(batch);
    bytes += batchBytes(batch);
    if (bytes >= GROUP_BYTES) await flush();
  }
  await flush();
  const fields = open.fields.map((each) => ({ ...each, type: parquetType(each.type) }));
  const schema = Buffer.from(schemaToIpc(fields, open.metadata)).toString("base64");
  const options = `format parquet, compression zstd, kv_metadata {'${ARROW_SCHEMA}': '${schema}'}`;
  await connection.run(`copy rows to ${quoted(path)} (${options})`);
}

/** The rows of a Parquet file, of any program. */
export async function readParquetFile(path: string, limitBytes: number, signal: AbortSignal | undefined): Promise<MemoryFrame> {
  const file = quoted(path);
  const ask = (query: string): Promise<MemoryFrame> => duckDbEngine.query(query, new Map(), { maxBytes: limitBytes, signal });
  try {
    const table = await ask(`select * from read_parquet(${file})`);
    const schema = await storedSchema(ask, file);
    return schema === undefined ? table : conform(table, schema);
  } catch (cause) {
    if (!isRerunError(cause, "InvalidArgument")) throw cause;
    // The path may also be a pattern or a URL, which DuckDB knows how to read.
    if (existsSync(path)) throw new RerunError("CorruptFile", `Not a Parquet file, or a damaged one: ${path}`, { cause });
    throw new RerunError("NotFound", `There is no such Parquet file: ${path}`, { cause });
  }
}

/** The Arrow schema that a file carries, if it does. */
async function storedSchema(
  ask: (query: string) => Promise<MemoryFrame>,
  file: string,
): Promise<{ readonly fields: readonly Field[]; readonly metadata: ReadonlyMap<string, string> } | undefined> {
  const { batches } = await ask(
    `select decode(value) as value from parquet_kv_metadata(${file}) where decode(key) = '${ARROW_SCHEMA}'`,
  );
  const text = batches[0]?.columns[0];
  if (text === undefined || text.values === undefined) return undefined;
  const base64 = Buffer.from(text.values as Uint8Array).toString("latin1");
  try {
    return tableFromIpc(new Uint8Array(Buffer.from(base64, "base64")));
  } catch (error) {
    // A schema of types that we have no words for: the columns are as DuckDB gives them.
    if (isRerunError(error)) return undefined;
    throw error;
  }
}

/** The table with the metadata and, where the values fit, the types of a stored schema. */
function conform(
  table: MemoryFrame,
  schema: { readonly fields: readonly Field[]; readonly metadata: ReadonlyMap<string, string> },
): MemoryFrame {
  const stored = new Map(schema.fields.map((each) => [each.name, each]));
  const columns = table.fields.map((each, i) => {
    const wanted = stored.get(each.name);
    const arrays = table.batches.map((batch) => batch.columns[i]);
    const conformed = arrays.map((array) =>
      array === undefined || wanted === undefined ? undefined : conformArray(array, wanted.type),
    );
    if (wanted === undefined) return { field: each, arrays };
    if (conformed.some((array) => array === undefined)) return { field: { ...wanted, type: each.type }, arrays };
    return { field: wanted, arrays: conformed };
  });
  return {
    fields: columns.map(({ field }) => field),
    metadata: schema.metadata,
    batches: table.batches.map(({ numRows }, i) => ({ numRows, columns: columns.flatMap(({ arrays }) => arrays[i] ?? []) })),
  };
}

/** What a type becomes in a Parquet file: it knows no unions, half floats, byte arrays of fixed size written by DuckDB, nor null. */
function parquetType(type: DataType): DataType {
  const inner = (child: Field): Field => ({ ...child, type: parquetType(child.type) });
  switch (type.kind) {
    case "null":
      return { kind: "bool" };
    case "float":
      return type.bits === 16 ? { kind: "float", bits: 32 } : type;
    case "fixedSizeBinary":
      return { kind: "binary" };
    case "list":
      return { ...type, item: inner(type.item) };
    case "fixedSizeList":
      return { ...type, item: inner(type.item) };
    case "struct":
      return type.fields.length === 0 ? { kind: "bool" } : { ...type, fields: type.fields.map(inner) };
    case "union":
      return { kind: "struct", fields: type.fields.map((child) => ({ ...inner(child), nullable: true })) };
    default:
      return type;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
