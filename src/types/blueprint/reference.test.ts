/**
 * What the Python SDK 0.41 made of the same input, value by value: all fields of blueprint archetypes.
 * `tests/fixtures/types/full-blueprint`: inputs `.json`, recordings dumped as `.jsonl`.
 */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ArchetypeClass, blueprintInputs, fullSteps } from "../../../tests/support/full-reference.js";
import { type DumpedChunk, dumpedRow, readDump, withoutType } from "../../../tests/support/types-dump.js";
import * as archetypes from "../gen/blueprint-archetypes.js";

const FOLDER = new URL("../../../tests/fixtures/types/full-blueprint/", import.meta.url);

const classes = archetypes as unknown as Readonly<Record<string, ArchetypeClass>>;
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe.each(names)("%s equals what Python logs", (name) => {
  const steps = fullSteps(new URL(`${name}.json`, FOLDER));
  const dump = readDump(new URL(`${name}.jsonl`, FOLDER));
  const archetype = classes[name] as ArchetypeClass;

  test.each(steps.map((step, i) => [i, step] as const))("step %i", (i, step) => {
    const expected = dump[i] as DumpedChunk;
    const logged = step.cleared === true ? archetype.cleared() : archetype.fromFields(blueprintInputs(step.fields));
    expect(dumpedRow(logged)).toEqual(expected.components.map(withoutType));
  });
});

test("there is a class for each of the 44 blueprint archetypes, with the schema's name", () => {
  const found = Object.entries(classes).map(([name, { archetype }]) => [name, archetype]);
  expect(found).toHaveLength(44);
  expect(found.filter(([name, full]) => full !== `rerun.blueprint.archetypes.${name}`)).toEqual([]);
});
