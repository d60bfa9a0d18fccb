/** The conveniences of the constructors: the same input gives what the Python SDK 0.41 logged (`tests/fixtures/types/conv`). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as cases from "../../tests/support/conveniences/index.js";
import { instanceValues } from "../../tests/support/instance-values.js";
import { type DumpedChunk, readDump, rowsOf, simplified } from "../../tests/support/types-dump.js";
import { setHost, setStrict } from "../core/index.js";
import type { ComponentColumn } from "./component-batch.js";
import * as rr from "./index.js";

const FOLDER = new URL("../../tests/fixtures/types/conv/", import.meta.url);

beforeAll(() => {
  setStrict(true);
  setHost({ readFile: () => new TextEncoder().encode("abc") });
});
afterAll(() => {
  setStrict(false);
  setHost(undefined);
});
beforeEach(() => rr.resetAnyValueTypes());

describe.each([
  ["conv_colors.jsonl", cases.COLORS],
  ["conv_boxes.jsonl", cases.BOXES],
  ["conv_transforms.jsonl", cases.TRANSFORMS],
  ["conv_images.jsonl.gz", cases.IMAGES],
  ["conv_mesh_asset.jsonl.gz", cases.MESHES],
  ["conv_tensors.jsonl", cases.TENSORS],
  ["conv_text_graph_state.jsonl", cases.TEXTS],
  ["conv_anyvalues.jsonl", cases.ANY],
] as const)("%s", (file, list) => {
  const byEntity = new Map<string, DumpedChunk>();
  for (const chunk of readDump(new URL(file, FOLDER))) if (!byEntity.has(chunk.entity)) byEntity.set(chunk.entity, chunk);

  test.each(list)("%s is what Python logs", (entity, make) => {
    const expected = byEntity.get(entity)?.components.map(({ component, archetype, component_type, values }) => {
      return { component, archetype, component_type, values: simplified(values) };
    });
    expect(dumped(make()).sort((a, b) => (a.component < b.component ? -1 : 1))).toEqual(expected);
  });
});

function dumped(made: ReturnType<cases.ConvenienceCase[1]>): { readonly component: string }[] {
  const columns: ComponentColumn[] = [];
  if ("layouts" in made) {
    for (const [i, layout] of made.layouts.entries()) {
      const data = made.data[i];
      if (data !== undefined) columns.push({ layout, data, lengths: [rr.countInstances(layout.type, data)] });
    }
  } else columns.push(...made);
  return columns.map(({ layout, data, lengths }) => {
    const values = instanceValues(layout.type, data);
    const rows = rowsOf(values, lengths);
    const { component, archetype, componentType } = layout.descriptor;
    return { component, archetype: archetype ?? null, component_type: componentType ?? null, values: simplified(rows) };
  });
}
