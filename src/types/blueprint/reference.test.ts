/**
 * What the Python SDK 0.41 made of the same input, value by value: all fields of blueprint archetypes.
 * `tests/fixtures/types/full-blueprint`: inputs `.json`, recordings dumped as `.jsonl`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type DumpedChunk, dumpedRow, readDump, withoutType } from "../../../tests/support/types-dump.js";
import type { AsComponents } from "../component-batch.js";
import { camelCase } from "../encode/nested.js";
import * as archetypes from "../gen/blueprint-archetypes.js";

const FOLDER = new URL("../../../tests/fixtures/types/full-blueprint/", import.meta.url);

interface Step {
  readonly cleared?: boolean;
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
}
interface ArchetypeClass {
  readonly archetype: string;
  fromFields(fields: object): AsComponents;
  cleared(): AsComponents;
}

const classes = archetypes as unknown as Readonly<Record<string, ArchetypeClass>>;
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe.each(names)("%s equals what Python logs", (name) => {
  const steps = (JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as { steps: Step[] }).steps;
  const dump = readDump(new URL(`${name}.jsonl`, FOLDER));
  const archetype = classes[name] as ArchetypeClass;

  test.each(steps.map((step, i) => [i, step] as const))("step %i", (i, step) => {
    const expected = dump[i] as DumpedChunk;
    const logged = step.cleared === true ? archetype.cleared() : archetype.fromFields(inputs(step.fields ?? {}));
    expect(dumpedRow(logged)).toEqual(expected.components.map(withoutType));
  });
});

test("there is a class for each of the 44 blueprint archetypes, with the schema's name", () => {
  const found = Object.entries(classes).map(([name, { archetype }]) => [name, archetype]);
  expect(found).toHaveLength(44);
  expect(found.filter(([name, full]) => full !== `rerun.blueprint.archetypes.${name}`)).toEqual([]);
});

/** Keys in camelCase; colours are packed already, limits of times named as in the schema. */
function inputs(fields: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (key === "color") return [camelCase(key), Uint32Array.from(value as number[])];
      return [camelCase(key), limits(value)];
    }),
  );
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
