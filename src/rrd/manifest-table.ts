import { type ColumnTable, rowIdField, timelineDataType } from "../chunk/arrow.js";
import { componentColumnField, descriptorMetadata, timelineColumnField } from "../chunk/index.js";
import {
  type ArrayData,
  BOOL,
  type ComponentDescriptor,
  type DataType,
  type Field,
  field,
  TUID_TYPE,
  tuidFromHex,
  UINT64,
  UTF8,
} from "../core/index.js";
import { descriptorKey, type ManifestRows, SparseRanges } from "./manifest-rows.js";

const INDEX_KEY = "rerun:index";
export const STATIC_INDEX = "rerun:static";
const NO_RANGES = new SparseRanges();
const encoder = new TextEncoder();

/** The manifest of one store as a table: one row per chunk, columns as Rerun 0.41 has them, in its order. */
export function manifestTable(rows: ManifestRows): ColumnTable {
  const n = rows.numRows;
  const fields: Field[] = [];
  const columns: ArrayData[] = [];
  const add = (name: string, nullable: boolean, array: ArrayData, metadata?: ReadonlyMap<string, string>): void => {
    fields.push(field(name, array.type, nullable, metadata));
    columns.push(array);
  };
  add("chunk_entity_path", false, textArray(rows.entityPaths));
  add("chunk_id", false, idArray(rows.ids));
  add("chunk_is_static", false, boolArray(n, indicesOf(rows.isStatic)));
  add("chunk_num_rows", false, uint64Array(rows.rowCounts.toArray()));
  add("chunk_byte_offset", false, uint64Array(rows.offsets.toArray()));
  add("chunk_byte_size", false, uint64Array(rows.sizes.toArray()));
  add("chunk_byte_size_uncompressed", false, uint64Array(rows.uncompressedSizes.toArray()));
  const components = rows.components();
  for (const { descriptor, staticRows } of components) {
    const metadata = indexMetadata(STATIC_INDEX, descriptor);
    add(`${manifestName(shownName(descriptor))}:has_static_data`, false, boolArray(n, staticRows.toArray()), metadata);
  }
  const timelines = rows.timelines();
  for (const { timeline, ranges } of timelines) {
    const type = timelineDataType(timeline);
    const metadata = indexMetadata(timeline.name);
    const name = manifestName(timeline.name);
    add(`${name}:start`, true, timeArray(type, n, ranges, ranges.starts.toArray()), metadata);
    add(`${name}:end`, true, timeArray(type, n, ranges, ranges.ends.toArray()), metadata);
  }
  for (const { timeline, components: rangesOf } of timelines) {
    const type = timelineDataType(timeline);
    for (const { descriptor } of components) {
      const key = descriptorKey(descriptor);
      if (!rangesOf.has(key)) continue;
      const ranges = rangesOf.get(key) ?? NO_RANGES;
      const metadata = indexMetadata(timeline.name, descriptor);
      const prefix = manifestName(`${timeline.name}:${shownName(descriptor)}`);
      add(`${prefix}:start`, true, timeArray(type, n, ranges, ranges.starts.toArray()), metadata);
      add(`${prefix}:end`, true, timeArray(type, n, ranges, ranges.ends.toArray()), metadata);
      add(`${prefix}:num_rows`, true, countArray(n, ranges), metadata);
    }
  }
  return { fields, metadata: new Map(), numRows: n, columns };
}

const RERUN_ARCHETYPES = /^rerun\.(?:blueprint\.)?archetypes\./;

/** A component with its archetype before it, where it does not have that already. */
export function shownName({ archetype, component }: ComponentDescriptor): string {
  if (archetype === undefined) return component;
  const prefix = `${archetype.replace(RERUN_ARCHETYPES, "")}:`;
  return component.startsWith(prefix) ? component : `${prefix}${component}`;
}

/** A timeline or component as it stands in the names of a manifest's columns: Rerun's reader looks for it in this form. */
export function manifestName(name: string): string {
  return name.replace(/[ ,.\\-]/g, "_");
}

/** The columns of the recording in dataframe form: row ids, timelines, components of entities. */
export function recordingFields(rows: ManifestRows): Field[] {
  const fields: Field[] = [rowIdField(false)];
  for (const { timeline } of rows.timelines()) fields.push(timelineColumnField(timeline));
  for (const column of rows.columns()) fields.push(componentColumnField(column));
  return fields;
}

function indexMetadata(index: string, descriptor?: ComponentDescriptor): Map<string, string> {
  const metadata = descriptor === undefined ? new Map<string, string>() : descriptorMetadata(descriptor);
  return metadata.set(INDEX_KEY, index);
}

function indicesOf(flags: readonly boolean[]): number[] {
  return flags.flatMap((flag, index) => (flag ? [index] : []));
}

function bitsOf(length: number, indices: ArrayLike<number>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    bits[index >> 3] = bits[index >> 3]! | (1 << (index & 7));
  }
  return bits;
}

function boolArray(length: number, trueIndices: ArrayLike<number>): ArrayData {
  return { type: BOOL, length, nullCount: 0, values: bitsOf(length, trueIndices) };
}

function uint64Array(values: Float64Array): ArrayData {
  return { type: UINT64, length: values.length, nullCount: 0, values: BigUint64Array.from(values, BigInt) };
}

function idArray(ids: readonly string[]): ArrayData {
  const values = new Uint8Array(16 * ids.length);
  ids.forEach((id, index) => {
    values.set(tuidFromHex(id), 16 * index);
  });
  return { type: TUID_TYPE, length: ids.length, nullCount: 0, values };
}

function textArray(texts: readonly string[]): ArrayData {
  const parts = texts.map((text) => encoder.encode(text));
  const offsets = new Int32Array(texts.length + 1);
  parts.forEach((part, index) => {
    offsets[index + 1] = offsets[index]! + part.length;
  });
  const values = new Uint8Array(offsets[texts.length]!);
  parts.forEach((part, index) => {
    values.set(part, offsets[index]);
  });
  return { type: UTF8, length: texts.length, nullCount: 0, offsets, values };
}

/** Times at the rows that have them, null elsewhere. */
function timeArray(type: DataType, length: number, ranges: SparseRanges, times: BigInt64Array): ArrayData {
  const rows = ranges.rows.toArray();
  const values = new BigInt64Array(length);
  for (let i = 0; i < rows.length; i++) values[rows[i]!] = times[i]!;
  const nullCount = length - rows.length;
  return nullCount === 0
    ? { type, length, nullCount, values }
    : { type, length, nullCount, validity: bitsOf(length, rows), values };
}

/** Counts at the rows that have them, 0 (not null) elsewhere. */
function countArray(length: number, ranges: SparseRanges): ArrayData {
  const rows = ranges.rows.toArray();
  const counts = ranges.counts.toArray();
  const values = new BigUint64Array(length);
  for (let i = 0; i < rows.length; i++) values[rows[i]!] = BigInt(counts[i]!);
  return { type: UINT64, length, nullCount: 0, values };
}
