import type { TypedArray } from "../../core/index.js";
import type { Float16Values } from "../likes.js";

/** Name of a typed array's class, also of one from another realm or a newer runtime (`Float16Array`); `undefined` for anything else. */
export function typedArrayName(value: unknown): string | undefined {
  return ArrayBuffer.isView(value)
    ? (value as unknown as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag]
    : undefined;
}

/** The elements as they lie, when `value` is a typed array whose elements are numbers or bigints; `DataView` and half floats are not. */
export function asTypedArray(value: unknown): TypedArray | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  switch (typedArrayName(value)) {
    case "Uint8ClampedArray":
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    case "DataView":
    case "Float16Array":
    case undefined:
      return undefined;
    default:
      return value as TypedArray;
  }
}

/** Bits of half floats, from `float16()` or a `Float16Array` of newer runtimes. */
export function halfFloatBits(value: unknown): Uint16Array | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (ArrayBuffer.isView(value)) {
    return typedArrayName(value) === "Float16Array"
      ? new Uint16Array(value.buffer, value.byteOffset, value.byteLength / 2)
      : undefined;
  }
  const bits = (value as Partial<Float16Values>).float16Bits;
  return typedArrayName(bits) === "Uint16Array" ? bits : undefined;
}

/** The same bytes, not copied. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
