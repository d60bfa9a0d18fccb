import { create } from "@bufbuild/protobuf";
import { schemaToIpc, tableToIpc } from "../../chunk/arrow.js";
import { type ArrayData, type DataType, type Field, field, RerunError } from "../../core/index.js";
import { type DataframePart, type Schema, SchemaSchema } from "../../protos/redap.js";
import { dataframePartFromIpc } from "../../rpc/index.js";

export const TIMESTAMP: DataType = { kind: "timestamp", unit: "ns" };
const NO_METADATA: ReadonlyMap<string, string> = new Map();

/** A column of an answer. */
export interface Column {
  readonly field: Field;
  readonly array: ArrayData;
}

/** A column named so, of the type of `array`. */
export function column(name: string, nullable: boolean, array: ArrayData, metadata?: ReadonlyMap<string, string>): Column {
  return { field: field(name, array.type, nullable, metadata), array };
}

/** Columns of the same number of rows as a message. */
export function dataframe(columns: readonly Column[], numRows: number): DataframePart {
  const fields = columns.map((each) => each.field);
  return dataframePartFromIpc(tableToIpc({ fields, metadata: NO_METADATA, numRows, columns: columns.map((each) => each.array) }));
}

export function schemaMessage(fields: readonly Field[]): Schema {
  return create(SchemaSchema, { arrowSchema: schemaToIpc(fields, NO_METADATA) });
}

/**
 * The columns asked for, in the order asked for; all of them when none is named.
 * @throws RerunError `InvalidArgument` for a name that is unknown or stands twice
 */
export function project(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  if (names.length === 0) return columns;
  const byName = new Map(columns.map((each) => [each.field.name, each]));
  const taken = new Set<string>();
  return names.map((name) => {
    const found = byName.get(name);
    if (found === undefined) throw cannotProject(`projected column '${name}' not found in schema`);
    if (taken.has(name)) throw cannotProject(`projected column '${name}' was requested twice`);
    taken.add(name);
    return found;
  });
}

function cannotProject(why: string): RerunError {
  return new RerunError("InvalidArgument", `Unable to project columns: Invalid argument error: ${why}`);
}
