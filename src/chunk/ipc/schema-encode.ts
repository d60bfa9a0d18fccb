import { type DataType, type Field, timeBits } from "../../core/index.js";
import {
  CONTINUATION,
  DATE_UNITS,
  MESSAGE_SCHEMA,
  METADATA_V5,
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
  TYPE_LIST,
  TYPE_NULL,
  TYPE_STRUCT,
  TYPE_TIME,
  TYPE_TIMESTAMP,
  TYPE_UNION,
  TYPE_UTF8,
} from "./arrow-ids.js";
import { FlatWriter } from "./flat-writer.js";

/** Bytes before a message's flatbuffer: continuation marker and length. */
export const MESSAGE_PREFIX_BYTES = 8;

/** A schema message whose metadata values can be found again. */
export interface SchemaFlatbuffer {
  readonly bytes: Uint8Array;
  /** Position of each metadata value's length field, in the order of the metadata. */
  readonly values: readonly number[];
}

/**
 * The flatbuffer of a schema message, without prefix and padding. The values of `metadata` come last and in their order,
 * so that the last one can be replaced by a text of any length.
 */
export function schemaFlatbuffer(fields: readonly Field[], metadata: ReadonlyMap<string, string>): SchemaFlatbuffer {
  const writer = new FlatWriter();
  const root = writer.reserve(4, 8);
  const message = writer.table(root, [2, 1, 4, 8]);
  writer.i16(slot(message.slots, 0), METADATA_V5);
  writer.u8(slot(message.slots, 1), MESSAGE_SCHEMA);
  const schema = writer.table(slot(message.slots, 2), [0, 4, metadata.size === 0 ? 0 : 4]);
  writeFields(writer, slot(schema.slots, 1), fields);
  const valueRefs = metadata.size === 0 ? [] : writeKeys(writer, slot(schema.slots, 2), metadata);
  writer.flushTexts();
  const values: number[] = [];
  let index = 0;
  for (const value of metadata.values()) {
    const at = writer.textNow(value);
    writer.point(slot(valueRefs, index++), at);
    values.push(at);
  }
  return { bytes: writer.bytes().slice(), values };
}

/** A schema message as it stands in a stream: prefix, flatbuffer, padding to 8 bytes. */
export function schemaMessage(fields: readonly Field[], metadata: ReadonlyMap<string, string>): Uint8Array {
  const { bytes } = schemaFlatbuffer(fields, metadata);
  const length = Math.ceil(bytes.length / 8) * 8;
  const out = new Uint8Array(MESSAGE_PREFIX_BYTES + length);
  const view = new DataView(out.buffer);
  view.setUint32(0, CONTINUATION, true);
  view.setInt32(4, length, true);
  out.set(bytes, MESSAGE_PREFIX_BYTES);
  return out;
}

function slot(slots: readonly number[], index: number): number {
  return slots[index] ?? 0;
}

function writeFields(writer: FlatWriter, ref: number, fields: readonly Field[]): void {
  const vector = writer.vector(ref, fields.length);
  fields.forEach((field, index) => {
    writeField(writer, vector + 4 * index, field);
  });
}

function writeField(writer: FlatWriter, ref: number, field: Field): void {
  const metadata = field.metadata ?? new Map<string, string>();
  const { slots } = writer.table(ref, [4, 1, 1, 4, 0, 4, metadata.size === 0 ? 0 : 4]);
  writer.text(slot(slots, 0), field.name);
  writer.u8(slot(slots, 1), field.nullable ? 1 : 0);
  writer.u8(slot(slots, 2), writeType(writer, slot(slots, 3), field.type));
  writeFields(writer, slot(slots, 5), childFields(field.type));
  if (metadata.size === 0) return;
  const refs = writeKeys(writer, slot(slots, 6), metadata);
  let index = 0;
  for (const value of metadata.values()) writer.text(slot(refs, index++), value);
}

/** The key-value tables of some metadata with their keys; gives where the references to the values lie. */
function writeKeys(writer: FlatWriter, ref: number, metadata: ReadonlyMap<string, string>): number[] {
  const vector = writer.vector(ref, metadata.size);
  const values: number[] = [];
  for (const key of metadata.keys()) {
    const { slots } = writer.table(vector + 4 * values.length, [4, 4]);
    writer.text(slot(slots, 0), key);
    values.push(slot(slots, 1));
  }
  return values;
}

function childFields(type: DataType): readonly Field[] {
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

/** Writes the type's own table and gives its number in the union `Type`. */
function writeType(writer: FlatWriter, ref: number, type: DataType): number {
  switch (type.kind) {
    case "null":
      writer.table(ref, []);
      return TYPE_NULL;
    case "bool":
      writer.table(ref, []);
      return TYPE_BOOL;
    case "utf8":
      writer.table(ref, []);
      return TYPE_UTF8;
    case "binary":
      writer.table(ref, []);
      return TYPE_BINARY;
    case "list":
      writer.table(ref, []);
      return TYPE_LIST;
    case "struct":
      writer.table(ref, []);
      return TYPE_STRUCT;
    case "int": {
      const { slots } = writer.table(ref, [4, 1]);
      writer.i32(slot(slots, 0), type.bits);
      writer.u8(slot(slots, 1), type.signed ? 1 : 0);
      return TYPE_INT;
    }
    case "float": {
      const { slots } = writer.table(ref, [2]);
      writer.i16(slot(slots, 0), [16, 32, 64].indexOf(type.bits));
      return TYPE_FLOAT;
    }
    case "timestamp": {
      const { slots } = writer.table(ref, [2, type.timezone === undefined ? 0 : 4]);
      writer.i16(slot(slots, 0), TIME_UNITS.indexOf(type.unit));
      if (type.timezone !== undefined) writer.text(slot(slots, 1), type.timezone);
      return TYPE_TIMESTAMP;
    }
    case "duration": {
      const { slots } = writer.table(ref, [2]);
      writer.i16(slot(slots, 0), TIME_UNITS.indexOf(type.unit));
      return TYPE_DURATION;
    }
    case "date": {
      const { slots } = writer.table(ref, [2]);
      writer.i16(slot(slots, 0), DATE_UNITS.indexOf(type.unit));
      return TYPE_DATE;
    }
    case "time": {
      const { slots } = writer.table(ref, [2, 4]);
      writer.i16(slot(slots, 0), TIME_UNITS.indexOf(type.unit));
      writer.i32(slot(slots, 1), timeBits(type.unit));
      return TYPE_TIME;
    }
    case "decimal": {
      const { slots } = writer.table(ref, [4, 4, 4]);
      [type.precision, type.scale, type.bits].forEach((value, i) => {
        writer.i32(slot(slots, i), value);
      });
      return TYPE_DECIMAL;
    }
    case "fixedSizeBinary": {
      const { slots } = writer.table(ref, [4]);
      writer.i32(slot(slots, 0), type.size);
      return TYPE_FIXED_SIZE_BINARY;
    }
    case "fixedSizeList": {
      const { slots } = writer.table(ref, [4]);
      writer.i32(slot(slots, 0), type.size);
      return TYPE_FIXED_SIZE_LIST;
    }
    case "union": {
      const { slots } = writer.table(ref, [2, 4]);
      writer.i16(slot(slots, 0), type.mode === "dense" ? 1 : 0);
      const ids = writer.vector(slot(slots, 1), type.typeIds.length);
      type.typeIds.forEach((id, index) => {
        writer.i32(ids + 4 * index, id);
      });
      return TYPE_UNION;
    }
  }
}
