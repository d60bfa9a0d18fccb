import { type ArrayData, type DataType, UINT8 } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { instancesToArray } from "./instances.js";
import { arrayFromValues, asBytes } from "./nested.js";
import type { Encoder } from "./numbers.js";

/** Blobs: one (bytes of a typed array, not copied, or a list of numbers), or a list of them. */
export function blobEncoder(type: DataType): Encoder {
  return (value) => {
    if (Array.isArray(value) && value.length === 0) return [];
    if (Array.isArray(value) && typeof value[0] !== "number")
      return arrayFromValues(
        type,
        value.map((blob) => asBytes(blob)),
      );
    return blobOf(type, asBytes(value));
  };
}

/** One blob of these bytes, which are not copied. */
export function blobOf(type: DataType, bytes: Uint8Array): ArrayData {
  const child: ArrayData = { type: UINT8, length: bytes.length, nullCount: 0, values: bytes };
  return { type, length: 1, nullCount: 0, offsets: Int32Array.of(0, bytes.length), children: [child] };
}

/** The bytes of the first blob, not copied; `undefined` when there is none. */
export function blobBytes(type: DataType, data: ComponentData): Uint8Array | undefined {
  const array = instancesToArray(type, data);
  if (array.length === 0) return undefined;
  const bytes = (array.children?.[0]?.values ?? new Uint8Array(0)) as Uint8Array;
  return bytes.subarray(array.offsets?.[0] ?? 0, array.offsets?.[1] ?? 0);
}
