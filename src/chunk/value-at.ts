import { type ArrayData, halfToNumber, isValidAt } from "../core/index.js";
import { childOf, offsetsOf, typeIdsOf, valuesOf } from "./array-layout.js";
import { bitAt } from "./bits.js";

/** An element as a plain value: 64-bit integers and times are bigints, bytes a copy, lists arrays, structs objects. */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [field: string]: PlainValue };

const text = new TextDecoder();

/** Element `index` of any array as a plain value; a union gives the value of its branch. For display and tests. */
export function valueAt(array: ArrayData, index: number): PlainValue {
  const { type } = array;
  if (type.kind === "null" || !isValidAt(array, index)) return null;
  switch (type.kind) {
    case "bool":
      return bitAt(valuesOf(array) as Uint8Array, index);
    case "float":
      return type.bits === 16 ? halfToNumber(Number(valuesOf(array)[index])) : Number(valuesOf(array)[index]);
    case "int":
      return valuesOf(array)[index] ?? null;
    case "timestamp":
    case "duration":
      return valuesOf(array)[index] ?? null;
    case "fixedSizeBinary":
      return bytesBetween(array, index * type.size, (index + 1) * type.size).slice();
    case "binary":
      return bytesBetween(array, offsetsOf(array)[index]!, offsetsOf(array)[index + 1]!).slice();
    case "utf8":
      return text.decode(bytesBetween(array, offsetsOf(array)[index]!, offsetsOf(array)[index + 1]!));
    case "list":
      return valuesBetween(childOf(array, 0), offsetsOf(array)[index]!, offsetsOf(array)[index + 1]!);
    case "fixedSizeList":
      return valuesBetween(childOf(array, 0), index * type.size, (index + 1) * type.size);
    case "struct":
      return Object.fromEntries(type.fields.map((f, i) => [f.name, valueAt(childOf(array, i), index)]));
    case "union": {
      const branch = type.typeIds.indexOf(typeIdsOf(array)[index]!);
      return branch < 0 ? null : valueAt(childOf(array, branch), type.mode === "dense" ? offsetsOf(array)[index]! : index);
    }
  }
}

function bytesBetween(array: ArrayData, start: number, end: number): Uint8Array {
  return (valuesOf(array) as Uint8Array).subarray(start, end);
}

function valuesBetween(array: ArrayData, start: number, end: number): PlainValue[] {
  const values: PlainValue[] = [];
  for (let i = start; i < end; i++) values.push(valueAt(array, i));
  return values;
}
