import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk } from "../../../tests/support/arbitrary-chunk.js";
import { chunkRows } from "../../../tests/support/chunk-rows.js";
import { FLOAT64, INT64, isRerunError, listOf, UTF8, type Warning } from "../../core/index.js";
import { chunkFromIpc, chunkFromRecordBatch, chunkToIpc, chunkToRecordBatch, tableFromIpc, tableToIpc } from "../arrow.js";
import { type Chunk, makeChunk, sliceChunk } from "../index.js";

const ID = "0123456789abcdef0123456789abcdef";

function scalars(values: readonly number[], names: Partial<Pick<Chunk, "id" | "entityPath">> = {}): Chunk {
  const count = values.length;
  const rowIds = new Uint8Array(16 * count);
  values.forEach((_, row) => {
    rowIds[16 * row + 15] = row;
  });
  const descriptor = {
    component: "Scalars:scalars",
    archetype: "rerun.archetypes.Scalars",
    componentType: "rerun.components.Scalar",
  };
  const item = { type: FLOAT64, length: count, nullCount: 0, values: Float64Array.from(values) };
  const offsets = Int32Array.from({ length: count + 1 }, (_, row) => row);
  return makeChunk({
    id: ID,
    entityPath: "/s",
    ...names,
    rowIds,
    timelines: [{ timeline: { name: "frame", type: "sequence" }, times: BigInt64Array.from(values, (_, row) => BigInt(row)) }],
    components: [{ descriptor, list: { type: listOf(FLOAT64), length: count, nullCount: 0, offsets, children: [item] } }],
  });
}

/** Everything a chunk says, in plain values. */
function plain(chunk: Chunk): unknown {
  return {
    ...chunk,
    sizeBytes: undefined,
    rowIds: undefined,
    timelines: [...chunk.timelines.values()],
    components: [...chunk.components.values()].map(({ descriptor, list }) => ({ descriptor, type: list.type })),
    rows: chunkRows(chunk),
  };
}

/** The bytes as apache-arrow writes them after `change` had the columns. */
function rewritten(chunk: Chunk, change: (name: string, vector: arrow.Vector) => [arrow.Field, arrow.Vector]): Uint8Array {
  const batch = chunkToRecordBatch(chunk);
  const pairs = batch.schema.fields.map((field, index) => {
    const vector = batch.getChildAt(index) as arrow.Vector;
    const [changed, data] = change(field.name, vector);
    return [changed.clone({ metadata: changed.metadata.size > 0 ? changed.metadata : field.metadata }), data] as const;
  });
  const schema = new arrow.Schema(
    pairs.map(([field]) => field),
    batch.schema.metadata,
  );
  const children = pairs.map(([, vector]) => vector.data[0] as arrow.Data);
  const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length: chunk.numRows, nullCount: 0, children });
  return arrow.RecordBatchStreamWriter.writeAll([new arrow.RecordBatch(schema, struct)]).toUint8Array(true);
}

describe("chunks as Arrow IPC", () => {
  it("decode(encode(x)) = x for chunks of all types", () => {
    fc.assert(
      fc.property(arbitraryChunk(), (chunk) => {
        expect(plain(chunkFromIpc(chunkToIpc(chunk)))).toEqual(plain(chunk));
      }),
      { numRuns: 200 },
    );
  });

  it("apache-arrow reads what is written, and what it writes is read", () => {
    fc.assert(
      fc.property(arbitraryChunk({ minRows: 1 }), (chunk) => {
        const table = arrow.tableFromIPC(chunkToIpc(chunk));
        expect(table.numRows).toBe(chunk.numRows);
        expect(plain(chunkFromRecordBatch(table.batches[0] as arrow.RecordBatch))).toEqual(plain(chunk));
        const bytes = arrow.RecordBatchStreamWriter.writeAll([chunkToRecordBatch(chunk)]).toUint8Array(true);
        expect(plain(chunkFromIpc(bytes))).toEqual(plain(chunk));
      }),
      { numRuns: 100 },
    );
  });

  it("a slice is written with its own items only", () => {
    fc.assert(
      fc.property(arbitraryChunk({ minRows: 2 }), (chunk) => {
        const slice = sliceChunk(chunk, 1, chunk.numRows);
        expect(chunkRows(chunkFromIpc(chunkToIpc(slice)))).toEqual(chunkRows(slice));
      }),
      { numRuns: 100 },
    );
    const large = scalars(Array.from({ length: 10_000 }, (_, i) => i));
    expect(chunkToIpc(sliceChunk(large, 5000, 5001)).length).toBeLessThan(2000);
  });

  it("metadata and order are those of Rerun", () => {
    const schema = arrow.tableFromIPC(chunkToIpc(scalars([1, 2]))).schema;
    expect([...schema.metadata]).toEqual([
      ["sorbet:version", "0.1.4"],
      ["rerun:id", "chunk_0123456789ABCDEF0123456789abcdef"],
      ["rerun:entity_path", "/s"],
    ]);
    expect(
      schema.fields.map((field) => [field.name, String(field.type), field.nullable, Object.fromEntries(field.metadata)]),
    ).toEqual([
      [
        "rerun.controls.RowId",
        "FixedSizeBinary[16]",
        false,
        {
          "ARROW:extension:metadata": '{"namespace":"row"}',
          "ARROW:extension:name": "rerun.datatypes.TUID",
          "rerun:is_sorted": "true",
          "rerun:kind": "control",
        },
      ],
      ["frame", "Int64", true, { "rerun:index_name": "frame", "rerun:is_sorted": "true", "rerun:kind": "index" }],
      [
        "Scalars:scalars",
        "List<Float64>",
        true,
        {
          "rerun:archetype": "rerun.archetypes.Scalars",
          "rerun:component": "Scalars:scalars",
          "rerun:component_type": "rerun.components.Scalar",
          "rerun:kind": "data",
        },
      ],
    ]);
  });

  it("chunks that differ in id and path alone are told apart", () => {
    for (const entityPath of ["/", "/a", "/b", "/größe/\\u{1F600}", `/${"x".repeat(300)}`, "/a"]) {
      const id = ID.replace("0", String(entityPath.length % 10));
      const read = chunkFromIpc(chunkToIpc(scalars([entityPath.length], { id, entityPath })));
      expect([read.id, read.entityPath, chunkRows(read)[0]?.cells]).toEqual([
        id,
        entityPath,
        { "Scalars:scalars": [entityPath.length] },
      ]);
    }
  });

  it("misaligned bytes are read like aligned ones", () => {
    const bytes = chunkToIpc(scalars([1, 2, 3]));
    const moved = new Uint8Array(bytes.length + 3).subarray(3);
    moved.set(bytes);
    expect(plain(chunkFromIpc(moved))).toEqual(plain(scalars([1, 2, 3])));
  });
});

