/**
 * Every field of every archetype of `tests/fixtures/types/full` and `full-blueprint`, logged as Rerun's Python SDK 0.41 did it:
 * all fields, only the required ones on three timelines, static, cleared, and as columns.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import {
  type ArchetypeClass,
  blueprintInputs,
  fullSteps,
  type RecordedTime,
  recordingInputs,
  type Step,
} from "../support/full-reference.js";
import { rerunCompare, strictDifferences, twoSides, unpack } from "../support/rerun-compare.js";

const FIXTURES = join(ROOT, "tests", "fixtures", "types");
const KINDS = [
  { subfolder: "full", prefix: "", classes: rr as unknown, inputs: recordingInputs },
  {
    subfolder: "full-blueprint",
    prefix: "bp_",
    classes: rr.blueprint.archetypes as unknown,
    inputs: (_: string, fields: Step["fields"]) => blueprintInputs(fields),
  },
];
const cases = KINDS.flatMap(({ subfolder, prefix, classes, inputs }) =>
  readdirSync(join(FIXTURES, subfolder))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .map((archetype) => ({
      name: `${prefix}${archetype}`,
      fixture: join(FIXTURES, subfolder, archetype),
      class: (classes as Readonly<Record<string, ArchetypeClass>>)[archetype] as ArchetypeClass,
      inputs: (fields: Step["fields"]) => inputs(archetype, fields),
    })),
);

const { ours, theirs } = twoSides("full");
let differences: Readonly<Record<string, string[]>> = {};

beforeAll(async () => {
  rr.setStrictMode(true);
  for (const { name, fixture, class: archetype, inputs } of cases) {
    unpack(`${fixture}.rrd.gz`, join(theirs, `${name}.rrd`));
    const rec = new rr.RecordingStream(`ts_full_${name}`, { sendProperties: false, batcher: { flushNumRows: 0 } });
    rec.save(join(ours, `${name}.rrd`));
    for (const step of fullSteps(pathToFileURL(`${fixture}.json`))) replay(rec, archetype, step, inputs(step.fields));
    await rec.close();
  }
  rr.setStrictMode(false);
  differences = strictDifferences(
    theirs,
    ours,
    cases.map(({ name }) => name),
  );
});

function replay(rec: rr.RecordingStream, archetype: ArchetypeClass, step: Step, fields: object): void {
  const path = step.entity ?? step.entity_raw ?? "";
  if (step.op === "send_columns") {
    const indexes = (step.indexes ?? []).map(({ timeline, sequence, duration_s }) =>
      sequence === undefined
        ? new rr.TimeColumn(timeline, { duration: duration_s ?? [] })
        : new rr.TimeColumn(timeline, { sequence }),
    );
    rec.sendColumns(path, indexes, archetype.columns(fields));
    return;
  }
  rec.resetTime();
  for (const [timeline, time] of Object.entries(step.time ?? {})) rec.setTime(timeline, timeOf(time));
  rec.log(path, step.cleared === true ? archetype.cleared() : archetype.fromFields(fields), { static: step.static ?? false });
}

function timeOf({ sequence, duration_ns, timestamp_ns }: RecordedTime): rr.TimeSpec {
  if (sequence !== undefined) return { sequence };
  return duration_ns === undefined ? { timestampNanos: BigInt(timestamp_ns ?? 0) } : { durationNanos: BigInt(duration_ns) };
}

describe.each(cases.map(({ name }) => name))("%s", (name) => {
  it("is equal bit for bit", () => {
    expect(differences[name]).toEqual([]);
  });

  it("is equal for `rerun rrd compare`", () => {
    rerunCompare(join(theirs, `${name}.rrd`), join(ours, `${name}.rrd`));
  });
});
