import * as arrow from "apache-arrow";
import { type ArrayData, type DataType, RerunError, type TypedArray } from "../../core/index.js";
import { offsetsOf, typeIdsOf, valuesOf } from "../array-layout.js";
import { concatArrays, concatPieces } from "../array-ops.js";
import { countUnsetBits, sliceBits } from "../bits.js";
import { checkArray } from "../check-array.js";
import { isBytes, isListLike, isText, typeFromArrow, typeToArrow } from "./arrow-types.js";
import { expandDictionary } from "./dictionaries.js";
import { MAX_EXPANDED_BYTES, tooLarge } from "./expanded-size.js";

/** apache-arrow believes any length that a file claims. What takes no bytes (nulls, empty structs) is bounded by this alone. */
const MAX_WITHOUT_BYTES = 1 << 22;

/** An array as apache-arrow has it. Shares the buffers. */
export function arrayToArrow(array: ArrayData): arrow.Data {
  return toArrow(array, typeToArrow(array.type));
}

function toArrow(array: ArrayData, type: arrow.DataType): arrow.Data {
  const { kind } = array.type;
  const buffers: unknown[] = [];
  if (kind === "utf8" || kind === "binary" || kind === "list") buffers[arrow.BufferType.OFFSET] = offsetsOf(array);
  else if (kind === "union" && array.type.mode === "dense") buffers[arrow.BufferType.OFFSET] = offsetsOf(array);
  if (kind === "union") buffers[arrow.BufferType.TYPE] = typeIdsOf(array);
  else if (kind === "decimal") buffers[arrow.BufferType.DATA] = wordsOf(valuesOf(array));
  else if (array.values !== undefined) buffers[arrow.BufferType.DATA] = valuesOf(array);
  buffers[arrow.BufferType.VALIDITY] = array.validity;
  const children = (array.children ?? []).map((child, index) => toArrow(child, childType(type, index)));
  const present = Object.fromEntries(Object.entries(buffers).filter(([, buffer]) => buffer !== undefined));
  return new arrow.Data(type, 0, array.length, array.nullCount, present, children);
}

/** Words of 32 bits, as apache-arrow has decimals. A copy where the bytes are not aligned. */
function wordsOf(bytes: TypedArray): Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function childType(type: arrow.DataType, index: number): arrow.DataType {
  const child = (type.children as readonly arrow.Field[] | null)?.[index];
  if (child === undefined) throw new RerunError("InvalidData", `The Arrow type ${String(type)} has no child ${index}`);
  return child.type;
}

/**
 * An array of apache-arrow in our layout, checked. Shares the buffers but for what has to be laid out anew: 64-bit offsets,
 * views, dictionaries.
 *
 * @throws RerunError `Unsupported` for types that have no counterpart, `InvalidData` for damaged arrays
 */
export function arrayFromArrow(data: arrow.Data): ArrayData {
  const array = fromArrow(data);
  checkArray(array);
  return array;
}

/**
 * All elements of a vector of apache-arrow, one after the other in buffers of their own.
 *
 * @throws RerunError `Unsupported` for types that have no counterpart, `InvalidData` for damaged arrays
 */
export function arrayFromVector(vector: arrow.Vector): ArrayData {
  const pieces = vector.data.map(arrayFromArrow).map((array) => ({ array, start: 0, length: array.length }));
  return concatPieces(typeFromArrow(vector.type), pieces);
}

function fromArrow(data: arrow.Data): ArrayData {
  const { type: source, length } = data;
  checkLength(data);
  if (arrow.DataType.isDictionary(source)) return fromDictionary(data);
  const type = typeFromArrow(source);
  if (type.kind === "null") return { type, length, nullCount: length };
  if (type.kind === "union") return fromUnion(data, type);
  const validity = validityOf(data);
  if (isText(source) || isBytes(source)) return { type, length, ...validity, ...textOf(data) };
  if (isListLike(source)) {
    return { type, length, ...validity, offsets: narrowOffsets(data), children: [fromArrow(firstChild(data))] };
  }
  if (type.kind === "fixedSizeList") return { type, length, ...validity, children: [fromArrow(firstChild(data))] };
  if (type.kind === "struct") return { type, length, ...validity, children: data.children.map(fromArrow) };
  if (type.kind === "bool") {
    return { type, length, ...validity, values: sliceBits(data.values as Uint8Array, data.offset, length) };
  }
  return { type, length, ...validity, values: type.kind === "decimal" ? bytesOf(data.values) : (data.values as TypedArray) };
}