describe("reading forgivingly", () => {
  const cells = (bytes: Uint8Array): unknown => chunkRows(chunkFromIpc(bytes)).map((row) => row.cells);

  it("a column that is no list becomes lists of one", () => {
    const bytes = rewritten(scalars([1, 2]), (name, vector) =>
      name === "Scalars:scalars"
        ? [new arrow.Field(name, new arrow.Float64()), arrow.makeVector(Float64Array.of(7, 8))]
        : [new arrow.Field(name, vector.type), vector],
    );
    expect(cells(bytes)).toEqual([{ "Scalars:scalars": [7] }, { "Scalars:scalars": [8] }]);
  });

  it("a column without metadata is data named by its field", () => {
    const batch = chunkToRecordBatch(scalars([1]));
    const fields = batch.schema.fields.map((field, index) => (index === 2 ? new arrow.Field("any", field.type, false) : field));
    const bare = new arrow.RecordBatch(new arrow.Schema(fields, batch.schema.metadata), batch.data);
    const read = chunkFromIpc(arrow.RecordBatchStreamWriter.writeAll([bare]).toUint8Array(true));
    expect([...read.components.values()].map((column) => column.descriptor)).toEqual([{ component: "any" }]);
  });

  it("large and dictionary types become plain ones, other names of items `item`", () => {
    const texts = ["a", null, "bc"];
    const offsets = Int32Array.of(0, 1, 2, 3);
    const items: arrow.Vector[] = [
      arrow.vectorFromArray(texts, new arrow.LargeUtf8()),
      arrow.vectorFromArray(texts, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
      arrow.vectorFromArray(texts, new arrow.Utf8()),
    ];
    for (const item of items) {
      const list = new arrow.List(new arrow.Field("element", item.type, true));
      const data = arrow.makeData({
        type: list,
        length: 3,
        nullCount: 0,
        valueOffsets: offsets,
        child: item.data[0] as arrow.Data,
      });
      const bytes = rewritten(scalars([1, 2, 3]), (name, vector) =>
        name === "Scalars:scalars"
          ? [new arrow.Field(name, list), new arrow.Vector([data])]
          : [new arrow.Field(name, vector.type), vector],
      );
      const read = chunkFromIpc(bytes);
      expect(chunkRows(read).map((row) => row.cells["Scalars:scalars"])).toEqual([["a"], [null], ["bc"]]);
      expect(read.components.get("Scalars:scalars")?.list.type).toEqual(listOf(UTF8));
    }
  });

  it("a column of an unknown type is left out with a warning", () => {
    const list = new arrow.List(new arrow.Field("item", new arrow.IntervalYearMonth(), true));
    const child = arrow.makeData({ type: new arrow.IntervalYearMonth(), length: 1, nullCount: 0, data: Int32Array.of(1) });
    const data = arrow.makeData({ type: list, length: 1, nullCount: 0, valueOffsets: Int32Array.of(0, 1), child });
    const bytes = rewritten(scalars([1]), (name, vector) =>
      name === "Scalars:scalars"
        ? [new arrow.Field(name, list), new arrow.Vector([data])]
        : [new arrow.Field(name, vector.type), vector],
    );
    const warnings: Warning[] = [];
    expect(chunkFromIpc(bytes, { warn: (warning) => warnings.push(warning) }).components.size).toBe(0);
    expect(warnings.map((warning) => warning.code)).toEqual(["Unsupported"]);
  });

  it("a newer version is read with a warning", () => {
    const bytes = chunkToIpc(scalars([1]));
    const at = Buffer.from(bytes).indexOf("0.1.4");
    bytes.set(Buffer.from("0.9.0"), at);
    const warnings: Warning[] = [];
    expect(chunkFromIpc(bytes, { warn: (warning) => warnings.push(warning) }).numRows).toBe(1);
    expect(warnings[0]?.message).toContain("0.9.0");
  });

  it("what is not a chunk is refused with what is missing", () => {
    const table = (metadata: ReadonlyMap<string, string>): Uint8Array =>
      tableToIpc({ fields: [], metadata, numRows: 0, columns: [] });
    expect(() => chunkFromIpc(new Uint8Array(0))).toThrow("Arrow data are damaged");
    expect(() => chunkFromIpc(table(new Map()))).toThrow("without id");
    expect(() => chunkFromIpc(table(new Map([["rerun:id", ID]])))).toThrow("without entity path");
    const names = new Map([
      ["rerun:id", ID],
      ["rerun:entity_path", "/"],
    ]);
    expect(() => chunkFromIpc(table(names))).toThrow("0 columns of row ids");
    expect(() => chunkFromIpc(table(new Map([...names, ["rerun:id", "row_12"]])))).toThrow();
    const file = arrow.RecordBatchFileWriter.writeAll([chunkToRecordBatch(scalars([1]))]).toUint8Array(true);
    expect(() => chunkFromIpc(file)).toThrow("an Arrow file, expected a stream");
  });
});

describe("damaged Arrow data", () => {
  it("any changed byte gives a chunk that can be read whole, or a CorruptFile", () => {
    const seeds = fc.sample(arbitraryChunk({ minRows: 1 }), { numRuns: 12, seed: 5 });
    let numErrors = 0;
    for (const chunk of seeds) {
      const bytes = chunkToIpc(chunk);
      for (let step = 0; step < 400; step++) {
        const changed = bytes.slice();
        const at = (step * 7919) % bytes.length;
        changed[at] = [0xff, 0x00, 0x7f, (changed[at] ?? 0) ^ (1 << (step % 8))][step % 4] ?? 0;
        try {
          const read = chunkFromIpc(changed, { warn: () => undefined });
          chunkRows(read);
          chunkToIpc(read);
        } catch (error) {
          numErrors += 1;
          if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
        }
      }
    }
    expect(numErrors).toBeGreaterThan(100);
  });

  it("the same holds for types that apache-arrow reads", () => {
    const item = arrow.vectorFromArray(["a", null, "bc"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()));
    const list: arrow.DataType = new arrow.List(new arrow.Field("item", item.type, true));
    const child = item.data[0] as arrow.Data;
    const data = new arrow.Data(list, 0, 3, 0, [Int32Array.of(0, 1, 2, 3)], [child]);
    const bytes = rewritten(scalars([1, 2, 3]), (name, vector) =>
      name === "Scalars:scalars"
        ? [new arrow.Field(name, list), new arrow.Vector([data])]
        : [new arrow.Field(name, vector.type), vector],
    );
    let numErrors = 0;
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at] = at % 2 === 0 ? 0xff : (changed[at] ?? 0) ^ (1 << (at % 8));
      try {
        chunkRows(chunkFromIpc(changed, { warn: () => undefined }));
      } catch (error) {
        numErrors += 1;
        if (!isRerunError(error, "CorruptFile", "LimitExceeded")) throw error;
      }
    }
    expect(numErrors).toBeGreaterThan(20);
  });

  it("any cut gives a CorruptFile, but for the end marker", () => {
    const bytes = chunkToIpc(scalars([1, 2, 3]));
    for (let length = 0; length < bytes.length - 8; length++) {
      expect(() => chunkFromIpc(bytes.subarray(0, length)), `${length} bytes`).toThrow("damaged");
    }
    expect(chunkFromIpc(bytes.subarray(0, bytes.length - 8)).numRows).toBe(3);
  });
});

describe("tables as Arrow IPC", () => {
  it("decode(encode(x)) = x", () => {
    const column = { type: INT64, length: 2, nullCount: 1, validity: Uint8Array.of(2), values: BigInt64Array.of(0n, 5n) };
    const fields = [{ name: "n", type: INT64, nullable: true, metadata: new Map([["k", "v"]]) }];
    const table = { fields, metadata: new Map([["a", "b"]]), numRows: 2, columns: [column] };
    expect(tableFromIpc(tableToIpc(table))).toEqual(table);
  });
});
