import * as arrow from "apache-arrow";
import * as rr from "../../../src/index.js";

/** Values without a schema, and batches with descriptors of their own. */
export function dynamic(rec: rr.RecordingStream): void {
  rec.setTime("frame", { sequence: 1 });
  const components = { confidence: [1.5, 2.5], note: "größe", flag: true, bytes: Uint8Array.of(1, 2, 3), pairs: [[1, 2], [3]] };
  const archetype = new rr.DynamicArchetype("my.Archetype", { components });
  rec.log("dynamic", archetype);
  rec.log("dynamic", archetype.withComponentOverride("scalar", "rerun.components.Scalar", 4.5));
  rec.log("dynamic", new rr.DynamicArchetype("other").withComponentFromData("late", new Float32Array([1, 2])));
  const colors = rr.describedBatch(rr.components.Color, [
    [255, 0, 0],
    [0, 255, 0],
  ]);
  rec.log("dynamic/colors", new rr.DynamicArchetype("MyColors", { components: { colors } }));
  rec.log("override", new rr.AnyValues({ a: 0.5 }).withComponentOverride("b", "rerun.components.Text", "text"));
  rec.log("batch/one", new rr.AnyBatchValue("name.alone", [1.5]));
  const descriptor = { component: "mine:size", archetype: "mine", componentType: "mine.Size" };
  rec.log("batch/full", new rr.AnyBatchValue(descriptor, new Int16Array([1, -2])));
  rec.log("batch/full", new rr.AnyBatchValue(descriptor, null));
  rec.log("batch/described", [
    rr.describedBatch(rr.components.Position3D, [[1, 2, 3]], { component: "custom:pos", archetype: "custom" }),
    rr.describedBatch(rr.components.Radius, [0.5], { component: "custom:radius" }),
  ]);
  rec.log("struct", new rr.AnyValues({ point: { x: 1.5, name: "a" } }));
}

export function dynamicColumns(rec: rr.RecordingStream): void {
  const steps = [new rr.TimeColumn("step", { sequence: [1, 2, 3] })];
  const columns = { value: [0.5, 1.5, 2.5], name: ["a", "b", "c"] };
  rec.sendColumns("dynamic", steps, rr.DynamicArchetype.columns("my.Columns", { components: columns }));
  rec.sendColumns("lists", steps, rr.AnyValues.columns({ lists: [[1.5, 2.5], [3.5], [4.5, 5.5]] }));
  rec.sendColumns("batch", steps, rr.AnyBatchValue.column({ component: "c", archetype: "A" }, [1n, 2n, 3n]));
  const positions = Float32Array.from({ length: 18 }, (_, i) => i / 2);
  rec.sendColumns("described", steps, [
    ...rr.describedBatch(rr.components.Position3D, positions, { component: "custom:pos" }).columns([1, 2, 3]),
    ...rr.Points3D.columns({ positions, radii: new Float32Array(6) }).partition([3, 0, 3]),
  ]);
}

/** A record batch whose fields have metadata. */
function batchOf(
  columns: readonly (readonly [string, arrow.Vector, Readonly<Record<string, string>>?])[],
  metadata: Readonly<Record<string, string>> = {},
): arrow.RecordBatch {
  const fields = columns.map(([name, { type }, own = {}]) => new arrow.Field(name, type, true, new Map(Object.entries(own))));
  const schema = new arrow.Schema(fields, new Map(Object.entries(metadata)));
  const data = columns.map(([, vector]) => vector.data[0] as arrow.Data);
  return new arrow.RecordBatch(schema, new arrow.Data(new arrow.Struct(fields), 0, 3, 0, undefined, data));
}

export function dataframes(rec: rr.RecordingStream): void {
  const frames = arrow.vectorFromArray([3n, 1n, 2n], new arrow.Int64());
  const floats = arrow.vectorFromArray([0.5, 1.5, 2.5], new arrow.Float64());
  const lists = arrow.vectorFromArray([[1], [2, 3], null], new arrow.List(new arrow.Field("item", new arrow.Float64(), true)));
  const texts = arrow.vectorFromArray(["x", null, "z"], new arrow.Utf8());
  const raw = batchOf([
    ["frame", frames],
    ["/a/b:Scalars:scalars", floats],
    ["/c:foo", lists],
    ["plain", texts],
  ]);
  rec.sendRecordBatch(raw, { index: "frame" });
  rec.sendRecordBatch(raw, { index: null, entityPath: "static" });
  rec.sendDataframe(new arrow.Table([raw, raw]), { index: ["frame"], entityPath: "/twice" });
  const scalar = {
    [rr.RERUN_KIND]: "data",
    [rr.SORBET_ENTITY_PATH]: "/e1",
    [rr.SORBET_COMPONENT]: "Scalars:scalars",
    [rr.SORBET_ARCHETYPE_NAME]: "rerun.archetypes.Scalars",
    [rr.SORBET_COMPONENT_TYPE]: "rerun.components.Scalar",
  };
  const index = { [rr.RERUN_KIND]: rr.RERUN_KIND_INDEX, [rr.SORBET_INDEX_NAME]: "named" };
  rec.sendRecordBatch(
    batchOf(
      [
        ["fr", frames, index],
        ["x", lists, scalar],
        ["/n:am:e", texts, { [rr.SORBET_COMPONENT]: "cc" }],
        ["y", floats],
      ],
      { [rr.SORBET_ENTITY_PATH]: "batch" },
    ),
  );
}