/** apache-arrow keeps decimals as words of 32 bits. */
function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Refuses a length that the buffers cannot have, before anything of that length is allocated or walked through. */
function checkLength(data: arrow.Data): void {
  const { type, length } = data;
  let limit = MAX_WITHOUT_BYTES;
  if (data.typeIds !== undefined) limit = data.typeIds.length;
  else if (data.valueOffsets !== undefined) limit = Math.max(0, data.valueOffsets.length - 1);
  else if (arrow.DataType.isBool(type)) limit = 8 * valuesLength(data) - data.offset;
  else if (arrow.DataType.isFixedSizeBinary(type)) limit = type.byteWidth === 0 ? limit : valuesLength(data) / type.byteWidth;
  else if (arrow.DataType.isDecimal(type)) limit = valuesLength(data) / (type.bitWidth / 32);
  else if (arrow.DataType.isUtf8View(type) || arrow.DataType.isBinaryView(type)) limit = valuesLength(data) / 16;
  else if (data.children.length > 0) limit = childrenLimit(data);
  else if (!arrow.DataType.isNull(type) && !arrow.DataType.isStruct(type)) limit = valuesLength(data);
  if (!(length >= 0 && length <= limit)) {
    throw new RerunError(
      "InvalidData",
      `An Arrow array of type ${String(type)} has ${length} elements, its buffers have ${limit}`,
    );
  }
}

function valuesLength(data: arrow.Data): number {
  return (data.values as ArrayLike<unknown> | undefined)?.length ?? 0;
}

function childrenLimit({ type, children }: arrow.Data): number {
  const shortest = Math.min(...children.map((child) => child.length));
  if (!arrow.DataType.isFixedSizeList(type)) return shortest;
  return type.listSize === 0 ? MAX_WITHOUT_BYTES : shortest / type.listSize;
}

function fromUnion(data: arrow.Data, type: DataType): ArrayData {
  const typeIds = data.typeIds as unknown as Int8Array;
  const base = { type, length: data.length, nullCount: 0, typeIds, children: data.children.map(fromArrow) };
  return data.valueOffsets === undefined ? base : { ...base, offsets: data.valueOffsets as Int32Array };
}

function firstChild(data: arrow.Data): arrow.Data {
  const child = data.children[0];
  if (child === undefined) throw new RerunError("InvalidData", "An Arrow list has no child");
  return child;
}

/** Validity is the one buffer that apache-arrow does not cut when it slices. */
function validityOf(data: arrow.Data): { nullCount: number; validity?: Uint8Array } {
  const bits = data.nullBitmap as Uint8Array | undefined;
  if (bits === undefined || bits.length === 0 || data.length === 0) return { nullCount: 0 };
  if (bits.length < Math.ceil((data.offset + data.length) / 8)) {
    throw new RerunError("InvalidData", `An Arrow array has ${bits.length} bytes of validity for ${data.length} elements`);
  }
  const nullCount = countUnsetBits(bits, data.offset, data.length);
  return nullCount === 0 ? { nullCount } : { nullCount, validity: sliceBits(bits, data.offset, data.length) };
}

function textOf(data: arrow.Data): { offsets: Int32Array; values: Uint8Array } {
  if (data.valueOffsets !== undefined) {
    return { offsets: narrowOffsets(data), values: (data.values as Uint8Array | undefined) ?? new Uint8Array(0) };
  }
  return textOfViews(data);
}

/** View types: 16 bytes per element, the length first; short texts follow in place, long ones lie in further buffers. */
function textOfViews(data: arrow.Data): { offsets: Int32Array; values: Uint8Array } {
  const bytes = data.values as Uint8Array;
  const views = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Int32Array(data.length + 1);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (let i = 0; i < data.length; i++) {
    const size = data.getValid(i) ? views.getInt32(16 * i, true) : 0;
    const part =
      size <= 12
        ? bytes.subarray(16 * i + 4, 16 * i + 4 + size)
        : data.variadicBuffers[views.getInt32(16 * i + 8, true)]?.subarray(views.getInt32(16 * i + 12, true)).subarray(0, size);
    if (part === undefined || part.length !== size)
      throw new RerunError("InvalidData", `An Arrow view of ${size} bytes is damaged`);
    parts.push(part);
    end += size;
    if (end > MAX_EXPANDED_BYTES) throw tooLarge(end);
    offsets[i + 1] = end;
  }
  const values = new Uint8Array(end);
  parts.forEach((part, index) => {
    values.set(part, offsets[index]);
  });
  return { offsets, values };
}

function narrowOffsets(data: arrow.Data): Int32Array {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array | undefined;
  if (offsets === undefined || offsets.length === 0) return new Int32Array(data.length + 1);
  if (offsets instanceof Int32Array) return offsets;
  return Int32Array.from(offsets as ArrayLike<unknown> as ArrayLike<bigint>, (offset: bigint | number) => {
    if (offset > 0x7fffffff) throw tooLarge(Number(offset));
    return Number(offset);
  });
}

function fromDictionary(data: arrow.Data): ArrayData {
  const type = typeFromArrow(data.type);
  const values = concatArrays(type, (data.dictionary?.data ?? []).map(arrayFromArrow));
  const numbers = {
    type: typeFromArrow((data.type as arrow.Dictionary).indices),
    length: data.length,
    ...validityOf(data),
    values: data.values as TypedArray,
  };
  return expandDictionary(type, numbers, values);
}
