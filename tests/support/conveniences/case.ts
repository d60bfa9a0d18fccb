import { type AsComponents, type ComponentColumn, float16, type NdArray } from "../../../src/types/index.js";

/** What is logged at an entity. Several of one entity are ways to say the same. */
export type ConvenienceCase = readonly [entity: string, make: () => AsComponents | Iterable<ComponentColumn>];

/** 0, 1, 2, … */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export const BYTES: Uint8Array = Uint8Array.from(range(48));
export const TEXT: TextEncoder = new TextEncoder();

/** Typed arrays of numbers by numpy's name of their element type. */
export const DTYPES: readonly (readonly [name: string, from: (list: number[]) => NdArray["data"]])[] = [
  ["uint8", (list) => Uint8Array.from(list)],
  ["uint16", (list) => Uint16Array.from(list)],
  ["uint32", (list) => Uint32Array.from(list)],
  ["uint64", (list) => BigUint64Array.from(list, BigInt)],
  ["int8", (list) => Int8Array.from(list)],
  ["int16", (list) => Int16Array.from(list)],
  ["int32", (list) => Int32Array.from(list)],
  ["int64", (list) => BigInt64Array.from(list, BigInt)],
  ["float16", (list) => float16(list)],
  ["float32", (list) => Float32Array.from(list)],
  ["float64", (list) => Float64Array.from(list)],
];
