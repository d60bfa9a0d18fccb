import * as arrow from "apache-arrow";
import { expect, it } from "vitest";
import { chunkRows, sortedRows } from "../../tests/support/chunk-rows.js";
import { printedWarnings } from "../../tests/support/printed-warnings.js";
import { chunkToRecordBatch } from "../chunk/arrow.js";
import { type Chunk, isStatic } from "../chunk/index.js";
import { setStrict, valueAt } from "../core/index.js";
import { Points3D, Scalars } from "../types/index.js";
import * as rr from "./index.js";

const warnings = printedWarnings();

type Metadata = Readonly<Record<string, string>>;

function column(name: string, type: arrow.DataType, values: unknown[], metadata: Metadata = {}): [arrow.Field, arrow.Vector] {
  const entries = Object.entries(metadata).map(([key, value]) => [`rerun:${key}`, value] as const);
  return [new arrow.Field(name, type, true, new Map(entries)), arrow.vectorFromArray(values, type)];
}

function batch(columns: [arrow.Field, arrow.Vector][], metadata: Metadata = {}): arrow.RecordBatch {
  const schema = new arrow.Schema(
    columns.map(([field]) => field),
    new Map(Object.entries(metadata).map(([key, value]) => [`rerun:${key}`, value])),
  );
  const data = columns.map(([, vector]) => vector.data[0] as arrow.Data);
  const numRows = columns[0]?.[1].length ?? 0;
  return new arrow.RecordBatch(schema, new arrow.Data(new arrow.Struct(schema.fields), 0, numRows, 0, undefined, data));
}

const INT = new arrow.Int64();
const FLOAT = new arrow.Float64();
const frames = (metadata?: Metadata): [arrow.Field, arrow.Vector] => column("frame", INT, [1n, 2n, 3n], metadata);
const floats = (name: string, metadata?: Metadata): [arrow.Field, arrow.Vector] => column(name, FLOAT, [0.5, 1.5, 2.5], metadata);
const INDEX = { kind: "index" };

/** Entity, times and cells of all chunks that the calls send. */
function sent(work: (rec: rr.RecordingStream) => void): unknown[] {
  const rec = new rr.RecordingStream("app", { sendProperties: false });
  work(rec);
  return [...rec.store.chunks()].map((chunk) => [
    chunk.entityPath,
    isStatic(chunk)
      ? "static"
      : Object.fromEntries([...chunk.timelines].map(([name, { times }]) => [name, [...times].map(Number)])),
    Object.fromEntries(
      [...chunk.components].map(([name, { list }]) => [
        name,
        Array.from({ length: chunk.numRows }, (_, row) => valueAt(list, row)),
      ]),
    ),
  ]);
}

it("columns go to the entities that their names tell, one chunk for each, in the order in which these come up", () => {
  const lists = column("/c:foo", new arrow.List(new arrow.Field("item", FLOAT, true)), [[1], [2, 3], null]);
  const texts = column("plain", new arrow.Utf8(), ["x", null, "z"]);
  const data = batch([frames(), floats("/a/b:Scalars:scalars"), lists, texts]);
  const times = { frame: [1, 2, 3] };
  expect(sent((rec) => rec.sendRecordBatch(data, { index: "frame", entityPath: "rest" }))).toEqual([
    ["/a/b", times, { "Scalars:scalars": [[0.5], [1.5], [2.5]] }],
    ["/c", times, { foo: [[1], [2, 3], null] }],
    ["/rest", times, { plain: [["x"], null, ["z"]] }],
  ]);
  expect(sent((rec) => rec.sendDataframe(new arrow.Table([data, data]), { index: ["frame"] }))).toHaveLength(6);
  expect(sent((rec) => rec.sendDataframe([data], { index: null }))).toContainEqual([
    "/",
    "static",
    { frame: [[1n], [2n], [3n]], plain: [["x"], null, ["z"]] },
  ]);
});

it("metadata decide before names: kind, entity path, component", () => {
  const data = batch([
    column("fr", INT, [3n, 1n, 2n], { kind: "index", index_name: "frame" }),
    floats("/n:am:e", { component: "cc" }),
    floats("/a:x", { entity_path: "/z", archetype: "A", component_type: "T" }),
  ]);
  expect(sent((rec) => rec.sendRecordBatch(data))).toEqual([
    ["/n", { frame: [3, 1, 2] }, { cc: [[0.5], [1.5], [2.5]] }],
    ["/z", { frame: [3, 1, 2] }, { "/a:x": [[0.5], [1.5], [2.5]] }],
  ]);
  const batchPath = batch([frames(INDEX), floats("/q:w"), floats("z", { entity_path: "e" })], { entity_path: "/batch" });
  expect(sent((rec) => rec.sendRecordBatch(batchPath, { entityPath: "arg" })).map((chunk) => (chunk as unknown[])[0])).toEqual([
    "/batch",
    "/e",
  ]);
  const other = batch([frames(INDEX), column("g", INT, [7n, 8n, 9n]), floats("/a:"), floats("/:q")]);
  expect(sent((rec) => rec.sendRecordBatch(other, { index: "g" }))).toEqual([
    ["/", { g: [7, 8, 9] }, { frame: [[1n], [2n], [3n]], q: [[0.5], [1.5], [2.5]] }],
    ["/a", { g: [7, 8, 9] }, { "/a:": [[0.5], [1.5], [2.5]] }],
  ]);
});

