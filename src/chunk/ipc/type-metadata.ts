import type { DataType } from "../../core/index.js";

const known = new WeakMap<DataType, boolean>();

/** Whether no field inside of the type has metadata, so that `dataTypeKey` says all there is to say of it. */
export function isMetadataFree(type: DataType): boolean {
  let free = known.get(type);
  if (free === undefined) {
    free = childrenOf(type).every((field) => (field.metadata?.size ?? 0) === 0 && isMetadataFree(field.type));
    known.set(type, free);
  }
  return free;
}

function childrenOf(type: DataType): readonly { readonly type: DataType; readonly metadata?: ReadonlyMap<string, string> }[] {
  switch (type.kind) {
    case "list":
    case "fixedSizeList":
      return [type.item];
    case "struct":
    case "union":
      return type.fields;
    default:
      return [];
  }
}
