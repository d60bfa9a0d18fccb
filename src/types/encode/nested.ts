import { type ArrayData, type DataType, describe, type Field, type TypedArray, valuesPerElement } from "../../core/index.js";
import { checkShape, elementsOf, isListLike, isNdArray } from "./numbers.js";
import { BadInput } from "./problem.js";
import { asTypedArray, bytesOf, halfFloatBits, typedArrayName } from "./typed-arrays.js";

const UTF8_ENCODER = new TextEncoder();

/**
 * An Arrow array of any type from plain values: structs are objects (names as in the schema or in camelCase), lists are arrays or
 * typed arrays, unions `{ kind, value }` (or a typed array where a member of the union is a list of that element type).
 * A single typed array of the right element type becomes the child of its list without a copy.
 *
 * @param place what the values are, for error messages
 * @throws BadInput
 */
export function arrayFromValues(type: DataType, values: readonly unknown[], place = ""): ArrayData {
  return build({ name: "", type, nullable: false }, values, place);
}

function build(field: Field, values: readonly unknown[], place: string): ArrayData {
  const { type } = field;
  if (type.kind === "union") return buildUnion(type, field.nullable, values, place);
  if (type.kind === "null") return { type, length: values.length, nullCount: values.length };
  const nulls = findNulls(field, values, place);
  const base = { type, length: values.length, ...nulls };
  switch (type.kind) {
    case "bool":
      return { ...base, values: bits(values, place) };
    case "utf8":
      return { ...base, ...bytes(values.map((value, i) => (value == null ? NO_BYTES : textBytes(value, at(place, i))))) };
    case "binary":
      return { ...base, ...bytes(values.map((value, i) => (value == null ? NO_BYTES : asBytes(value, at(place, i))))) };
    case "fixedSizeBinary":
      return { ...base, values: fixedBytes(type.size, values, place) };
    case "list":
      return { ...base, ...buildList(type.item, values, place) };
    case "fixedSizeList":
      return { ...base, children: [build(type.item, fixedItems(type.size, type.item, values, place), place)] };
    case "struct":
      return { ...base, children: type.fields.map((child) => buildMember(child, values, place)) };
    default:
      return { ...base, values: numbers(type, values, place) };
  }
}

function findNulls(field: Field, values: readonly unknown[], place: string): { nullCount: number; validity?: Uint8Array } {
  let nullCount = 0;
  for (const value of values) if (value === null || value === undefined) nullCount += 1;
  if (nullCount === 0) return { nullCount };
  if (!field.nullable) {
    const index = values.findIndex((value) => value === null || value === undefined);
    throw new BadInput(
      `expected ${typeText(field.type)}, got ${values[index] === null ? "null" : "nothing"}${where(at(place, index))}`,
    );
  }
  const validity = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) {
    if (value !== null && value !== undefined) validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return { nullCount, validity };
}

