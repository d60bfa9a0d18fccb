import type { DataType } from "./data-type.js";

/** A typed array that can hold Arrow values. Float16 values are raw bits in a `Uint16Array`. */
export type TypedArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/**
 * One Arrow array as plain buffers in the layout of the Arrow columnar format, without an Arrow library.
 *
 * Immutable once published: nobody writes into a buffer that an `ArrayData` refers to.
 * Which members are set follows from `type`:
 * - bool: `values` are bits, least significant first (`Uint8Array`)
 * - int, float, timestamp, duration: `values`, a typed array of the element type with `length` elements
 * - date, time: `values`, an `Int32Array` (days; s, ms) or a `BigInt64Array` (ms; us, ns)
 * - fixedSizeBinary: `values`, `length × size` bytes
 * - decimal: `values`, `length × bits / 8` bytes, each integer in two's complement with its least byte first
 * - utf8, binary: `offsets` (`length + 1`) and `values` (bytes)
 * - list: `offsets` (`length + 1`, the first need not be 0) and one child
 * - fixedSizeList: one child of `length × size` elements
 * - struct: one child per field, each of `length` elements
 * - union: `typeIds` (`length`), for dense ones `offsets` (`length`), one child per field
 */
export interface ArrayData {
  readonly type: DataType;
  readonly length: number;
  /** Number of nulls; 0 exactly when `validity` is absent. */
  readonly nullCount: number;
  /** One bit per element, least significant first; 1 = present. Absent = no nulls. */
  readonly validity?: Uint8Array;
  readonly offsets?: Int32Array;
  readonly values?: TypedArray;
  readonly typeIds?: Int8Array;
  readonly children?: readonly ArrayData[];
}

/** Whether element `index` is present (not null). */
export function isValidAt(array: ArrayData, index: number): boolean {
  const bits = array.validity;
  return bits === undefined || ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}
