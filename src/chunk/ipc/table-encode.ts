import type { ArrayData, Field } from "../../core/index.js";
import { CONTINUATION } from "./arrow-ids.js";
import { batchBytes, writeBatch } from "./batch-encode.js";
import { BatchPlan } from "./batch-plan.js";
import { schemaMessage } from "./schema-encode.js";

/** Any record batch: fields, their columns, metadata of the schema. */
export interface ColumnTable {
  readonly fields: readonly Field[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly numRows: number;
  /** One per field, each of `numRows` elements. */
  readonly columns: readonly ArrayData[];
}

/** Of tables without metadata, by the object that their fields are: tables of one kind come by the thousand. */
const schemas = new WeakMap<readonly Field[], Uint8Array>();

function tableSchema({ fields, metadata }: ColumnTable): Uint8Array {
  if (metadata.size > 0) return schemaMessage(fields, metadata);
  let schema = schemas.get(fields);
  if (schema === undefined) {
    schema = schemaMessage(fields, metadata);
    schemas.set(fields, schema);
  }
  return schema;
}

/** A record batch as an Arrow IPC stream. */
export function tableToIpc(table: ColumnTable): Uint8Array {
  const schema = tableSchema(table);
  const plan = new BatchPlan();
  for (const column of table.columns) plan.add(column, 0, table.numRows);
  const out = new Uint8Array(schema.length + batchBytes(plan));
  out.set(schema);
  writeBatch(plan, table.numRows, out, new DataView(out.buffer), schema.length);
  return out;
}

/** An Arrow IPC stream that holds nothing but a schema. */
export function schemaToIpc(fields: readonly Field[], metadata: ReadonlyMap<string, string>): Uint8Array {
  const schema = schemaMessage(fields, metadata);
  const out = new Uint8Array(schema.length + 8);
  out.set(schema);
  new DataView(out.buffer).setUint32(schema.length, CONTINUATION, true);
  return out;
}
