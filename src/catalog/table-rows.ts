import * as arrow from "apache-arrow";
import { RerunError } from "../core/index.js";
import { DataFrame, frameFromArrow } from "../dataset/index.js";
import type { DataframePart } from "../protos/redap.js";
import { partsOfFrame } from "./tables.js";

/** Rows for a table, in columns of its types. */
export type TableRows = arrow.Table | arrow.RecordBatch | readonly arrow.RecordBatch[] | DataFrame;

/** Values by column; a text alone, or any other single value, is a column of one row. Columns that are left out are null. */
export type NamedColumns = Readonly<Record<string, unknown>>;

/** Rows for the wire, batch by batch. @throws RerunError `InvalidArgument`, `Unsupported` */
export async function* partsOfRows(
  rows: TableRows | NamedColumns,
  schema: () => Promise<arrow.Schema>,
  signal: AbortSignal | undefined,
): AsyncGenerator<DataframePart, void, undefined> {
  if (rows instanceof DataFrame) {
    for await (const batch of rows.batches({ signal })) yield* partsOfBatches([batch]);
  } else if (isTable(rows)) yield* partsOfBatches(rows.batches);
  else if (isBatch(rows)) yield* partsOfBatches([rows]);
  else if (Array.isArray(rows)) yield* partsOfBatches(checkedBatches(rows));
  else yield* partsOfBatches(batchesOfColumns(await schema(), rows as NamedColumns));
}

function partsOfBatches(batches: readonly arrow.RecordBatch[]): DataframePart[] {
  return batches.length === 0 ? [] : partsOfFrame(frameFromArrow(new arrow.Table([...batches])));
}

/** Another copy of apache-arrow has classes of its own, so that they are told by what they have. */
function isTable(rows: TableRows | NamedColumns): rows is arrow.Table {
  return "schema" in rows && "batches" in rows && Array.isArray(rows.batches);
}

function isBatch(rows: unknown): rows is arrow.RecordBatch {
  return typeof rows === "object" && rows !== null && "schema" in rows && "data" in rows && "numRows" in rows;
}

function checkedBatches(rows: readonly unknown[]): arrow.RecordBatch[] {
  return rows.map((row, i) => {
    if (isBatch(row)) return row;
    throw new RerunError("InvalidArgument", `rows[${i}]: expected a record batch of apache-arrow, or give columns by name`);
  });
}

function batchesOfColumns(schema: arrow.Schema, columns: NamedColumns): arrow.RecordBatch[] {
  const lists = new Map<string, unknown[]>();
  let numRows: number | undefined;
  for (const [name, value] of Object.entries(columns)) {
    const field = schema.fields.find((each) => each.name === name);
    if (field === undefined) throw new RerunError("InvalidArgument", `Column ${name} does not exist in table`);
    const list = listOfValues(value);
    numRows ??= list.length;
    if (list.length !== numRows) throw unequal(field, list.length, numRows);
    lists.set(name, list);
  }
  if (numRows === undefined || numRows === 0) return [];
  const rows = numRows;
  const children = schema.fields.map(({ name, type }) => {
    const values = lists.get(name) ?? new Array<null>(rows).fill(null);
    return dataOf(name, type, values);
  });
  return [new arrow.RecordBatch(schema, new arrow.Data(new arrow.Struct(schema.fields), 0, rows, 0, undefined, children))];
}

/** @throws RerunError `InvalidArgument` for values that the type does not have */
function dataOf(name: string, type: arrow.DataType, values: unknown[]): arrow.Data {
  let cause: unknown;
  try {
    const [data] = arrow.vectorFromArray(values, type).data;
    if (data !== undefined) return data;
  } catch (error) {
    cause = error;
  }
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  throw new RerunError("InvalidArgument", `Column '${name}' cannot be written as ${type}${why}`, { cause });
}

function listOfValues(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as Iterable<unknown>);
  return [value];
}

function unequal({ name, type }: arrow.Field, length: number, expected: number): RerunError {
  const hint = arrow.DataType.isList(type)
    ? ` Hint: For single-row list-typed columns, wrap your list in another list: ${name}: [[…]] instead of ${name}: […]`
    : "";
  const text = `Columns have mismatched number of rows. Column '${name}' has ${length} rows but expected ${expected}.`;
  return new RerunError("InvalidArgument", `${text}${hint}`);
}
