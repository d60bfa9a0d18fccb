import * as arrow from "apache-arrow";
import { type DataType, type Field, RerunError, timeBits } from "../../core/index.js";
import { DATE_UNITS, TIME_UNITS } from "./arrow-ids.js";

/** A type as apache-arrow has it. */
export function typeToArrow(type: DataType): arrow.DataType {
  switch (type.kind) {
    case "null":
      return new arrow.Null();
    case "bool":
      return new arrow.Bool();
    case "utf8":
      return new arrow.Utf8();
    case "binary":
      return new arrow.Binary();
    case "int":
      return new arrow.Int(type.signed, type.bits);
    case "float":
      return new arrow.Float([16, 32, 64].indexOf(type.bits));
    case "timestamp":
      return new arrow.Timestamp(TIME_UNITS.indexOf(type.unit), type.timezone ?? null);
    case "duration":
      return new arrow.Duration(TIME_UNITS.indexOf(type.unit));
    case "date":
      return new arrow.Date_(DATE_UNITS.indexOf(type.unit));
    case "time":
      return new arrow.Time(TIME_UNITS.indexOf(type.unit), timeBits(type.unit));
    case "decimal":
      return new arrow.Decimal(type.scale, type.precision, type.bits);
    case "fixedSizeBinary":
      return new arrow.FixedSizeBinary(type.size);
    case "list":
      return new arrow.List(fieldToArrow(type.item));
    case "fixedSizeList":
      return new arrow.FixedSizeList(type.size, fieldToArrow(type.item));
    case "struct":
      return new arrow.Struct(type.fields.map(fieldToArrow));
    case "union":
      return type.mode === "dense"
        ? new arrow.DenseUnion([...type.typeIds], type.fields.map(fieldToArrow))
        : new arrow.SparseUnion([...type.typeIds], type.fields.map(fieldToArrow));
  }
}

export function fieldToArrow(field: Field): arrow.Field {
  return new arrow.Field(field.name, typeToArrow(field.type), field.nullable, new Map(field.metadata));
}

/**
 * A type of apache-arrow in our words. What we have one type for and Arrow several becomes the plain one: large and view types,
 * dictionaries (the type of their values), maps (lists of key-value structs).
 *
 * @throws RerunError `Unsupported` for intervals and list views
 */
export function typeFromArrow(type: arrow.DataType): DataType {
  if (arrow.DataType.isNull(type)) return { kind: "null" };
  if (arrow.DataType.isBool(type)) return { kind: "bool" };
  if (isText(type)) return { kind: "utf8" };
  if (isBytes(type)) return { kind: "binary" };
  if (arrow.DataType.isInt(type)) return { kind: "int", bits: type.bitWidth, signed: type.isSigned };
  if (arrow.DataType.isFloat(type)) return { kind: "float", bits: ([16, 32, 64] as const)[type.precision] };
  if (arrow.DataType.isTimestamp(type)) {
    const unit = TIME_UNITS[type.unit];
    return type.timezone ? { kind: "timestamp", unit, timezone: type.timezone } : { kind: "timestamp", unit };
  }
  if (arrow.DataType.isDuration(type)) return { kind: "duration", unit: TIME_UNITS[type.unit] };
  if (arrow.DataType.isDate(type)) return { kind: "date", unit: DATE_UNITS[type.unit] };
  if (arrow.DataType.isTime(type)) return { kind: "time", unit: TIME_UNITS[type.unit] };
  if (arrow.DataType.isDecimal(type)) return decimalFromArrow(type);
  if (arrow.DataType.isFixedSizeBinary(type)) return { kind: "fixedSizeBinary", size: type.byteWidth };
  if (isListLike(type)) return { kind: "list", item: fieldFromArrow(childField(type)) };
  if (arrow.DataType.isFixedSizeList(type)) {
    return { kind: "fixedSizeList", size: type.listSize, item: fieldFromArrow(childField(type)) };
  }
  if (arrow.DataType.isStruct(type)) return { kind: "struct", fields: type.children.map(fieldFromArrow) };
  if (arrow.DataType.isUnion(type)) {
    const mode = type.mode === arrow.UnionMode.Dense ? "dense" : "sparse";
    return { kind: "union", mode, typeIds: Array.from(type.typeIds), fields: type.children.map(fieldFromArrow) };
  }
  if (arrow.DataType.isDictionary(type)) return typeFromArrow(type.dictionary);
  throw new RerunError("Unsupported", `The Arrow type ${String(type)} is not supported`);
}

function decimalFromArrow({ bitWidth, precision, scale }: arrow.Decimal): DataType {
  const bits = ([32, 64, 128, 256] as const).find((width) => width === bitWidth);
  if (bits === undefined) throw new RerunError("InvalidData", `Decimals of ${bitWidth} bits do not exist`);
  return { kind: "decimal", bits, precision, scale };
}

export function fieldFromArrow(field: arrow.Field): Field {
  const base = { name: field.name, type: typeFromArrow(field.type), nullable: field.nullable };
  return field.metadata.size === 0 ? base : { ...base, metadata: new Map(field.metadata) };
}

export function isText(type: arrow.DataType): boolean {
  return arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type) || arrow.DataType.isUtf8View(type);
}

export function isBytes(type: arrow.DataType): boolean {
  return arrow.DataType.isBinary(type) || arrow.DataType.isLargeBinary(type) || arrow.DataType.isBinaryView(type);
}

export function isListLike(type: arrow.DataType): boolean {
  return arrow.DataType.isList(type) || arrow.DataType.isLargeList(type) || arrow.DataType.isMap(type);
}

function childField(type: arrow.DataType): arrow.Field {
  const child = (type.children as readonly arrow.Field[] | null)?.[0];
  if (child === undefined) throw new RerunError("InvalidData", `The Arrow type ${String(type)} has no child`);
  return child;
}
