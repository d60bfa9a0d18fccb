/** What buffers an `ArrayData` of a type has, and how large they are. */
import { type ArrayData, type DataType, RerunError, type TypedArray, valuesPerElement } from "../core/index.js";
import { typedArrayClass } from "./typed-buffer.js";

/** A zeroed typed array for `length` values of a fixed-width type (bits for bool, bytes for fixed-size binary). */
export function allocateValues(type: DataType, length: number): TypedArray {
  switch (type.kind) {
    case "bool":
      return new Uint8Array((length + 7) >> 3);
    case "fixedSizeBinary":
    case "decimal":
      return new Uint8Array(length * valuesPerElement(type));
    case "utf8":
    case "binary":
      return new Uint8Array(length);
    default: {
      const Values = typedArrayClass(type);
      if (Values === undefined) throw new RerunError("InvalidData", `A ${type.kind} array has no values of its own`);
      return new Values(length);
    }
  }
}

/** The values of a fixed-width type as a view of `bytes`, which must be aligned to the element size. */
export function viewValues(type: DataType, bytes: Uint8Array): TypedArray {
  const empty = allocateValues(type, 0);
  const Values = empty.constructor as new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TypedArray;
  return new Values(bytes.buffer, bytes.byteOffset, bytes.byteLength / empty.BYTES_PER_ELEMENT);
}

/** An array of `length` nulls; for types that cannot hold nulls (unions) nulls of the first branch. */
export function nullArray(type: DataType, length: number): ArrayData {
  if (type.kind === "null") return { type, length, nullCount: length };
  const nulls = length === 0 ? { nullCount: 0 } : { nullCount: length, validity: new Uint8Array((length + 7) >> 3) };
  switch (type.kind) {
    case "utf8":
    case "binary":
      return { type, length, ...nulls, offsets: new Int32Array(length + 1), values: new Uint8Array(0) };
    case "list":
      return { type, length, ...nulls, offsets: new Int32Array(length + 1), children: [nullArray(type.item.type, 0)] };
    case "fixedSizeList":
      return { type, length, ...nulls, children: [nullArray(type.item.type, length * type.size)] };
    case "struct":
      return { type, length, ...nulls, children: type.fields.map((f) => nullArray(f.type, length)) };
    case "union": {
      const typeIds = new Int8Array(length).fill(type.typeIds[0] ?? 0);
      if (type.mode === "sparse") {
        return { type, length, nullCount: 0, typeIds, children: type.fields.map((f) => nullArray(f.type, length)) };
      }
      const children = type.fields.map((f, i) => nullArray(f.type, i === 0 && length > 0 ? 1 : 0));
      return { type, length, nullCount: 0, typeIds, offsets: new Int32Array(length), children };
    }
    default:
      return { type, length, ...nulls, values: allocateValues(type, length) };
  }
}

/**
 * Bytes of the buffers that elements `start … start + length - 1` need; for lists only the items they refer to. Estimated for a
 * part of a dense union.
 */
export function arraySizeBytes(array: ArrayData, start = 0, length: number = array.length): number {
  const { type } = array;
  let size = array.validity === undefined ? 0 : (length + 7) >> 3;
  switch (type.kind) {
    case "null":
      return 0;
    case "bool":
      return size + ((length + 7) >> 3);
    case "fixedSizeBinary":
    case "decimal":
      return size + length * valuesPerElement(type);
    case "utf8":
    case "binary":
      return size + 4 * (length + 1) + spanOf(array, start, length).length;
    case "list": {
      const span = spanOf(array, start, length);
      return size + 4 * (length + 1) + arraySizeBytes(childOf(array, 0), span.start, span.length);
    }
    case "fixedSizeList":
      return size + arraySizeBytes(childOf(array, 0), start * type.size, length * type.size);
    case "struct":
      for (const child of array.children ?? []) size += arraySizeBytes(child, start, length);
      return size;
    case "union": {
      size += type.mode === "dense" ? 5 * length : length;
      for (const child of array.children ?? []) {
        // Which elements of a dense union's child belong to a part is not looked up: its share is counted.
        size +=
          type.mode === "dense"
            ? Math.ceil((arraySizeBytes(child) * length) / Math.max(1, array.length))
            : arraySizeBytes(child, start, length);
      }
      return size;
    }
    default:
      return size + length * (array.values?.BYTES_PER_ELEMENT ?? 0);
  }
}

/** Which items (bytes, for text) the elements `start … start + length - 1` of a variable-size array lie over. */
export function spanOf(array: ArrayData, start: number, length: number): { readonly start: number; readonly length: number } {
  const offsets = offsetsOf(array);
  const first = offsets[start] ?? 0;
  return { start: first, length: (offsets[start + length] ?? first) - first };
}

/** The offsets of an array that must have them. */
export function offsetsOf(array: ArrayData): Int32Array {
  return array.offsets ?? missing(array, "offsets");
}

/** The values of an array that must have them. */
export function valuesOf(array: ArrayData): TypedArray {
  return array.values ?? missing(array, "values");
}

/** The type ids of a union. */
export function typeIdsOf(array: ArrayData): Int8Array {
  return array.typeIds ?? missing(array, "type ids");
}

/** Child `index` of an array that must have it. */
export function childOf(array: ArrayData, index: number): ArrayData {
  return array.children?.[index] ?? missing(array, `child ${index}`);
}

function missing(array: ArrayData, what: string): never {
  throw new RerunError("InvalidData", `A ${array.type.kind} array has no ${what}`);
}
