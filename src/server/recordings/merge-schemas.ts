import { tableFromIpc } from "../../chunk/arrow.js";
import { dataTypeKey, type Field, sameDataType } from "../../core/index.js";

const KIND_ORDER = ["control", "index", "data"];
const STATIC = "rerun:is_static";

/** The columns of several recordings as one schema, by kind and name. */
export class MergedSchema {
  readonly #fields = new Map<string, Field>();

  /** Why a recording's columns do not go with these; `undefined` when they do. */
  conflict(fields: readonly Field[]): string | undefined {
    for (const { name, type } of fields) {
      const known = this.#fields.get(name);
      if (known !== undefined && !sameDataType(known.type, type)) {
        return (
          `Schema error: Fail to merge schema field '${name}' because the from data_type = ${dataTypeKey(type)} ` +
          `does not equal ${dataTypeKey(known.type)}`
        );
      }
    }
    return undefined;
  }

  add(fields: readonly Field[]): void {
    for (const each of fields) {
      const known = this.#fields.get(each.name);
      this.#fields.set(each.name, known === undefined ? each : mergeMetadata(known, each));
    }
  }

  fields(): Field[] {
    return [...this.#fields.values()].sort((a, b) => kindOf(a) - kindOf(b) || (a.name < b.name ? -1 : 1));
  }
}

/** A column that is static in one recording only is not static. */
function mergeMetadata(known: Field, other: Field): Field {
  const metadata = new Map(other.metadata);
  for (const [key, value] of known.metadata ?? []) metadata.set(key, value);
  if (known.metadata?.has(STATIC) !== other.metadata?.has(STATIC)) metadata.delete(STATIC);
  return { ...known, metadata };
}

function kindOf(field: Field): number {
  return KIND_ORDER.indexOf(field.metadata?.get("rerun:kind") ?? "control");
}

const parsed = new WeakMap<Uint8Array, readonly Field[]>();

/** The fields of a schema's bytes, which do not change. */
export function schemaFields(schema: Uint8Array): readonly Field[] {
  let fields = parsed.get(schema);
  if (fields === undefined) {
    fields = tableFromIpc(schema).fields;
    parsed.set(schema, fields);
  }
  return fields;
}
