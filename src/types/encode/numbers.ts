import { type DataType, describe, halfToNumber, type TypedArray } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import type { NdArray } from "../likes.js";
import { halfFromNumber } from "./half-float.js";
import { BadInput, refuse } from "./problem.js";
import { asTypedArray, halfFloatBits, typedArrayName } from "./typed-arrays.js";

/** Turns what a user gave for one component into its instances. `place` is the argument, for warnings. @throws BadInput */
export type Encoder = (value: unknown, place?: string) => ComponentData;

/** What the elements of a number type may be and where they are put. */
export interface Elements {
  /** For error messages: `whole numbers 0..255`. */
  readonly text: string;
  /** Class of the typed array of that element type. */
  readonly arrayName: string;
  allocate(length: number): TypedArray;
  /** The element as stored. @throws BadInput */
  check(value: unknown): number | bigint;
  /** Whether any number is taken as it is. */
  readonly isFloat: boolean;
  /** Whether elements are stored as they are given (not 64-bit integers, not half floats). */
  readonly isPlain: boolean;
}

function floatElements(arrayName: string, allocate: (length: number) => TypedArray): Elements {
  const check = (value: unknown): number => {
    if (typeof value === "number") return value;
    return typeof value === "bigint" ? Number(value) : refuse("a number", value);
  };
  return { text: "numbers", arrayName, allocate, check, isFloat: true, isPlain: true };
}

function integerElements(bits: number, signed: boolean, arrayName: string, allocate: (length: number) => TypedArray): Elements {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = 2 ** (signed ? bits - 1 : bits) - 1;
  const text = `whole numbers ${min}..${max}`;
  const check = (value: unknown): number => {
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
    return refuse(`a whole number ${min}..${max}`, value);
  };
  return { text, arrayName, allocate, check, isFloat: false, isPlain: true };
}

function longElements(signed: boolean, arrayName: string, allocate: (length: number) => TypedArray): Elements {
  const min = signed ? -(2n ** 63n) : 0n;
  const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const range = signed ? "64-bit" : "unsigned 64-bit";
  const one = signed ? "a" : "an";
  const check = (value: unknown): bigint => {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      return refuse(`${one} ${range} whole number (a bigint where it is beyond 2^53)`, value);
    }
    const long = typeof value === "number" ? BigInt(value) : value;
    if (typeof long === "bigint" && long >= min && long <= max) return long;
    return refuse(`${one} ${range} whole number`, value);
  };
  return { text: `${range} whole numbers (number or bigint)`, arrayName, allocate, check, isFloat: false, isPlain: false };
}

function halfElements(): Elements {
  const check = (value: unknown): number => halfFromNumber(typeof value === "number" ? value : refuse("a number", value));
  const allocate = (n: number): TypedArray => new Uint16Array(n);
  return { text: "numbers", arrayName: "Float16Array", allocate, check, isFloat: true, isPlain: false };
}

const ELEMENTS: Readonly<Record<string, Elements>> = {
  i8: integerElements(8, true, "Int8Array", (n) => new Int8Array(n)),
  i16: integerElements(16, true, "Int16Array", (n) => new Int16Array(n)),
  i32: integerElements(32, true, "Int32Array", (n) => new Int32Array(n)),
  i64: longElements(true, "BigInt64Array", (n) => new BigInt64Array(n)),
  u8: integerElements(8, false, "Uint8Array", (n) => new Uint8Array(n)),
  u16: integerElements(16, false, "Uint16Array", (n) => new Uint16Array(n)),
  u32: integerElements(32, false, "Uint32Array", (n) => new Uint32Array(n)),
  u64: longElements(false, "BigUint64Array", (n) => new BigUint64Array(n)),
  f16: halfElements(),
  f32: floatElements("Float32Array", (n) => new Float32Array(n)),
  f64: floatElements("Float64Array", (n) => new Float64Array(n)),
};

