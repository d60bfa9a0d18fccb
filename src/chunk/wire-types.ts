/** Data types and descriptors as JSON, for the chunk body and the index that travel to a viewer. */
import { type ComponentDescriptor, type DataType, type Field, RerunError, type TimeUnit } from "../core/index.js";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The type as JSON; metadata of fields is left out, a viewer has no use for it. */
export function dataTypeToJson(type: DataType): JsonValue {
  switch (type.kind) {
    case "list":
      return { kind: type.kind, item: fieldToJson(type.item) };
    case "fixedSizeList":
      return { kind: type.kind, size: type.size, item: fieldToJson(type.item) };
    case "struct":
      return { kind: type.kind, fields: type.fields.map(fieldToJson) };
    case "union":
      return { kind: type.kind, mode: type.mode, typeIds: type.typeIds, fields: type.fields.map(fieldToJson) };
    default:
      return { ...type };
  }
}

function fieldToJson({ name, type, nullable }: Field): JsonValue {
  return { name, type: dataTypeToJson(type), nullable };
}

const MAX_DEPTH = 64;
/** Arrow keeps the scale of decimals in a byte. */
const MAX_SCALE = 127;

/** The type that `dataTypeToJson` wrote. @throws RerunError `InvalidData` */
export function dataTypeFromJson(json: unknown, depth = 0): DataType {
  if (depth > MAX_DEPTH) throw bad("type", `more than ${MAX_DEPTH} levels`);
  const type = asRecord(json, "type");
  const kind = asText(type.kind, "type kind");
  const below = (field: unknown): Field => fieldFromJson(field, depth + 1);
  switch (kind) {
    case "null":
    case "bool":
    case "utf8":
    case "binary":
      return { kind };
    case "int":
      return { kind, bits: oneOf(type.bits, [8, 16, 32, 64] as const), signed: asBoolean(type.signed, "sign") };
    case "float":
      return { kind, bits: oneOf(type.bits, [16, 32, 64] as const) };
    case "fixedSizeBinary":
      return { kind, size: asCount(type.size, "size") };
    case "duration":
      return { kind, unit: oneOf(type.unit, TIME_UNITS) };
    case "date":
      return { kind, unit: oneOf(type.unit, ["day", "ms"] as const) };
    case "time":
      return { kind, unit: oneOf(type.unit, TIME_UNITS) };
    case "decimal": {
      const bits = oneOf(type.bits, [32, 64, 128, 256] as const);
      const scale = type.scale;
      if (typeof scale !== "number" || !Number.isInteger(scale) || Math.abs(scale) > MAX_SCALE) throw bad("scale", scale);
      return { kind, bits, precision: asCount(type.precision, "precision"), scale };
    }
    case "timestamp": {
      const unit = oneOf(type.unit, TIME_UNITS);
      return type.timezone === undefined ? { kind, unit } : { kind, unit, timezone: asText(type.timezone, "time zone") };
    }
    case "list":
      return { kind, item: below(type.item) };
    case "fixedSizeList":
      return { kind, size: asCount(type.size, "size"), item: below(type.item) };
    case "struct":
      return { kind, fields: asArray(type.fields, "fields").map(below) };
    case "union": {
      const fields = asArray(type.fields, "fields").map(below);
      const typeIds = asArray(type.typeIds, "type ids").map((id) => asCount(id, "type id"));
      if (typeIds.length !== fields.length) throw bad("union", `${typeIds.length} type ids for ${fields.length} fields`);
      return { kind, mode: oneOf(type.mode, ["dense", "sparse"] as const), typeIds, fields };
    }
    default:
      throw bad("type kind", kind);
  }
}

const TIME_UNITS: readonly TimeUnit[] = ["s", "ms", "us", "ns"];

function fieldFromJson(json: unknown, depth: number): Field {
  const field = asRecord(json, "field");
  return {
    name: asText(field.name, "field name"),
    type: dataTypeFromJson(field.type, depth),
    nullable: asBoolean(field.nullable, "nullability"),
  };
}

/** A descriptor as JSON; what it lacks is left out. */
export function descriptorToJson({ component, archetype, componentType }: ComponentDescriptor): JsonValue {
  return { component, ...(archetype !== undefined && { archetype }), ...(componentType !== undefined && { componentType }) };
}

/** The descriptor that `descriptorToJson` wrote. @throws RerunError `InvalidData` */
export function descriptorFromJson(json: unknown): ComponentDescriptor {
  const descriptor = asRecord(json, "descriptor");
  const component = asText(descriptor.component, "component");
  const archetype = descriptor.archetype;
  const componentType = descriptor.componentType;
  return {
    component,
    ...(archetype !== undefined && { archetype: asText(archetype, "archetype") }),
    ...(componentType !== undefined && { componentType: asText(componentType, "component type") }),
  };
}

/** A JSON object. @throws RerunError `InvalidData`, saying that a `what` was expected */
export function asRecord(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(what, json);
  return json as Readonly<Record<string, unknown>>;
}

/** A JSON array. @throws RerunError `InvalidData`, saying that a `what` was expected */
export function asArray(json: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(json)) throw bad(what, json);
  return json;
}

/** A text. @throws RerunError `InvalidData`, saying that a `what` was expected */
export function asText(json: unknown, what: string): string {
  if (typeof json !== "string") throw bad(what, json);
  return json;
}

/** `true` or `false`. @throws RerunError `InvalidData`, saying that a `what` was expected */
export function asBoolean(json: unknown, what: string): boolean {
  if (typeof json !== "boolean") throw bad(what, json);
  return json;
}

/** A whole number from 0 on. @throws RerunError `InvalidData` */
export function asCount(json: unknown, what: string): number {
  if (typeof json !== "number" || !Number.isSafeInteger(json) || json < 0) throw bad(what, json);
  return json;
}

/** A 64-bit integer written as decimal text. @throws RerunError `InvalidData` */
export function asInt64(json: unknown, what: string): bigint {
  const text = asText(json, what);
  if (!/^-?\d{1,19}$/.test(text)) throw bad(what, json);
  const value = BigInt(text);
  if (value !== BigInt.asIntN(64, value)) throw bad(what, json);
  return value;
}

/** One of these values. @throws RerunError `InvalidData` */
export function oneOf<const T>(json: unknown, options: readonly T[]): T {
  for (const option of options) if (option === json) return option;
  throw bad(`value, one of ${options.join(", ")}`, json);
}

function bad(what: string, got: unknown): RerunError {
  const text = JSON.stringify(got) ?? String(got);
  return new RerunError("InvalidData", `Damaged message: expected a ${what}, got ${text.slice(0, 80)}`);
}
