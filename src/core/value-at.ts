import { type ArrayData, isValidAt } from "./array-data.js";
import type { DataType } from "./data-type.js";
import { halfToNumber } from "./half-float.js";

/**
 * An element as a plain value: 64-bit integers and times are bigints, bytes `Uint8Array`, lists arrays, structs objects; dates of days
 * and times of day of seconds or milliseconds numbers, decimals texts, which are exact.
 */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [member: string]: PlainValue };

const TEXT = new TextDecoder();

/**
 * Element `index` of any array as a plain value. Structs keep the schema's member names, half floats are numbers,
 * a union is its value. Bytes are views of the array's buffer.
 */
export function valueAt(array: ArrayData, index: number): PlainValue {
  const { type } = array;
  if (type.kind === "null" || !isValidAt(array, index)) return null;
  switch (type.kind) {
    case "bool":
      return ((Number(array.values?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
    case "float": {
      const value = Number(array.values?.[index] ?? Number.NaN);
      return type.bits === 16 ? halfToNumber(value) : value;
    }
    case "int":
    case "timestamp":
    case "duration":
    case "date":
    case "time":
      return array.values?.[index] ?? null;
    case "utf8":
      return TEXT.decode(bytesAt(array, index));
    case "binary":
      return bytesAt(array, index);
    case "fixedSizeBinary":
      return (array.values as Uint8Array).subarray(index * type.size, (index + 1) * type.size);
    case "decimal":
      return decimalText(array.values as Uint8Array, index * (type.bits / 8), type);
    case "list":
      return readRange(array.children?.[0], array.offsets?.[index] ?? 0, array.offsets?.[index + 1] ?? 0);
    case "fixedSizeList":
      return readRange(array.children?.[0], index * type.size, (index + 1) * type.size);
    case "struct":
      return readStruct(type, array, index);
    case "union": {
      const branch = type.typeIds.indexOf(array.typeIds?.[index] ?? -1);
      const child = array.children?.[branch];
      return child === undefined ? null : valueAt(child, type.mode === "dense" ? (array.offsets?.[index] ?? 0) : index);
    }
  }
}

/** All elements of an array as plain values. */
export function plainValues(array: ArrayData): readonly PlainValue[] {
  return readRange(array, 0, array.length);
}

/** `-1.25`: as many digits after the point as the type says. */
function decimalText(bytes: Uint8Array, start: number, { bits, scale }: Extract<DataType, { kind: "decimal" }>): string {
  let value = 0n;
  for (let i = start + bits / 8 - 1; i >= start; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  value = BigInt.asIntN(bits, value);
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function readStruct(type: Extract<DataType, { kind: "struct" }>, array: ArrayData, index: number): PlainValue {
  const members: Record<string, PlainValue> = {};
  for (const [i, field] of type.fields.entries()) {
    const child = array.children?.[i];
    members[field.name] = child === undefined ? null : valueAt(child, index);
  }
  return members;
}

function bytesAt(array: ArrayData, index: number): Uint8Array {
  return (array.values as Uint8Array).subarray(array.offsets?.[index] ?? 0, array.offsets?.[index + 1] ?? 0);
}

function readRange(array: ArrayData | undefined, start: number, end: number): readonly PlainValue[] {
  const values: PlainValue[] = [];
  if (array !== undefined) for (let i = start; i < end; i++) values.push(valueAt(array, i));
  return values;
}