function numbers(type: DataType, values: readonly unknown[], place: string): TypedArray {
  const elements = elementsOf(type);
  if (elements === undefined) throw new BadInput(`cannot store values of type ${type.kind}${where(place)}`);
  const array = elements.allocate(values.length);
  for (const [i, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    try {
      array[i] = elements.check(value);
    } catch (error) {
      throw error instanceof BadInput ? new BadInput(`${error.message}${where(at(place, i))}`) : error;
    }
  }
  return array;
}

function bits(values: readonly unknown[], place: string): Uint8Array {
  const array = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    if (typeof value !== "boolean") throw new BadInput(`expected true or false, got ${describe(value)}${where(at(place, i))}`);
    if (value) array[i >> 3] = (array[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return array;
}

const NO_BYTES = new Uint8Array(0);

function bytes(parts: readonly Uint8Array[]): { offsets: Int32Array; values: Uint8Array } {
  const offsets = new Int32Array(parts.length + 1);
  let end = 0;
  for (const [i, part] of parts.entries()) {
    end += part.length;
    offsets[i + 1] = end;
  }
  if (parts.length === 1 && parts[0] !== undefined) return { offsets, values: parts[0] };
  const values = new Uint8Array(end);
  for (const [i, part] of parts.entries()) values.set(part, offsets[i]);
  return { offsets, values };
}

function textBytes(value: unknown, place: string): Uint8Array {
  if (typeof value === "string") return UTF8_ENCODER.encode(value);
  throw new BadInput(`expected a text, got ${describe(value)}${where(place)}`);
}

/** Bytes of a typed array, an ArrayBuffer or a list of numbers 0..255; typed arrays are not copied. @throws BadInput */
export function asBytes(value: unknown, place = ""): Uint8Array {
  if (ArrayBuffer.isView(value)) return bytesOf(value);
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new Uint8Array(value as ArrayBuffer);
  if (!Array.isArray(value)) throw new BadInput(`expected bytes (Uint8Array), got ${describe(value)}${where(place)}`);
  return Uint8Array.from(value, (byte: unknown, i: number): number => {
    if (typeof byte === "number" && Number.isInteger(byte) && byte >= 0 && byte <= 255) return byte;
    throw new BadInput(`expected bytes 0..255, got ${describe(byte)}${where(at(place, i))}`);
  });
}

function fixedBytes(size: number, values: readonly unknown[], place: string): Uint8Array {
  const array = new Uint8Array(size * values.length);
  for (const [i, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    const part = asBytes(value, at(place, i));
    if (part.length !== size) throw new BadInput(`expected ${size} bytes, got ${part.length}${where(at(place, i))}`);
    array.set(part, i * size);
  }
  return array;
}

function buildList(item: Field, values: readonly unknown[], place: string): { offsets: Int32Array; children: ArrayData[] } {
  const offsets = new Int32Array(values.length + 1);
  const only = values.length === 1 ? wholeChild(item.type, values[0]) : undefined;
  if (only !== undefined) {
    offsets[1] = only.length;
    return { offsets, children: [only] };
  }
  const items: unknown[] = [];
  for (const [i, value] of values.entries()) {
    if (value !== null && value !== undefined) for (const part of listItems(value, item.type, at(place, i))) items.push(part);
    offsets[i + 1] = items.length;
  }
  return { offsets, children: [build(item, items, place)] };
}

/** The typed array that is the list's child as it is. */
function wholeChild(type: DataType, value: unknown): ArrayData | undefined {
  const elements = elementsOf(type);
  if (elements === undefined) return undefined;
  const array = type.kind === "float" && type.bits === 16 ? halfFloatBits(value) : asTypedArray(value);
  if (array === undefined || ((type.kind !== "float" || type.bits !== 16) && typedArrayName(array) !== elements.arrayName))
    return undefined;
  return { type, length: array.length, nullCount: 0, values: array };
}

function listItems(value: unknown, item: DataType, place: string): Iterable<unknown> {
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new Uint8Array(value as ArrayBuffer);
  if (isNdArray(value)) {
    checkShape(value);
    return listItems(value.data, item, place);
  }
  if (!isListLike(value)) throw new BadInput(`expected a list, got ${describe(value)}${where(place)}`);
  if (Array.isArray(value) && (item.kind !== "fixedSizeList" || typeof value[0] !== "number")) return value;
  const array = value as ArrayLike<unknown>;
  if (item.kind !== "fixedSizeList") return Array.from(array);
  if (array.length % item.size !== 0) {
    throw new BadInput(`expected a list with a multiple of ${item.size} numbers, got ${array.length}${where(place)}`);
  }
  return Array.from({ length: array.length / item.size }, (_, i) =>
    Array.from({ length: item.size }, (_, j) => array[i * item.size + j]),
  );
}

function fixedItems(size: number, item: Field, values: readonly unknown[], place: string): readonly unknown[] {
  const items: unknown[] = [];
  const absent = item.nullable ? null : fillOf(item.type);
  for (const [i, value] of values.entries()) {
    if (value === null || value === undefined) {
      for (let j = 0; j < size; j++) items.push(absent);
      continue;
    }
    const parts = isListLike(value) ? Array.from(value) : undefined;
    if (parts === undefined) throw new BadInput(`expected a list of ${size}, got ${describe(value)}${where(at(place, i))}`);
    if (parts.length !== size)
      throw new BadInput(`expected a list of ${size}, got a list of ${parts.length}${where(at(place, i))}`);
    for (const part of parts) items.push(part);
  }
  return items;
}

/** What stands in a non-nullable child below a null parent. */
function fillOf(type: DataType): unknown {
  switch (type.kind) {
    case "bool":
      return false;
    case "utf8":
      return "";
    case "binary":
    case "list":
      return [];
    case "fixedSizeBinary":
    case "decimal":
      return new Uint8Array(valuesPerElement(type));
    case "fixedSizeList":
      return Array.from({ length: type.size }, () => fillOf(type.item.type));
    case "struct":
      return Object.fromEntries(type.fields.map((child) => [child.name, child.nullable ? null : fillOf(child.type)]));
    case "union": {
      const member = type.fields.find((child) => child.type.kind !== "null") ?? type.fields[0];
      return member === undefined ? null : { kind: member.name, value: fillOf(member.type) };
    }
    case "int":
      return type.bits === 64 ? 0n : 0;
    case "timestamp":
    case "duration":
      return 0n;
    default:
      return 0;
  }
}

function buildMember(field: Field, values: readonly unknown[], place: string): ArrayData {
  const key = camelCase(field.name);
  const members = values.map((value, i) => {
    if (value === null || value === undefined) return field.nullable ? null : fillOf(field.type);
    if (typeof value !== "object" || isListLike(value)) {
      throw new BadInput(`expected an object with ${key}, got ${describe(value)}${where(at(place, i))}`);
    }
    const record = value as Readonly<Record<string, unknown>>;
    return record[key] ?? record[field.name];
  });
  return build(field, members, place === "" ? key : `${place}.${key}`);
}

function buildUnion(
  type: Extract<DataType, { kind: "union" }>,
  nullable: boolean,
  values: readonly unknown[],
  place: string,
): ArrayData {
  const typeIds = new Int8Array(values.length);
  const isDense = type.mode === "dense";
  const offsets = new Int32Array(isDense ? values.length : 0);
  const members: unknown[][] = type.fields.map(() => []);
  for (const [i, value] of values.entries()) {
    const [index, member] = unionMember(type.fields, nullable, value, at(place, i));
    typeIds[i] = type.typeIds[index] ?? index;
    if (isDense) offsets[i] = (members[index] as unknown[]).push(member) - 1;
    else for (const [j, list] of members.entries()) list.push(j === index ? member : fillOf((type.fields[j] as Field).type));
  }
  const children = type.fields.map((child, i) => build(child, members[i] as unknown[], place));
  const base = { type, length: values.length, nullCount: 0, typeIds, children };
  return isDense ? { ...base, offsets } : base;
}

function unionMember(
  fields: readonly Field[],
  nullable: boolean,
  value: unknown,
  place: string,
): [index: number, member: unknown] {
  if (value === null || value === undefined) {
    const index = fields.findIndex((child) => child.type.kind === "null");
    if (nullable && index >= 0) return [index, null];
  } else {
    const index = fields.findIndex(
      (child) => child.type.kind === "list" && wholeChild(child.type.item.type, value) !== undefined,
    );
    if (index >= 0) return [index, value];
    const { kind, value: member } = value as { readonly kind?: unknown; readonly value?: unknown };
    const named = fields.findIndex((child) => child.name === kind || lowerFirst(child.name) === kind);
    if (named >= 0) return [named, member];
  }
  const kinds = fields.filter((child) => child.name !== "_null_markers").map((child) => lowerFirst(child.name));
  throw new BadInput(`expected { kind: ${kinds.join(" | ")}, value }, got ${describe(value)}${where(place)}`);
}

/** `class_id` → `classId`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function typeText(type: DataType): string {
  if (type.kind === "utf8") return "a text";
  return elementsOf(type) === undefined ? `a ${type.kind}` : "a number";
}

function at(place: string, index: number): string {
  return `${place}[${index}]`;
}

function where(place: string): string {
  return place === "" ? "" : ` at ${place}`;
}
