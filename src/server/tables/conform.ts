import * as arrow from "apache-arrow";
import { RerunError } from "../../core/index.js";

const INDEX_KEY = "rerun:is_table_index";

/** Names of the columns that tell rows apart. */
export function indexColumns(schema: arrow.Schema): string[] {
  return schema.fields.filter(({ metadata }) => metadata.get(INDEX_KEY) === "true").map(({ name }) => name);
}

/**
 * The rows with the columns of a table, in its order; those that are missing are null.
 * @throws RerunError `InvalidArgument` for a column that the table does not have, or has with another type
 */
export function conform(rows: arrow.Table, schema: arrow.Schema): arrow.Table {
  const extra = rows.schema.fields.find(({ name }) => !schema.fields.some((each) => each.name === name));
  if (extra !== undefined) {
    const names = schema.fields.map(({ name }) => name).join(", ");
    throw new RerunError("InvalidArgument", `The table has no column '${extra.name}', it has: ${names}`);
  }
  const batches = rows.batches.map((batch) => {
    const children = schema.fields.map((field) => columnOf(batch, field));
    const type = new arrow.Struct(schema.fields);
    const data = arrow.makeData({ type, length: batch.numRows, nullCount: 0, children });
    return new arrow.RecordBatch(schema, data);
  });
  return new arrow.Table(schema, batches);
}

function columnOf(batch: arrow.RecordBatch, field: arrow.Field): arrow.Data {
  const own = batch.schema.fields.findIndex(({ name }) => name === field.name);
  if (own < 0) {
    if (!field.nullable) throw new RerunError("InvalidArgument", `The column '${field.name}' must have values, but is not there`);
    return nulls(field.type, batch.numRows);
  }
  const data = batch.data.children[own];
  const type = batch.schema.fields[own]?.type;
  if (data === undefined || String(type) !== String(field.type)) {
    throw new RerunError("InvalidArgument", `The column '${field.name}' has the type ${type}, the table has ${field.type}`);
  }
  return data;
}

function nulls(type: arrow.DataType, length: number): arrow.Data {
  const builder = arrow.makeBuilder({ type, nullValues: [null] });
  for (let i = 0; i < length; i++) builder.append(null);
  return builder.finish().flush();
}
