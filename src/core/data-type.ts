/**
 * The Arrow data types Rerun uses, as plain values: no Arrow library needed to name, compare or print one.
 * Names follow the Arrow columnar format specification.
 */
export type DataType =
  | { readonly kind: "null" }
  | { readonly kind: "bool" }
  | { readonly kind: "int"; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "utf8" }
  | { readonly kind: "binary" }
  | { readonly kind: "fixedSizeBinary"; readonly size: number }
  | { readonly kind: "timestamp"; readonly unit: TimeUnit; readonly timezone?: string }
  | { readonly kind: "duration"; readonly unit: TimeUnit }
  | { readonly kind: "date"; readonly unit: "day" | "ms" }
  | { readonly kind: "time"; readonly unit: TimeUnit }
  | { readonly kind: "decimal"; readonly bits: 32 | 64 | 128 | 256; readonly precision: number; readonly scale: number }
  | { readonly kind: "list"; readonly item: Field }
  | { readonly kind: "fixedSizeList"; readonly size: number; readonly item: Field }
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  | {
      readonly kind: "union";
      readonly mode: "dense" | "sparse";
      readonly typeIds: readonly number[];
      readonly fields: readonly Field[];
    };

export type TimeUnit = "s" | "ms" | "us" | "ns";

/** A named, possibly nullable slot of a nested type or a column of a chunk. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly metadata?: ReadonlyMap<string, string>;
}

export const NULL: DataType = { kind: "null" };
export const BOOL: DataType = { kind: "bool" };
export const UTF8: DataType = { kind: "utf8" };
export const BINARY: DataType = { kind: "binary" };
export const INT8: DataType = { kind: "int", bits: 8, signed: true };
export const INT16: DataType = { kind: "int", bits: 16, signed: true };
export const INT32: DataType = { kind: "int", bits: 32, signed: true };
export const INT64: DataType = { kind: "int", bits: 64, signed: true };
export const UINT8: DataType = { kind: "int", bits: 8, signed: false };
export const UINT16: DataType = { kind: "int", bits: 16, signed: false };
export const UINT32: DataType = { kind: "int", bits: 32, signed: false };
export const UINT64: DataType = { kind: "int", bits: 64, signed: false };
export const FLOAT16: DataType = { kind: "float", bits: 16 };
export const FLOAT32: DataType = { kind: "float", bits: 32 };
export const FLOAT64: DataType = { kind: "float", bits: 64 };
export const TUID_TYPE: DataType = { kind: "fixedSizeBinary", size: 16 };

/** A field of that name and type. */
export function field(name: string, type: DataType, nullable: boolean, metadata?: ReadonlyMap<string, string>): Field {
  return metadata === undefined ? { name, type, nullable } : { name, type, nullable, metadata };
}

/** List whose items are called `item`, as every Rerun column has them. */
export function listOf(item: DataType, itemNullable = true): DataType {
  return { kind: "list", item: { name: "item", type: item, nullable: itemNullable } };
}

/** List of exactly `size` items called `item`. */
export function fixedSizeListOf(item: DataType, size: number, itemNullable = false): DataType {
  return { kind: "fixedSizeList", size, item: { name: "item", type: item, nullable: itemNullable } };
}

/**
 * One text per distinct type, equal exactly when the types are equal (nullability and child names included, metadata not).
 * Example: `FixedSizeList(3 x non-null Float32)`.
 */
export function dataTypeKey(type: DataType): string {
  const cached = keys.get(type);
  if (cached !== undefined) return cached;
  const key = makeKey(type);
  keys.set(type, key);
  return key;
}

const keys = new WeakMap<DataType, string>();

function makeKey(type: DataType): string {
  switch (type.kind) {
    case "null":
      return "Null";
    case "bool":
      return "Boolean";
    case "utf8":
      return "Utf8";
    case "binary":
      return "Binary";
    case "int":
      return `${type.signed ? "Int" : "UInt"}${type.bits}`;
    case "float":
      return `Float${type.bits}`;
    case "fixedSizeBinary":
      return `FixedSizeBinary(${type.size})`;
    case "timestamp":
      return type.timezone === undefined ? `Timestamp(${type.unit})` : `Timestamp(${type.unit}, ${type.timezone})`;
    case "duration":
      return `Duration(${type.unit})`;
    case "date":
      return `Date(${type.unit})`;
    case "time":
      return `Time(${type.unit})`;
    case "decimal":
      return `Decimal${type.bits}(${type.precision}, ${type.scale})`;
    case "list":
      return `List(${fieldKey(type.item, "item")})`;
    case "fixedSizeList":
      return `FixedSizeList(${type.size} x ${fieldKey(type.item, "item")})`;
    case "struct":
      return `Struct(${type.fields.map((f) => fieldKey(f)).join(", ")})`;
    case "union":
      return `${type.mode === "dense" ? "Dense" : "Sparse"}Union(${type.fields.map((f, i) => `${type.typeIds[i]}: ${fieldKey(f)}`).join(", ")})`;
  }
}

function fieldKey(f: Field, implied?: string): string {
  const name = f.name === implied ? "" : `${JSON.stringify(f.name)}: `;
  return `${name}${f.nullable ? "" : "non-null "}${dataTypeKey(f.type)}`;
}

/** Bits of a time of day. */
export function timeBits(unit: TimeUnit): 32 | 64 {
  return unit === "s" || unit === "ms" ? 32 : 64;
}

/** How many elements of its `values` one element of a fixed-width type takes: bytes where it is made of bytes, else 1. */
export function valuesPerElement(type: DataType): number {
  if (type.kind === "fixedSizeBinary") return type.size;
  return type.kind === "decimal" ? type.bits / 8 : 1;
}

/** Whether the two types are the same, nullability and child names included. */
export function sameDataType(a: DataType, b: DataType): boolean {
  return a === b || dataTypeKey(a) === dataTypeKey(b);
}

/** Whether arrays of the two types have the same buffers: names and nullability of children are not looked at. */
export function sameLayout(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.kind === "list" && b.kind === "list") return sameLayout(a.item.type, b.item.type);
  if (a.kind === "fixedSizeList" && b.kind === "fixedSizeList") return a.size === b.size && sameLayout(a.item.type, b.item.type);
  if (a.kind === "struct" && b.kind === "struct") return sameFieldLayouts(a.fields, b.fields);
  if (a.kind === "union" && b.kind === "union") {
    return a.mode === b.mode && a.typeIds.join() === b.typeIds.join() && sameFieldLayouts(a.fields, b.fields);
  }
  return dataTypeKey(a) === dataTypeKey(b);
}

function sameFieldLayouts(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every((each, i) => sameLayout(each.type, b[i]?.type ?? NULL));
}
