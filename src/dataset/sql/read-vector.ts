/** Makes Arrow arrays of what DuckDB answers. Copies: a chunk's memory is DuckDB's. */
import type { DuckDBDataChunk, DuckDBType, DuckDBVector } from "@duckdb/node-api";
import { allocateValues, gatherArray, Runs } from "../../chunk/index.js";
import type { ArrayData, DataType } from "../../core/index.js";
import { textColumn } from "../columns.js";
import type { DuckDb, RawVector } from "./duckdb.js";

/** Column `index` of a chunk. */
export function readColumn(duckdb: DuckDb, chunk: DuckDBDataChunk, index: number, type: DataType, source: DuckDBType): ArrayData {
  if (isDirect(duckdb, source)) {
    return readVector(duckdb, duckdb.raw.data_chunk_get_vector(chunk.chunk, index), type, chunk.rowCount);
  }
  return readItems(chunk.getColumnVector(index), type, chunk.rowCount);
}

/** Whether a type, with all inside of it, lies in vectors as its Arrow counterpart does. */
function isDirect({ api }: DuckDb, type: DuckDBType): boolean {
  const { DuckDBTypeId: id } = api;
  const inner = type as {
    readonly valueType?: DuckDBType;
    readonly entryTypes?: readonly DuckDBType[];
    readonly memberTypes?: readonly DuckDBType[];
  };
  if (type.typeId === id.LIST || type.typeId === id.ARRAY)
    return inner.valueType !== undefined && isDirect({ api } as DuckDb, inner.valueType);
  if (type.typeId === id.STRUCT || type.typeId === id.UNION) {
    return (inner.entryTypes ?? inner.memberTypes ?? []).every((entry) => isDirect({ api } as DuckDb, entry));
  }
  return [
    id.BOOLEAN,
    id.TINYINT,
    id.SMALLINT,
    id.INTEGER,
    id.BIGINT,
    id.UTINYINT,
    id.USMALLINT,
    id.UINTEGER,
    id.UBIGINT,
    id.FLOAT,
    id.DOUBLE,
    id.VARCHAR,
    id.BLOB,
    id.DATE,
    id.TIMESTAMP_S,
    id.TIMESTAMP_MS,
    id.TIMESTAMP,
    id.TIMESTAMP_NS,
    id.TIMESTAMP_TZ,
  ].includes(type.typeId);
}

function readVector(duckdb: DuckDb, vector: RawVector, type: DataType, length: number): ArrayData {
  const { raw } = duckdb;
  const base = { type, length, ...readValidity(duckdb, vector, length) };
  switch (type.kind) {
    case "bool":
      return { ...base, values: packBits(raw.vector_get_data(vector, length), length) };
    case "utf8":
    case "binary":
      return { ...base, ...readTexts(duckdb, vector, length, base.validity) };
    case "list":
      return readList(duckdb, vector, type, base);
    case "fixedSizeList": {
      const child = readVector(duckdb, raw.array_vector_get_child(vector), type.item.type, length * type.size);
      return { ...base, children: [child] };
    }
    case "struct": {
      const children = type.fields.map((f, i) => readVector(duckdb, raw.struct_vector_get_child(vector, i), f.type, length));
      return { ...base, children };
    }
    case "union": {
      const tags = new Int8Array(length);
      tags.set(raw.vector_get_data(raw.struct_vector_get_child(vector, 0), length).subarray(0, length));
      const children = type.fields.map((f, i) => readVector(duckdb, raw.struct_vector_get_child(vector, i + 1), f.type, length));
      return { type, length, nullCount: 0, typeIds: tags, children };
    }
    default: {
      const values = allocateValues(type, length);
      new Uint8Array(values.buffer).set(raw.vector_get_data(vector, values.byteLength).subarray(0, values.byteLength));
      return { ...base, values };
    }
  }
}

function readValidity({ raw }: DuckDb, vector: RawVector, length: number): { nullCount: number; validity?: Uint8Array } {
  const bits = raw.vector_get_validity(vector, ((length + 63) >> 6) * 8) as Uint8Array | null;
  if (bits === null || bits.length === 0) return { nullCount: 0 };
  let nullCount = 0;
  for (let i = 0; i < length; i++) if ((bits[i >> 3]! & (1 << (i & 7))) === 0) nullCount += 1;
  return nullCount === 0 ? { nullCount } : { nullCount, validity: bits.slice(0, (length + 7) >> 3) };
}

function packBits(bytes: Uint8Array, length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i++) if (bytes[i] !== 0) bits[i >> 3] = bits[i >> 3]! | (1 << (i & 7));
  return bits;
}

/** Texts of up to 12 bytes lie in place, longer ones behind a pointer. */
function readTexts(
  { raw }: DuckDb,
  vector: RawVector,
  length: number,
  validity: Uint8Array | undefined,
): { offsets: Int32Array; values: Uint8Array } {
  const data = raw.vector_get_data(vector, 16 * length);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const offsets = new Int32Array(length + 1);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < length; i++) {
    const isNull = validity !== undefined && (validity[i >> 3]! & (1 << (i & 7))) === 0;
    const size = isNull ? 0 : view.getUint32(16 * i, true);
    if (size > 12) parts.push(raw.get_data_from_pointer(data.buffer, data.byteOffset + 16 * i + 8, size));
    else parts.push(data.subarray(16 * i + 4, 16 * i + 4 + size));
    offsets[i + 1] = offsets[i]! + size;
  }
  const values = new Uint8Array(offsets[length]!);
  parts.forEach((part, i) => {
    values.set(part, offsets[i]);
  });
  return { offsets, values };
}

/** Entries may lie over the child's items in any order: they are put in that of the rows. */
function readList(
  duckdb: DuckDb,
  vector: RawVector,
  type: Extract<DataType, { kind: "list" }>,
  base: { readonly type: DataType; readonly length: number; readonly nullCount: number; readonly validity?: Uint8Array },
): ArrayData {
  const { raw } = duckdb;
  const data = raw.vector_get_data(vector, 16 * base.length);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const items = readVector(duckdb, raw.list_vector_get_child(vector), type.item.type, raw.list_vector_get_size(vector));
  const offsets = new Int32Array(base.length + 1);
  const runs = new Runs(base.length);
  for (let i = 0; i < base.length; i++) {
    const isNull = base.validity !== undefined && (base.validity[i >> 3]! & (1 << (i & 7))) === 0;
    const size = isNull ? 0 : view.getUint32(16 * i + 8, true);
    if (size > 0) runs.add(0, view.getUint32(16 * i, true), size);
    offsets[i + 1] = offsets[i]! + size;
  }
  return { ...base, offsets, children: [gatherArray(type.item.type, [items], runs)] };
}

/** Numbers that Arrow has in another form, and everything else as text. */
function readItems(vector: DuckDBVector, type: DataType, length: number): ArrayData {
  const items = Array.from({ length }, (_, i) => vector.getItem(i));
  const validity = new Uint8Array((length + 7) >> 3);
  items.forEach((item, i) => {
    if (item !== null) validity[i >> 3] = validity[i >> 3]! | (1 << (i & 7));
  });
  const nullCount = items.filter((item) => item === null).length;
  const nulls = nullCount === 0 ? { nullCount } : { nullCount, validity };
  if (type.kind === "float") {
    return { type, length, ...nulls, values: Float64Array.from(items, (item) => Number(item === null ? 0 : String(item))) };
  }
  return { ...textColumn(items.map((item) => (item === null ? "" : String(item)))), ...nulls };
}
