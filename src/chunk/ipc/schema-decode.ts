import { type DataType, type Field, INT32, type TimeUnit, timeBits } from "../../core/index.js";
import {
  DATE_UNITS,
  TIME_UNITS,
  TYPE_BINARY,
  TYPE_BOOL,
  TYPE_DATE,
  TYPE_DECIMAL,
  TYPE_DURATION,
  TYPE_FIXED_SIZE_BINARY,
  TYPE_FIXED_SIZE_LIST,
  TYPE_FLOAT,
  TYPE_INT,
  TYPE_LARGE_BINARY,
  TYPE_LARGE_LIST,
  TYPE_LARGE_UTF8,
  TYPE_LIST,
  TYPE_NAMES,
  TYPE_NULL,
  TYPE_STRUCT,
  TYPE_TIME,
  TYPE_TIMESTAMP,
  TYPE_UNION,
  TYPE_UTF8,
} from "./arrow-ids.js";
import { corrupt, type FlatReader } from "./flat-reader.js";

/** A field as it lies in the message: what it means here, and how its buffers are laid out there. */
export interface WireField {
  readonly field: Field;
  /** Whether offsets have 64 bits (LargeUtf8, LargeBinary, LargeList). */
  readonly isWide: boolean;
  readonly children: readonly WireField[];
  /** Where the values stand apart, and the column has their numbers: which dictionary, and how numbers lie. */
  readonly dictionary?: { readonly id: number; readonly index: WireField };
}

