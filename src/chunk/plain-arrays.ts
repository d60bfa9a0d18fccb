/** Arrays of plain values; `null` and `undefined` are nulls. For tables of a few columns: chunks are built by `ChunkBuilder`. */
import { type ArrayData, BINARY, BOOL, type DataType, listOf, type TypedArray, UTF8 } from "../core/index.js";
import { allocateValues } from "./array-layout.js";

type Nullable<T> = readonly (T | null | undefined)[];
type Nulls = Pick<ArrayData, "nullCount" | "validity">;

const encoder = new TextEncoder();

export function textArray(texts: Nullable<string>): ArrayData {
  return withBytes(
    UTF8,
    texts,
    texts.map((text) => encoder.encode(text ?? "")),
  );
}

export function binaryArray(values: Nullable<Uint8Array>): ArrayData {
  return withBytes(
    BINARY,
    values,
    values.map((value) => value ?? new Uint8Array(0)),
  );
}

function withBytes(type: DataType, values: Nullable<unknown>, parts: readonly Uint8Array[]): ArrayData {
  const offsets = offsetsOf(parts);
  const bytes = new Uint8Array(offsets[parts.length] ?? 0);
  parts.forEach((part, index) => {
    bytes.set(part, offsets[index]);
  });
  return { type, length: values.length, ...nullsOf(values), offsets, values: bytes };
}

/** Values of one size: ids, hashes. */
export function fixedSizeBinaryArray(size: number, values: Nullable<Uint8Array>): ArrayData {
  const bytes = new Uint8Array(size * values.length);
  values.forEach((value, index) => {
    if (value) bytes.set(value.subarray(0, size), size * index);
  });
  return { type: { kind: "fixedSizeBinary", size }, length: values.length, ...nullsOf(values), values: bytes };
}

export function boolArray(flags: Nullable<boolean>): ArrayData {
  return { type: BOOL, length: flags.length, ...nullsOf(flags), values: bitsOf(flags, (flag) => flag === true) };
}

/** Integers, floats, timestamps, durations: 64-bit integers as bigint, all else as number. */
export function numberArray(type: DataType, numbers: Nullable<bigint | number>): ArrayData {
  const values = allocateValues(type, numbers.length) as TypedArray & Record<number, bigint | number>;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (number !== null && number !== undefined) values[i] = number;
  }
  return { type, length: numbers.length, ...nullsOf(numbers), values };
}

/** Lists of texts that are not null. */
export function textListArray(lists: readonly (readonly string[])[]): ArrayData {
  const child = textArray(lists.flat());
  return { type: listOf(UTF8, false), length: lists.length, nullCount: 0, offsets: offsetsOf(lists), children: [child] };
}

function offsetsOf(parts: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(parts.length + 1);
  for (let i = 0; i < parts.length; i++) offsets[i + 1] = (offsets[i] ?? 0) + (parts[i]?.length ?? 0);
  return offsets;
}

function nullsOf(values: Nullable<unknown>): Nulls {
  let nullCount = 0;
  for (const value of values) if (value === null || value === undefined) nullCount++;
  if (nullCount === 0) return { nullCount };
  return { nullCount, validity: bitsOf(values, (value) => value !== null && value !== undefined) };
}

function bitsOf<T>(values: readonly T[], isSet: (value: T) => boolean): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, index) => {
    if (isSet(value)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bits;
}