/** Elements of a number type; `undefined` for any other type. Times are 64-bit integers. */
export function elementsOf(type: DataType): Elements | undefined {
  switch (type.kind) {
    case "int":
      return ELEMENTS[`${type.signed ? "i" : "u"}${type.bits}`];
    case "float":
      return ELEMENTS[`f${type.bits}`];
    case "timestamp":
    case "duration":
      return ELEMENTS["i64"];
    default:
      return undefined;
  }
}

/** Numbers per instance and their elements, when instances are numbers or (nested) lists of a fixed size of numbers. */
export function fixedWidth(type: DataType): { readonly width: number; readonly elements: Elements } | undefined {
  let width = 1;
  let inner = type;
  while (inner.kind === "fixedSizeList") {
    width *= inner.size;
    inner = inner.item.type;
  }
  const elements = elementsOf(inner);
  return elements === undefined ? undefined : { width, elements };
}

/** Encoder for instances of `width` numbers each. Takes one number (width 1), flat lists, lists of lists, typed arrays and shapes. */
export function numbersEncoder(width: number, elements: Elements): Encoder {
  const expected = width === 1 ? elements.text : `${elements.text} in groups of ${width} (flat, or a list of lists of ${width})`;
  return (value) => {
    if (typeof value === "number" || typeof value === "bigint") {
      return width === 1 ? elements.check(value) : refuse(expected, value);
    }
    if (Array.isArray(value)) return fromList(value, width, elements, expected);
    const array = asTypedArray(value);
    if (array !== undefined) return fromTypedArray(array, width, elements, expected);
    const half = halfFloatBits(value);
    if (half !== undefined) {
      checkLength(half, width, expected);
      return elements.arrayName === "Float16Array"
        ? half
        : converted(Array.from(half, halfToNumber), half.length, elements, expected);
    }
    if (isNdArray(value)) return fromShape(value, width, elements, expected);
    return refuse(expected, value);
  };
}

/** Whether `value` is numbers with a shape. */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== "object" || value === null || !("data" in value) || !("shape" in value)) return false;
  return (
    Array.isArray(value.shape) &&
    (Array.isArray(value.data) || ArrayBuffer.isView(value.data) || halfFloatBits(value.data) !== undefined)
  );
}

/** Whether `value` is a list or a typed array. */
export function isListLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && typedArrayName(value) !== "DataView");
}

function fromList(list: readonly unknown[], width: number, elements: Elements, expected: string): ComponentData {
  const { length } = list;
  if (length === 0) return list as readonly number[];
  if (length % width === 0 && elements.isFloat && elements.isPlain && allNumbers(list)) return list as readonly number[];
  return fromMixedList(list, width, elements, expected);
}

/** On its own because it then sees only lists of numbers: within its caller each access costs four times as much (measured in V8). */
function allNumbers(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== "number") return false;
  return true;
}

function fromMixedList(list: readonly unknown[], width: number, elements: Elements, expected: string): ComponentData {
  const { length } = list;
  const first = list[0];
  if (typeof first !== "number" && typeof first !== "bigint") {
    return isListLike(first) ? fromNested(list, width, elements, expected) : badElement(list, 0, expected);
  }
  if (length % width !== 0) throw new BadInput(`expected ${expected}, got a flat list of ${length}`);
  if (elements.isFloat || !elements.isPlain) return converted(list, length, elements, expected);
  for (let i = 0; i < length; i++) {
    if (typeof list[i] === "bigint") return converted(list, length, elements, expected);
    checkAt(list, i, elements, expected);
  }
  return list as readonly number[];
}

function fromNested(list: readonly unknown[], width: number, elements: Elements, expected: string): ComponentData {
  if (width === 1) throw new BadInput(`expected ${expected}, got a list of lists`);
  if (list.length === 1) return encodeRow(rowOf(list, 0, width, expected), width, elements, expected);
  const flat = elements.allocate(list.length * width);
  for (let row = 0; row < list.length; row++) {
    const values = rowOf(list, row, width, expected);
    if (halfFloatBits(list[row]) !== undefined) (flat as Uint16Array).set(values as Uint16Array, row * width);
    else for (let i = 0; i < width; i++) flat[row * width + i] = checkAt(values, i, elements, expected, row);
  }
  return flat;
}

