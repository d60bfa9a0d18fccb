/**
 * What the Python SDK 0.41 made of the same input, value by value.
 * `tests/fixtures/types/full`: all fields of an archetype (inputs `.json`, recording dumped as `.jsonl`).
 */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { instanceValues } from "../../tests/support/instance-values.js";
import { type DumpedChunk, dumped, dumpedRow, readDump, rowsOf, withoutType } from "../../tests/support/types-dump.js";
import { dataTypeKey } from "../core/index.js";
import type { AsComponents, ComponentColumn, ComponentData } from "./component-batch.js";
import { float16 } from "./encode/half-float.js";
import { camelCase } from "./encode/nested.js";
import * as archetypes from "./gen/archetypes.js";
import { archetypeFields } from "./layouts.js";

const FOLDER = new URL("../../tests/fixtures/types/full/", import.meta.url);

interface Step {
  readonly op: "log" | "send_columns";
  readonly cleared?: boolean;
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
}
interface ArchetypeClass {
  fromFields(fields: object): AsComponents;
  cleared(): AsComponents;
  columns(fields: object): Iterable<ComponentColumn>;
}

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe.each(names)("%s equals what Python logs", (name) => {
  const steps = (JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as { steps: Step[] }).steps;
  const dump = readDump(new URL(`${name}.jsonl`, FOLDER));
  const archetype = (archetypes as unknown as Record<string, ArchetypeClass>)[name] as ArchetypeClass;

  test.each(steps.map((step, i) => [i, step.cleared === true ? "cleared" : step.op, step] as const))(
    "step %i: %s",
    (i, _, step) => {
      const expected = dump[i] as DumpedChunk;
      if (step.op === "send_columns") {
        const columns = [...archetype.columns(inputs(name, step.fields ?? {}))];
        expect(columns.map(dumpedColumn)).toEqual(expected.components.map(withoutType));
      } else {
        const logged = step.cleared === true ? archetype.cleared() : archetype.fromFields(inputs(name, step.fields ?? {}));
        expect(dumpedRow(logged)).toEqual(expected.components.map(withoutType));
      }
    },
  );
});

/** The inputs are stored values: colours are packed, matrices lie column by column, tensors name the member of the union. */
function inputs(name: string, fields: Readonly<Record<string, readonly unknown[]>>): object {
  const encodings = new Map(archetypeFields(name)?.map((field) => [field.name, field]));
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    const field = encodings.get(key);
    const type = field === undefined ? "" : dataTypeKey(field.layout.type);
    if (/Color|AlbedoFactor/.test(field?.component ?? "")) return [camelCase(key), Uint32Array.from(value as number[])];
    if (type === "FixedSizeList(9 x non-null Float32)") return [camelCase(key), value.map((columns) => ({ columns }))];
    if (field?.component === "TensorData") return [camelCase(key), value.map(tensorOf)];
    return [camelCase(key), value];
  });
  return Object.fromEntries(entries);
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

function dumpedColumn({ layout, data, lengths }: ComponentColumn): unknown {
  const values = instanceValues(layout.type, data as ComponentData);
  return dumped(layout, rowsOf(values, lengths));
}
