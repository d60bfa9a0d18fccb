/** Copies parts of Arrow arrays into DuckDB's vectors, buffer by buffer. */
import { gatherArray, Runs } from "../../chunk/index.js";
import { type ArrayData, halfToNumber, isValidAt, type TimeUnit, valueAt } from "../../core/index.js";
import type { RawDuckDb, RawVector } from "./duckdb.js";
import { isArray, isDecimal, type UnionMode } from "./types.js";

/** Puts elements `start … start + count - 1` of `array` into elements 0 … count - 1 of `vector`. */
export function writeVector(
  unions: UnionMode,
  raw: RawDuckDb,
  vector: RawVector,
  array: ArrayData,
  start: number,
  count: number,
): void {
  const { type } = array;
  writeValidity(raw, vector, array, start, count);
  switch (type.kind) {
    case "null":
      return;
    case "bool":
      copy(raw, vector, expandBits(array.values as Uint8Array, start, count));
      return;
    case "utf8":
    case "binary":
      writeTexts(raw, vector, array, start, count);
      return;
    case "fixedSizeBinary":
      writeBlobs(raw, vector, array, type.size, start, count);
      return;
    case "time":
      copy(raw, vector, timesOf(array, type.unit, start, count));
      return;
    case "decimal":
      writeDecimals(raw, vector, array, type, start, count);
      return;
    case "list":
      writeList(unions, raw, vector, array, array.offsets!, start, count);
      return;
    case "fixedSizeList":
      writeFixedList(unions, raw, vector, array, type, start, count);
      return;
    case "struct":
      for (const [i, child] of array.children!.entries()) {
        writeVector(unions, raw, raw.struct_vector_get_child(vector, i), child, start, count);
      }
      return;
    case "union":
      writeUnion(unions, raw, vector, array, type, start, count);
      return;
    default:
      copy(raw, vector, valuesOf(array, start, count));
  }
}

function copy(raw: RawDuckDb, vector: RawVector, values: ArrayBufferView): void {
  raw.copy_data_to_vector(vector, 0, values.buffer, values.byteOffset, values.byteLength);
}

function valuesOf(array: ArrayData, start: number, count: number): ArrayBufferView {
  const values = array.values!.subarray(start, start + count);
  if (array.type.kind !== "float" || array.type.bits !== 16) return values;
  return Float32Array.from(values as Uint16Array, halfToNumber);
}

/** Times of day: DuckDB counts microseconds; nanoseconds stay what they are. */
function timesOf(array: ArrayData, unit: TimeUnit, start: number, count: number): ArrayBufferView {
  const values = array.values!.subarray(start, start + count);
  if (unit === "us" || unit === "ns") return values;
  const micros = unit === "s" ? 1_000_000n : 1000n;
  return BigInt64Array.from(values as Int32Array, (value) => BigInt(value) * micros);
}

/** Decimals are integers of as few bits as their digits need; those that are too large are texts. */
function writeDecimals(
  raw: RawDuckDb,
  vector: RawVector,
  array: ArrayData,
  type: Extract<ArrayData["type"], { kind: "decimal" }>,
  start: number,
  count: number,
): void {
  if (!isDecimal(type)) {
    for (let i = 0; i < count; i++) {
      if (isValidAt(array, start + i))
        raw.vector_assign_string_element_len(vector, i, Buffer.from(String(valueAt(array, start + i))));
    }
    return;
  }
  const width = type.bits / 8;
  const ownWidth = type.precision <= 4 ? 2 : type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16;
  const source = array.values as Uint8Array;
  const target = new Uint8Array(count * ownWidth);
  for (let i = 0; i < count; i++) {
    const at = (start + i) * width;
    const sign = source[at + width - 1]! >= 0x80 ? 0xff : 0;
    for (let k = 0; k < ownWidth; k++) target[i * ownWidth + k] = k < width ? source[at + k]! : sign;
  }
  copy(raw, vector, target);
}

function writeValidity(raw: RawDuckDb, vector: RawVector, array: ArrayData, start: number, count: number): void {
  if (array.type.kind !== "null" && array.validity === undefined) return;
  const words = new BigUint64Array((count + 63) >> 6);
  const bytes = new Uint8Array(words.buffer);
  for (let i = 0; i < count && array.type.kind !== "null"; i++) {
    if (isValidAt(array, start + i)) bytes[i >> 3] = bytes[i >> 3]! | (1 << (i & 7));
  }
  raw.vector_ensure_validity_writable(vector);
  raw.copy_data_to_vector_validity(vector, 0, words.buffer, 0, words.byteLength);
}

