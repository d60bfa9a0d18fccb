import { gatherArray, Runs } from "../chunk/index.js";
import { type ArrayData, type DataType, isValidAt, sameDataType } from "../core/index.js";

/**
 * The array as one of another type that holds the same values: lists of one length as lists of fixed size, 64-bit integers as
 * times, and so inside of it. `undefined` when the values do not fit.
 */
export function conformArray(array: ArrayData, type: DataType): ArrayData | undefined {
  if (sameDataType(array.type, type)) return array;
  const own = array.type;
  if (own.kind === "list" && type.kind === "list") return withChildren(array, type, [type.item.type]);
  if (own.kind === "fixedSizeList" && type.kind === "fixedSizeList" && own.size === type.size) {
    return withChildren(array, type, [type.item.type]);
  }
  if (own.kind === "struct" && type.kind === "struct" && own.fields.length === type.fields.length) {
    return withChildren(
      array,
      type,
      type.fields.map((each) => each.type),
    );
  }
  if (own.kind === "list" && type.kind === "fixedSizeList") {
    const fixed = fixedSizeList(array, type.size);
    return fixed === undefined ? undefined : withChildren(fixed, type, [type.item.type]);
  }
  const isTime = type.kind === "timestamp" || type.kind === "duration";
  const isWide = (own.kind === "int" && own.bits === 64) || own.kind === "timestamp";
  if (isTime && isWide && !(own.kind === "timestamp" && (type.kind !== "timestamp" || own.unit !== type.unit))) {
    return { ...array, type };
  }
  return undefined;
}

function withChildren(array: ArrayData, type: DataType, childTypes: readonly DataType[]): ArrayData | undefined {
  const children: ArrayData[] = [];
  for (const [i, childType] of childTypes.entries()) {
    const child = array.children?.[i];
    const conformed = child === undefined ? undefined : conformArray(child, childType);
    if (conformed === undefined) return undefined;
    children.push(conformed);
  }
  return { ...array, type, children };
}

/** The items of a list whose elements all have `size` items; a null has any, so it gets those of the list's beginning. */
function fixedSizeList(array: ArrayData, size: number): ArrayData | undefined {
  const { offsets, children, length } = array;
  const items = children?.[0];
  if (offsets === undefined || items === undefined || (length > 0 && items.length < size)) return undefined;
  const runs = new Runs(length);
  for (let i = 0; i < length; i++) {
    const start = offsets[i] ?? 0;
    const isNull = !isValidAt(array, i);
    if (!isNull && (offsets[i + 1] ?? 0) - start !== size) return undefined;
    runs.add(0, isNull ? 0 : start, size);
  }
  const { validity } = array;
  const nulls = validity === undefined ? {} : { validity };
  const child = gatherArray(items.type, [items], runs);
  return {
    type: { kind: "fixedSizeList", size, item: { name: "item", type: items.type, nullable: true } },
    length,
    nullCount: array.nullCount,
    ...nulls,
    children: [child],
  };
}
