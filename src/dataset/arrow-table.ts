import * as arrow from "apache-arrow";
import { arrayFromArrow, arrayToArrow, fieldFromArrow, fieldToArrow } from "../chunk/arrow.js";
import type { Field } from "../core/index.js";
import type { FrameBatch } from "../store/index.js";
import type { MemoryFrame } from "./frame-source.js";

/** The schema of apache-arrow for these fields. */
export function arrowSchema(fields: readonly Field[], metadata: ReadonlyMap<string, string>): arrow.Schema {
  return new arrow.Schema(fields.map(fieldToArrow), new Map(metadata));
}

/** Some rows as a record batch. Shares the buffers. */
export function arrowBatch(schema: arrow.Schema, { numRows, columns }: FrameBatch): arrow.RecordBatch {
  const struct = new arrow.Data(new arrow.Struct(schema.fields), 0, numRows, 0, undefined, columns.map(arrayToArrow));
  return new arrow.RecordBatch(schema, struct);
}

/** A table of apache-arrow in our layout. Shares the buffers where it can. @throws RerunError `Unsupported` for other types */
export function frameFromArrow(table: arrow.Table): MemoryFrame {
  const fields = table.schema.fields.map(fieldFromArrow);
  const batches = table.batches
    .filter(({ numRows }) => numRows > 0)
    .map(({ data, numRows }) => ({ numRows, columns: data.children.map(arrayFromArrow) }));
  return { fields, metadata: table.schema.metadata, batches };
}
