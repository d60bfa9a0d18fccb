import type { Chunk } from "../../src/chunk/index.js";
import { type ArrayData, type DataType, type Field, halfToNumber, isValidAt } from "../../src/core/index.js";

/** What a chunk holds, in the form of the dumps beside the recordings in `tests/fixtures/rrd`. */
export interface ChunkDump {
  readonly entity: string;
  readonly rows: number;
  readonly static: boolean;
  readonly timelines: Readonly<Record<string, { readonly arrow: string; readonly values?: readonly string[] }>>;
  readonly components: readonly ComponentDump[];
}

export interface ComponentDump {
  readonly component: string;
  readonly archetype: string | null;
  readonly component_type: string | null;
  readonly arrow: string;
  readonly values?: unknown;
}

const TIME_TYPES = { sequence: "int64", duration: "duration[ns]", timestamp: "timestamp[ns]" };

export function dumpChunk(chunk: Chunk): ChunkDump {
  const timelines: Record<string, { arrow: string; values?: string[] }> = {};
  for (const [name, { timeline, times }] of chunk.timelines) {
    const arrow = TIME_TYPES[timeline.type];
    timelines[name] = name === "log_time" ? { arrow } : { arrow, values: Array.from(times, String) };
  }
  const components = [...chunk.components.values()].map(({ descriptor, list }) => ({
    component: descriptor.component,
    archetype: descriptor.archetype ?? null,
    component_type: descriptor.componentType ?? null,
    arrow: typeText(list.type),
    values: descriptor.component === "RecordingInfo:start_time" ? "(varies)" : elements(list, 0, list.length),
  }));
  return { entity: chunk.entityPath, rows: chunk.numRows, static: chunk.timelines.size === 0, timelines, components };
}

function elements(array: ArrayData, start: number, end: number): unknown[] {
  return Array.from({ length: end - start }, (_, i) => element(array, start + i));
}

function element(array: ArrayData, index: number): unknown {
  const { type, values, offsets, children = [] } = array;
  if (type.kind === "null" || !isValidAt(array, index)) return null;
  const [first] = children;
  const from = offsets?.[index] ?? 0;
  const to = offsets?.[index + 1] ?? 0;
  switch (type.kind) {
    case "utf8":
      return Buffer.from((values as Uint8Array).subarray(from, to)).toString("utf8");
    case "binary":
      return { $b64: Buffer.from((values as Uint8Array).subarray(from, to)).toString("base64") };
    case "bool":
      return (((values as Uint8Array)[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
    case "list":
      return first === undefined ? [] : elements(first, from, to);
    case "fixedSizeList":
      return first === undefined ? [] : elements(first, index * type.size, (index + 1) * type.size);
    case "struct":
      return Object.fromEntries(type.fields.map((field, i) => [field.name, element(children[i] as ArrayData, index)]));
    case "union": {
      const branch = type.typeIds.indexOf(array.typeIds?.[index] ?? -1);
      const value = element(children[branch] as ArrayData, type.mode === "dense" ? from : index);
      // pyarrow names the first branch without values, whichever of them it is.
      const named =
        type.fields[branch]?.type.kind === "null" ? type.fields.find((field) => field.type.kind === "null") : type.fields[branch];
      return { $union: named?.name, value };
    }
    default: {
      const value = values?.[index] ?? null;
      if (type.kind === "float" && type.bits === 16) return number(halfToNumber(Number(value)));
      if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : { $int: String(value) };
      return number(Number(value));
    }
  }
}

function number(value: number): unknown {
  if (Number.isFinite(value)) return value;
  return { $float: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}

const FLOATS = { 16: "halffloat", 32: "float", 64: "double" };

/** A type as pyarrow prints it. */
function typeText(type: DataType): string {
  switch (type.kind) {
    case "utf8":
      return "string";
    case "int":
      return `${type.signed ? "" : "u"}int${type.bits}`;
    case "float":
      return FLOATS[type.bits];
    case "list":
      return `list<${fieldText(type.item)}>`;
    case "fixedSizeList":
      return `fixed_size_list<${fieldText(type.item)}>[${type.size}]`;
    case "struct":
      return `struct<${type.fields.map(fieldText).join(", ")}>`;
    case "union":
      return `${type.mode}_union<${type.fields.map((field, i) => `${fieldText(field)}=${type.typeIds[i]}`).join(", ")}>`;
    default:
      return type.kind;
  }
}

function fieldText(field: Field): string {
  return `${field.name}: ${typeText(field.type)}${field.nullable ? "" : " not null"}`;
}
