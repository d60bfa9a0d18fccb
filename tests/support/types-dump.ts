import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { AsComponents, ComponentLayout } from "../../src/types/component-batch.js";
import { instanceValues } from "./instance-values.js";

/** A chunk of a recording that the Python SDK made, dumped by its own reader. */
export interface DumpedChunk {
  readonly entity: string;
  readonly components: readonly DumpedColumn[];
}

/** Values of one component, row by row. */
export interface DumpedColumn {
  readonly component: string;
  readonly archetype: string | null;
  readonly component_type: string | null;
  readonly values: readonly (readonly unknown[])[];
}

/** The chunks of a dump (`.jsonl`, also gzipped), in the order of the file. */
export function readDump(file: URL): readonly DumpedChunk[] {
  const bytes = readFileSync(file);
  const text = (file.pathname.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as DumpedChunk);
}

/** Dumped and own values in one form: unions as their value, whole numbers as numbers, bytes as lists. */
export function simplified(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(simplified);
  if (typeof value !== "object" || value === null) return value;
  if ("$union" in value) return simplified((value as { value?: unknown }).value);
  if ("$b64" in value) return Array.from(Buffer.from(String(value.$b64), "base64"));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, simplified(member)]));
}

/** Instances cut into rows: `lengths[row]` each, or one each. */
export function rowsOf<T>(instances: readonly T[], lengths: ArrayLike<number> | undefined): readonly (readonly T[])[] {
  if (lengths === undefined) return instances.map((instance) => [instance]);
  const rows: (readonly T[])[] = [];
  let start = 0;
  for (let row = 0; row < lengths.length; row++) {
    const end = start + (lengths[row] ?? 0);
    rows.push(instances.slice(start, end));
    start = end;
  }
  return rows;
}

/** A dumped column without its Arrow type, in the form of `dumped`. */
export function withoutType({ component, archetype, component_type, values }: DumpedColumn): unknown {
  return { component, archetype, component_type, values: simplified(values) };
}

/** One row of ours in the form of a dump. */
export function dumpedRow({ layouts, data }: AsComponents): unknown[] {
  return layouts.flatMap((layout, i) => {
    const instances = data[i];
    return instances === undefined ? [] : [dumped(layout, [instanceValues(layout.type, instances)])];
  });
}

/** A column of ours in the form of a dump. */
export function dumped({ descriptor }: ComponentLayout, values: readonly unknown[]): unknown {
  const { component, archetype, componentType } = descriptor;
  return { component, archetype, component_type: componentType, values: simplified(values) };
}