/** The numbers of one instance, of whatever depth they are given in. */
function rowOf(list: readonly unknown[], row: number, width: number, expected: string): readonly unknown[] | TypedArray {
  const items = list[row];
  let values: readonly unknown[] | TypedArray | undefined;
  if (Array.isArray(items)) values = typeof items[0] === "object" ? items.flat(Number.POSITIVE_INFINITY) : items;
  else values = asTypedArray(items) ?? halfFloatBits(items);
  if (values === undefined) return badElement(list, row, expected);
  if (values.length !== width) throw new BadInput(`expected ${expected}, got a list of ${values.length} at index ${row}`);
  return values;
}

function encodeRow(values: readonly unknown[] | TypedArray, width: number, elements: Elements, expected: string): ComponentData {
  if (Array.isArray(values)) return fromList(values, width, elements, expected);
  return fromTypedArray(values as TypedArray, width, elements, expected);
}

function fromTypedArray(array: TypedArray, width: number, elements: Elements, expected: string): ComponentData {
  checkLength(array, width, expected);
  const name = typedArrayName(array);
  if (name === elements.arrayName) return array;
  const isLong = name === "BigInt64Array" || name === "BigUint64Array";
  if (isLong || !elements.isPlain) return converted(array, array.length, elements, expected);
  if (!elements.isFloat) for (let i = 0; i < array.length; i++) checkAt(array, i, elements, expected);
  return array;
}

function fromShape(value: NdArray, width: number, elements: Elements, expected: string): ComponentData {
  const last = width === 1 ? 1 : value.shape.reduce((found, size) => (size === 1 ? found : size), 1);
  const half = halfFloatBits(value.data);
  if (half === undefined) checkShape(value);
  if (last !== width) throw new BadInput(`expected ${expected}, got an array of shape [${value.shape.join(", ")}]`);
  if (half !== undefined) return elements.arrayName === "Float16Array" ? half : refuse(expected, value.data);
  const typed = asTypedArray(value.data);
  if (typed !== undefined) return fromTypedArray(typed, width, elements, expected);
  return fromList(value.data as readonly number[], width, elements, expected);
}

/** @throws BadInput when the shape does not fit the data */
export function checkShape(value: NdArray): void {
  const count = value.shape.reduce((product, size) => product * size, 1);
  const length = halfFloatBits(value.data)?.length ?? (value.data as ArrayLike<unknown>).length;
  for (const size of value.shape) {
    if (!Number.isInteger(size) || size < 0)
      throw new BadInput(`expected sizes of 0 or more in shape, got [${value.shape.join(", ")}]`);
  }
  if (count !== length) {
    throw new BadInput(`expected ${count} elements for shape [${value.shape.join(", ")}], got ${length}`);
  }
}

function checkLength<T extends TypedArray>(array: T, width: number, expected: string): T {
  if (array.length % width === 0) return array;
  throw new BadInput(`expected ${expected}, got a flat ${typedArrayName(array)} of ${array.length}`);
}

function converted(list: ArrayLike<unknown>, length: number, elements: Elements, expected: string): TypedArray {
  const values = elements.allocate(length);
  for (let i = 0; i < length; i++) values[i] = checkAt(list, i, elements, expected);
  return values;
}

function checkAt(list: ArrayLike<unknown>, index: number, elements: Elements, expected: string, row?: number): number | bigint {
  const value = list[index];
  if (elements.isFloat && elements.isPlain && typeof value === "number") return value;
  try {
    return elements.check(value);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const at = row === undefined ? `index ${index}` : `index ${row}, element ${index}`;
    throw new BadInput(`expected ${expected}, got ${describe(value)} at ${at}`);
  }
}

function badElement(list: readonly unknown[], index: number, expected: string): never {
  throw new BadInput(`expected ${expected}, got ${describe(list[index])} at index ${index}`);
}