export interface WireSchema {
  readonly fields: readonly WireField[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Where the value of each metadata entry lies: the position of its length. */
  readonly valuePositions: ReadonlyMap<string, number>;
}

/** A type or feature that only apache-arrow can read. */
export class NotDirect {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

const MAX_DEPTH = 64;
const DICTIONARY = "Dictionary";
const EMPTY: ReadonlyMap<string, string> = new Map();

/**
 * The schema in table `schema`.
 *
 * @param options `dictionaries`: whether whoever reads columns knows what to do with those that have a dictionary, default false
 * @throws NotDirect for a type that has no direct reader
 */
export function readSchema(
  reader: FlatReader,
  schema: number,
  { dictionaries = false }: { readonly dictionaries?: boolean } = {},
): WireSchema {
  const other: string[] = [];
  const endianness = reader.slot(schema, 0, 2);
  if (endianness !== 0 && reader.i16(endianness) !== 0) other.push("big-endian data");
  const { metadata, valuePositions } = readMetadata(reader, schema, 2);
  const fields = readFields(reader, schema, 1, 0, other);
  if (!dictionaries && fields.some(({ dictionary }) => dictionary !== undefined)) other.push(DICTIONARY);
  // Only now: whoever reads the others does not bound its work as this reader does, so all of the schema was looked at first.
  if (other[0] !== undefined) throw new NotDirect(other[0]);
  return { fields, metadata, valuePositions };
}

/** @param other gets the names of types that have no direct reader; they are read as null */
function readFields(reader: FlatReader, table: number, slot: number, depth: number, other: string[]): WireField[] {
  if (depth > MAX_DEPTH) throw corrupt(`types are nested more than ${MAX_DEPTH} deep`);
  const { at, count } = reader.vectorIn(table, slot, 4);
  const fields: WireField[] = [];
  for (let i = 0; i < count; i++) fields.push(readField(reader, reader.tableAt(at, i), depth, other));
  return fields;
}

function readField(reader: FlatReader, table: number, depth: number, other: string[]): WireField {
  const nullable = reader.slot(table, 1, 1);
  const typeType = reader.slot(table, 2, 1);
  const children = readFields(reader, table, 5, depth + 1, other);
  const name = reader.textIn(table, 0);
  const dictionary = readDictionary(reader, reader.tableIn(table, 4));
  if (dictionary !== undefined && depth > 0) other.push(DICTIONARY);
  const typeId = typeType === 0 ? 0 : reader.u8(typeType);
  const type = readType(reader, typeId, reader.tableIn(table, 3), children, other);
  const { metadata } = readMetadata(reader, table, 6);
  const base = { name, type, nullable: nullable !== 0 && reader.u8(nullable) !== 0 };
  return {
    field: metadata.size === 0 ? base : { ...base, metadata },
    isWide: typeId === TYPE_LARGE_BINARY || typeId === TYPE_LARGE_UTF8 || typeId === TYPE_LARGE_LIST,
    children,
    ...(dictionary !== undefined && { dictionary }),
  };
}

/** @param encoding table of a field with a dictionary, 0 = it has none */
function readDictionary(reader: FlatReader, encoding: number): WireField["dictionary"] {
  if (encoding === 0) return undefined;
  const id = reader.slot(encoding, 0, 8);
  const numbers = reader.tableIn(encoding, 1);
  const type = numbers === 0 ? INT32 : readType(reader, TYPE_INT, numbers, [], []);
  const index: WireField = { field: { name: "", type, nullable: true }, isWide: false, children: [] };
  return { id: id === 0 ? 0 : reader.i64(id), index };
}

function readMetadata(reader: FlatReader, table: number, slot: number): Pick<WireSchema, "metadata" | "valuePositions"> {
  const { at, count } = reader.vectorIn(table, slot, 4);
  if (count === 0) return { metadata: EMPTY, valuePositions: new Map() };
  const metadata = new Map<string, string>();
  const valuePositions = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const entry = reader.tableAt(at, i);
    const key = reader.textIn(entry, 0);
    const ref = reader.slot(entry, 1, 4);
    if (ref !== 0) valuePositions.set(key, reader.reference(ref));
    metadata.set(key, reader.textIn(entry, 1));
  }
  return { metadata, valuePositions };
}

function readType(reader: FlatReader, id: number, table: number, children: readonly WireField[], other: string[]): DataType {
  const int = (slot: number, absent: number): number => {
    const at = table === 0 ? 0 : reader.slot(table, slot, 4);
    return at === 0 ? absent : reader.i32(at);
  };
  const short = (slot: number, absent: number): number => {
    const at = table === 0 ? 0 : reader.slot(table, slot, 2);
    return at === 0 ? absent : reader.i16(at);
  };
  switch (id) {
    case TYPE_NULL:
      return { kind: "null" };
    case TYPE_BOOL:
      return { kind: "bool" };
    case TYPE_UTF8:
    case TYPE_LARGE_UTF8:
      return { kind: "utf8" };
    case TYPE_BINARY:
    case TYPE_LARGE_BINARY:
      return { kind: "binary" };
    case TYPE_INT: {
      const signed = table === 0 ? 0 : reader.slot(table, 1, 1);
      return { kind: "int", bits: oneOf([8, 16, 32, 64], int(0, 0), "Int"), signed: signed !== 0 && reader.u8(signed) !== 0 };
    }
    case TYPE_FLOAT:
      return { kind: "float", bits: at([16, 32, 64], short(0, 0), "FloatingPoint") };
    case TYPE_TIMESTAMP: {
      const unit: TimeUnit = at(TIME_UNITS, short(0, 0), "Timestamp");
      const timezone = table === 0 ? "" : reader.textIn(table, 1);
      return timezone === "" ? { kind: "timestamp", unit } : { kind: "timestamp", unit, timezone };
    }
    case TYPE_DURATION:
      return { kind: "duration", unit: at(TIME_UNITS, short(0, 1), "Duration") };
    case TYPE_DATE:
      return { kind: "date", unit: at(DATE_UNITS, short(0, 1), "Date") };
    case TYPE_TIME: {
      const unit = at(TIME_UNITS, short(0, 1), "Time");
      oneOf([timeBits(unit)], int(1, 32), `A time of ${unit}`);
      return { kind: "time", unit };
    }
    case TYPE_DECIMAL:
      return { kind: "decimal", precision: int(0, 0), scale: int(1, 0), bits: oneOf([32, 64, 128, 256], int(2, 128), "Decimal") };
    case TYPE_FIXED_SIZE_BINARY:
      return { kind: "fixedSizeBinary", size: size(int(0, 0)) };
    case TYPE_FIXED_SIZE_LIST:
      return { kind: "fixedSizeList", size: size(int(0, 0)), item: onlyChild(children) };
    case TYPE_LIST:
    case TYPE_LARGE_LIST:
      return { kind: "list", item: onlyChild(children) };
    case TYPE_STRUCT:
      return { kind: "struct", fields: children.map((child) => child.field) };
    case TYPE_UNION: {
      const { at: ids, count } = table === 0 ? { at: 0, count: 0 } : reader.vectorIn(table, 1, 4);
      const typeIds =
        count === 0 ? children.map((_, index) => index) : Array.from({ length: count }, (_, i) => reader.i32(ids + 4 * i));
      if (typeIds.length !== children.length) throw corrupt(`a union of ${children.length} branches has ${typeIds.length} ids`);
      if (typeIds.some((typeId) => typeId < 0 || typeId > 127)) throw corrupt("a union has an id outside 0…127");
      return {
        kind: "union",
        mode: short(0, 0) === 1 ? "dense" : "sparse",
        typeIds,
        fields: children.map((child) => child.field),
      };
    }
    default: {
      const name = TYPE_NAMES[id];
      if (name === undefined || id === 0) throw corrupt(`there is no type number ${id}`);
      other.push(name);
      return { kind: "null" };
    }
  }
}

function oneOf<const T>(allowed: readonly T[], value: unknown, what: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw corrupt(`${what} cannot be of ${String(value)} bits`);
  return found;
}

function at<const T>(choices: readonly T[], index: number, what: string): T {
  const found = choices[index];
  if (found === undefined) throw corrupt(`${what} has no variant ${index}`);
  return found;
}

function size(value: number): number {
  if (value < 0) throw corrupt(`a size of ${value}`);
  return value;
}

function onlyChild(children: readonly WireField[]): Field {
  const [child] = children;
  if (child === undefined || children.length !== 1) throw corrupt(`a list has ${children.length} children, expected 1`);
  return child.field;
}
