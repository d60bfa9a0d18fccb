/**
 * What the Python SDK 0.41 made of the same input, value by value.
 * `tests/fixtures/types/full`: all fields of an archetype (inputs `.json`, recording dumped as `.jsonl`).
 */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ArchetypeClass, fullSteps, recordingInputs } from "../../tests/support/full-reference.js";
import { instanceValues } from "../../tests/support/instance-values.js";
import { type DumpedChunk, dumped, dumpedRow, readDump, rowsOf, withoutType } from "../../tests/support/types-dump.js";
import type { ComponentColumn, ComponentData } from "./component-batch.js";
import * as archetypes from "./gen/archetypes.js";

const FOLDER = new URL("../../tests/fixtures/types/full/", import.meta.url);

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.slice(0, -".jsonl".length));

describe.each(names)("%s equals what Python logs", (name) => {
  const steps = fullSteps(new URL(`${name}.json`, FOLDER));
  const dump = readDump(new URL(`${name}.jsonl`, FOLDER));
  const archetype = (archetypes as unknown as Record<string, ArchetypeClass>)[name] as ArchetypeClass;

  test.each(steps.map((step, i) => [i, step.cleared === true ? "cleared" : step.op, step] as const))(
    "step %i: %s",
    (i, _, step) => {
      const expected = dump[i] as DumpedChunk;
      if (step.op === "send_columns") {
        const columns = [...archetype.columns(recordingInputs(name, step.fields))];
        expect(columns.map(dumpedColumn)).toEqual(expected.components.map(withoutType));
      } else {
        const fields = recordingInputs(name, step.fields);
        const logged = step.cleared === true ? archetype.cleared() : archetype.fromFields(fields);
        expect(dumpedRow(logged)).toEqual(expected.components.map(withoutType));
      }
    },
  );
});

function dumpedColumn({ layout, data, lengths }: ComponentColumn): unknown {
  const values = instanceValues(layout.type, data as ComponentData);
  return dumped(layout, rowsOf(values, lengths));
}
