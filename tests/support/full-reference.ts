/** What was logged with all fields of an archetype (`tests/fixtures/types/full` and `full-blueprint`), in the form of our constructors. */
import { readFileSync } from "node:fs";
import { dataTypeKey } from "../../src/core/index.js";
import type { AsComponents, ComponentColumn } from "../../src/types/component-batch.js";
import { camelCase } from "../../src/types/encode/nested.js";
import { archetypeFields, float16 } from "../../src/types/index.js";

export interface Step {
  readonly op: "log" | "send_columns";
  readonly cleared?: boolean;
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
  /** Path as text; `entity_raw` is one with characters that are to be escaped. */
  readonly entity?: string;
  readonly entity_raw?: string;
  readonly static?: boolean;
  readonly time?: Readonly<Record<string, RecordedTime>>;
  readonly indexes?: readonly RecordedIndex[];
}

export interface RecordedTime {
  readonly sequence?: number;
  readonly timestamp_ns?: string;
  readonly duration_ns?: string;
}

export interface RecordedIndex {
  readonly timeline: string;
  readonly sequence?: readonly number[];
  readonly duration_s?: readonly number[];
}

/** An archetype's class. Those of blueprints have no `columns`. */
export interface ArchetypeClass {
  readonly archetype: string;
  fromFields(fields: object): AsComponents;
  cleared(): AsComponents;
  columns(fields: object): Iterable<ComponentColumn>;
}

/** The steps of one archetype's recording. */
export function fullSteps(file: URL): readonly Step[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly steps: readonly Step[] }).steps;
}

/** Fields of a step for `fromFields`. Values are stored ones: colours are packed, matrices lie column by column, tensors name the member of the union. */
export function recordingInputs(name: string, fields: Step["fields"] = {}): object {
  const known = new Map(archetypeFields(name)?.map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]): [string, unknown] => {
      const field = known.get(key);
      const type = field === undefined ? "" : dataTypeKey(field.layout.type);
      if (/Color|AlbedoFactor/.test(field?.component ?? "")) return [camelCase(key), Uint32Array.from(value as number[])];
      if (type === "FixedSizeList(9 x non-null Float32)") return [camelCase(key), value.map((columns) => ({ columns }))];
      if (field?.component === "TensorData") return [camelCase(key), value.map(tensorOf)];
      return [camelCase(key), value];
    }),
  );
}

/** The same for an archetype of blueprints: colours are packed already, limits of times named as in the schema. */
export function blueprintInputs(fields: Step["fields"] = {}): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (key === "color") return [camelCase(key), Uint32Array.from(value as number[])];
      return [camelCase(key), limits(value)];
    }),
  );
}

function tensorOf(value: unknown): unknown {
  const {
    shape,
    names: dimNames,
    buffer,
  } = value as { shape: number[]; names: string[]; buffer: { variant: string; values: number[] } };
  const { variant, values } = buffer;
  const classes: Record<string, (list: number[]) => unknown> = {
    U8: (list) => Uint8Array.from(list),
    I8: (list) => Int8Array.from(list),
    I64: (list) => BigInt64Array.from(list, BigInt),
    U64: (list) => BigUint64Array.from(list, BigInt),
    F16: (list) => float16(list),
    F32: (list) => Float32Array.from(list),
    F64: (list) => Float64Array.from(list),
    U16: (list) => Uint16Array.from(list),
    U32: (list) => Uint32Array.from(list),
    I16: (list) => Int16Array.from(list),
    I32: (list) => Int32Array.from(list),
  };
  return { shape, names: dimNames, buffer: classes[variant]?.(values) };
}

function limits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(limits);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "kind" && typeof member === "string" ? camelCase(member) : limits(member),
    ]),
  );
}
