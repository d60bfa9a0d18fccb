import {
  BINARY,
  BOOL,
  type DataType,
  describe,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  listOf,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
} from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { encoderOfType } from "./encoders.js";
import { arrayFromValues } from "./nested.js";
import { BadInput } from "./problem.js";
import { halfFloatBits, typedArrayName } from "./typed-arrays.js";

const ARRAY_TYPES: Readonly<Record<string, DataType>> = {
  Int8Array: INT8,
  Int16Array: INT16,
  Int32Array: INT32,
  BigInt64Array: INT64,
  Uint16Array: UINT16,
  Uint32Array: UINT32,
  BigUint64Array: UINT64,
  Float32Array: FLOAT32,
  Float64Array: FLOAT64,
};

/**
 * Type of one instance of any value: numbers are 64-bit floats, bigints 64-bit integers, bytes binary, typed arrays keep their
 * element type, lists in lists are lists, objects structs.
 *
 * @returns `undefined` when nothing tells the type (an empty list)
 * @throws BadInput when no type fits
 */
export function inferType(value: unknown): DataType | undefined {
  const array = arrayType(value);
  if (array !== undefined) return array;
  if (Array.isArray(value)) return commonType(value);
  return typeOfOne(value);
}

function arrayType(value: unknown): DataType | undefined {
  if (halfFloatBits(value) !== undefined) return FLOAT16;
  return ARRAY_TYPES[typedArrayName(value) ?? ""];
}

function typeOfOne(value: unknown): DataType | undefined {
  switch (typeof value) {
    case "number":
      return FLOAT64;
    case "bigint":
      return INT64;
    case "string":
      return UTF8;
    case "boolean":
      return BOOL;
    default:
  }
  if (isBytes(value)) return BINARY;
  const array = arrayType(value);
  if (array !== undefined) return listOf(array);
  if (Array.isArray(value)) {
    const item = commonType(value);
    return item === undefined ? undefined : listOf(item);
  }
  if (isPlainObject(value)) {
    const fields = Object.entries(value).flatMap(([name, member]) => {
      const type = member === undefined || member === null ? undefined : typeOfOne(member);
      return type === undefined ? [] : [{ name, type, nullable: true }];
    });
    if (fields.length > 0) return { kind: "struct", fields };
  }
  throw new BadInput(`expected numbers, texts, booleans, bytes, typed arrays, lists or plain objects, got ${describe(value)}`);
}

function commonType(list: readonly unknown[]): DataType | undefined {
  for (const value of list) {
    const type = value === null || value === undefined ? undefined : typeOfOne(value);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** Instances of that type. @throws BadInput when the value does not fit */
export function encodeAs(type: DataType, value: unknown): ComponentData {
  if (type.kind === "binary" || type.kind === "list" || type.kind === "struct") {
    const isOne = !Array.isArray(value);
    return arrayFromValues(type, isOne ? [value] : value);
  }
  return encoderOfType(type)(value);
}

/** Whether the value is bytes. */
export function isBytes(value: unknown): boolean {
  const name = typedArrayName(value);
  return (
    name === "Uint8Array" || name === "Uint8ClampedArray" || Object.prototype.toString.call(value) === "[object ArrayBuffer]"
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