function expandBits(bits: Uint8Array, start: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = (bits[(start + i) >> 3]! >> ((start + i) & 7)) & 1;
  return bytes;
}

function writeTexts(raw: RawDuckDb, vector: RawVector, array: ArrayData, start: number, count: number): void {
  const offsets = array.offsets!;
  const bytes = array.values as Uint8Array;
  for (let i = 0; i < count; i++) {
    if (!isValidAt(array, start + i)) continue;
    raw.vector_assign_string_element_len(vector, i, bytes.subarray(offsets[start + i]!, offsets[start + i + 1]!));
  }
}

function writeBlobs(raw: RawDuckDb, vector: RawVector, array: ArrayData, size: number, start: number, count: number): void {
  const bytes = array.values as Uint8Array;
  for (let i = 0; i < count; i++) {
    raw.vector_assign_string_element_len(vector, i, bytes.subarray((start + i) * size, (start + i + 1) * size));
  }
}

/** A list's entries are (offset, length) in the child, which gets the items of all of them at once. */
function writeList(
  unions: UnionMode,
  raw: RawDuckDb,
  vector: RawVector,
  array: ArrayData,
  offsets: Int32Array,
  start: number,
  count: number,
): void {
  const first = offsets[start]!;
  const numItems = offsets[start + count]! - first;
  const entries = new Uint32Array(4 * count);
  for (let i = 0; i < count; i++) {
    entries[4 * i] = offsets[start + i]! - first;
    entries[4 * i + 2] = offsets[start + i + 1]! - offsets[start + i]!;
  }
  copy(raw, vector, entries);
  raw.list_vector_reserve(vector, numItems);
  raw.list_vector_set_size(vector, numItems);
  if (numItems > 0) writeVector(unions, raw, raw.list_vector_get_child(vector), array.children![0]!, first, numItems);
}

function writeFixedList(
  unions: UnionMode,
  raw: RawDuckDb,
  vector: RawVector,
  array: ArrayData,
  type: Extract<ArrayData["type"], { kind: "fixedSizeList" }>,
  start: number,
  count: number,
): void {
  if (isArray(type)) {
    writeVector(unions, raw, raw.array_vector_get_child(vector), array.children![0]!, start * type.size, count * type.size);
    return;
  }
  const offsets = Int32Array.from({ length: start + count + 1 }, (_, i) => i * type.size);
  writeList(unions, raw, vector, array, offsets, start, count);
}

/** A union is a struct there: the number of the branch, then each branch, null where it is not the one. */
function writeUnion(
  unions: UnionMode,
  raw: RawDuckDb,
  vector: RawVector,
  array: ArrayData,
  type: Extract<ArrayData["type"], { kind: "union" }>,
  start: number,
  count: number,
): void {
  const tags = new Uint8Array(count);
  for (let i = 0; i < count; i++) tags[i] = Math.max(0, type.typeIds.indexOf(array.typeIds![start + i]!));
  const first = unions === "union" ? 1 : 0;
  if (first > 0) copy(raw, raw.struct_vector_get_child(vector, 0), tags);
  array.children!.forEach((child, branch) => {
    const runs = new Runs(count);
    for (let i = 0; i < count; i++) {
      const at = type.mode === "dense" ? array.offsets![start + i]! : start + i;
      runs.add(tags[i] === branch ? 0 : -1, tags[i] === branch ? at : 0, 1);
    }
    writeVector(unions, raw, raw.struct_vector_get_child(vector, first + branch), withNullRuns(child, runs), 0, count);
  });
}

/** `gatherArray` for arrays of any type: nulls are an element of the source, made null by validity. */
function withNullRuns(child: ArrayData, runs: Runs): ArrayData {
  if (child.length === 0) return { type: { kind: "null" }, length: runs.total, nullCount: runs.total };
  const taken = new Runs(runs.count);
  const validity = new Uint8Array((runs.total + 7) >> 3);
  let at = 0;
  for (let i = 0; i < runs.count; i++) {
    const isNull = runs.sources[i]! < 0;
    for (let k = 0; k < runs.lengths[i]!; k++, at++) {
      const index = isNull ? 0 : runs.starts[i]! + k;
      taken.add(0, index, 1);
      if (!isNull && isValidAt(child, index)) validity[at >> 3] = validity[at >> 3]! | (1 << (at & 7));
    }
  }
  return { ...gatherArray(child.type, [child], taken), validity, nullCount: 1 };
}
