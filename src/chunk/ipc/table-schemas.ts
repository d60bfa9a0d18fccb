import type { Field } from "../../core/index.js";
import type { IpcMessage } from "./message.js";
import { readSchema, type WireField } from "./schema-decode.js";

/** A schema as tables have it. Equal messages give the same object, so that what is derived from it can be kept with it. */
export interface TableSchema {
  readonly wire: readonly WireField[];
  readonly fields: readonly Field[];
  readonly metadata: ReadonlyMap<string, string>;
}

interface Known {
  readonly bytes: Uint8Array;
  readonly schema: TableSchema;
}

const MAX_KNOWN = 16;
/** The last one used first. */
const known: Known[] = [];

/** The schema of a message. Tables of one kind come by the thousand, as the manifests of recordings: most were read before. */
export function readTableSchema(message: IpcMessage): TableSchema {
  const bytes = message.reader.bytes;
  const index = known.findIndex((each) => isEqual(each.bytes, bytes));
  const found = known[index];
  if (found !== undefined) {
    if (index > 0) known.unshift(...known.splice(index, 1));
    return found.schema;
  }
  const { fields, metadata } = readSchema(message.reader, message.header, { dictionaries: true });
  const schema: TableSchema = { wire: fields, fields: fields.map(({ field }) => field), metadata };
  known.unshift({ bytes: new Uint8Array(bytes), schema });
  if (known.length > MAX_KNOWN) known.pop();
  return schema;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