it("a chunk's own record batch comes back with its ids; under another path with new ones", () => {
  const source = new rr.RecordingStream("source", { sendProperties: false });
  source.setTime("frame", { sequence: 1 });
  source.log("a", new Points3D([[1, 2, 3]]));
  const [chunk] = [...source.store.chunks()];
  if (chunk === undefined) throw new Error("no chunk");
  const rec = new rr.RecordingStream("app", { sendProperties: false });
  rec.sendRecordBatch(chunkToRecordBatch(chunk));
  const content = ({ id, entityPath }: Chunk): unknown[] => [id, entityPath];
  expect([...rec.store.chunks()].map(content)).toEqual([content(chunk)]);
  expect(sortedRows([...rec.store.chunks()])).toEqual(chunkRows(chunk));
  rec.sendRecordBatch(chunkToRecordBatch(chunk), { entityPath: "/b" });
  expect([...rec.store.chunks()].map(({ id }) => id === chunk.id)).toEqual([true, false]);
});

it("the buffers of a table are copied", () => {
  const values = new Float64Array([1, 2, 3]);
  const data = arrow.tableFromArrays({ t: new BigInt64Array([1n, 2n, 3n]), x: values });
  expect(
    sent((rec) => {
      rec.sendDataframe(data, { index: "t" });
      values.fill(9);
    }),
  ).toEqual([["/", { t: [1, 2, 3] }, { x: [[1], [2], [3]] }]]);
});

it.each<[string, () => arrow.RecordBatch, rr.SendDataframeOptions]>([
  ["has no index column", () => batch([frames(), floats("x")]), {}],
  ['index: expected one of the columns "frame", "x", got "t"', () => batch([frames(), floats("x")]), { index: "t" }],
  ["index: null says that the data are static", () => batch([frames(INDEX), floats("x")]), { index: null }],
  ["no component columns", () => batch([frames()]), { index: "frame" }],
  ['index column "x": expected Int64, Timestamp(ns) or Duration(ns), got ', () => batch([frames(), floats("x")]), { index: "x" }],
  [
    'index column "frame": expected a time in every row',
    () => batch([column("frame", INT, [1n, null]), column("x", FLOAT, [1, 2])]),
    { index: "frame" },
  ],
  ['component column "x" comes twice: /a', () => batch([frames(INDEX), floats("/a:x"), floats("x", { entity_path: "a" })]), {}],
])("in any mode an error says: %s", (message, make, options) => {
  const send = (): unknown => sent((rec) => rec.sendRecordBatch(make(), options));
  expect(send).toThrow(expect.objectContaining({ code: "InvalidArgument", message: expect.stringContaining(message) }));
  expect(send).toThrow("sendRecordBatch: ");
});

it("what is no Arrow data is refused", () => {
  for (const bad of [{ a: 1 }, 5, null, [1], "text"]) {
    expect(() => sent((rec) => rec.sendDataframe(bad as never, { index: null }))).toThrow("sendDataframe: expected a Table");
  }
});

it("a column of a type that has no counterpart is left out with a warning; strict mode throws", () => {
  const data = batch([
    frames(INDEX),
    floats("x"),
    column("day", new arrow.IntervalYearMonth(), [new Date(0), new Date(0), new Date(0)]),
  ]);
  expect(sent((rec) => rec.sendRecordBatch(data))).toEqual([["/", { frame: [1, 2, 3] }, { x: [[0.5], [1.5], [2.5]] }]]);
  expect(warnings).toEqual([expect.stringContaining('sendRecordBatch: column "day": ')]);
  setStrict(true);
  expect(() => sent((rec) => rec.sendRecordBatch(data))).toThrow('column "day"');
});

it("chunks of another recording are taken over as they are", () => {
  const source = new rr.RecordingStream("source", { sendProperties: false });
  source.log("a", new Scalars(1));
  source.log("b", new Scalars([1, 2]), { static: true });
  const chunks = [...source.store.chunks()];
  for (const given of [source.store, chunks]) {
    const rec = new rr.RecordingStream("app", { sendProperties: false });
    rec.sendChunks(given);
    expect([...rec.store.chunks()]).toEqual(chunks);
  }
  const [first] = chunks;
  if (first === undefined) throw new Error("no chunk");
  const rec = new rr.RecordingStream("app", { sendProperties: false });
  rec.sendChunks(first);
  expect(() => rec.sendChunks([first, 1] as never)).toThrow(
    "sendChunks: expected a chunk, a ChunkStore or a list of chunks, got number 1",
  );
  expect(() => rec.sendChunks(null as never)).toThrow("sendChunks: expected a chunk");
});

it("the start of a recording can be set anew", () => {
  const rec = new rr.RecordingStream("app", { sendProperties: false });
  rec.sendRecordingStartTimeNanos(1_700_000_000_000_000_001n);
  expect(rec.startTimeNanos).toBe(1_700_000_000_000_000_001n);
  expect([...rec.store.chunks()].map((chunk) => [chunk.entityPath, isStatic(chunk)])).toEqual([["/__properties", true]]);
  expect(() => rec.sendRecordingStartTimeNanos(1.5)).toThrow("sendRecordingStartTimeNanos: expected whole nanoseconds");
});
