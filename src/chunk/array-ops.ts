/** Slice, take and concatenate arrays of every type. Results never share mutable state; slices share buffers. */
import { type ArrayData, type DataType, RerunError, type TypedArray, valuesPerElement } from "../core/index.js";
import { allocateValues, childOf, nullArray, offsetsOf, spanOf, typeIdsOf, valuesOf } from "./array-layout.js";
import { copyBits, countUnsetBits, setBits, sliceBits } from "./bits.js";

/** Elements `start … start + length - 1` of `array`. */
export interface ArrayPiece {
  readonly array: ArrayData;
  readonly start: number;
  readonly length: number;
}

/** Elements `start … start + length - 1`. Shares the buffers of `array`, but for bits that do not begin at a byte. */
export function sliceArray(array: ArrayData, start: number, length: number): ArrayData {
  if (start === 0 && length === array.length) return array;
  const { type } = array;
  const base = { type, length, ...sliceValidity(array, start, length) };
  switch (type.kind) {
    case "null":
      return { type, length, nullCount: length };
    case "bool":
      return { ...base, values: sliceBits(valuesOf(array) as Uint8Array, start, length) };
    case "utf8":
    case "binary":
      return { ...base, offsets: offsetsOf(array).subarray(start, start + length + 1), values: valuesOf(array) };
    case "list":
      return { ...base, offsets: offsetsOf(array).subarray(start, start + length + 1), children: [childOf(array, 0)] };
    case "fixedSizeList":
      return { ...base, children: [sliceArray(childOf(array, 0), start * type.size, length * type.size)] };
    case "struct":
      return { ...base, children: (array.children ?? []).map((child) => sliceArray(child, start, length)) };
    case "union":
      // A dense union's children hold the elements in any order: copying is what keeps a slice small.
      if (type.mode === "dense") return concatPieces(type, [{ array, start, length }]);
      return {
        ...base,
        typeIds: typeIdsOf(array).subarray(start, start + length),
        children: (array.children ?? []).map((child) => sliceArray(child, start, length)),
      };
    default: {
      const width = valuesPerElement(type);
      return { ...base, values: valuesOf(array).subarray(start * width, (start + length) * width) };
    }
  }
}

/** The elements at `indices`, in that order; an index may come up several times. Copies. */
export function takeArray(array: ArrayData, indices: ArrayLike<number>): ArrayData {
  return concatPieces(array.type, takePieces(array, indices));
}

/** All elements of `arrays`, which are of type `type`, one after the other. Copies, unless there is only one. */
export function concatArrays(type: DataType, arrays: readonly ArrayData[]): ArrayData {
  const filled = arrays.filter((array) => array.length > 0);
  if (filled.length === 1 && filled[0] !== undefined) return filled[0];
  return concatPieces(
    type,
    filled.map((array) => ({ array, start: 0, length: array.length })),
  );
}

/**
 * The pieces, which are all of type `type`, one after the other. Copies: the result holds nothing but its elements.
 *
 * @throws RerunError `LimitExceeded` when a variable-size type would need offsets beyond 2^31 - 1
 */
export function concatPieces(type: DataType, pieces: readonly ArrayPiece[]): ArrayData {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (length === 0) return nullArray(type, 0);
  const base = { type, length, ...concatValidity(pieces, length) };
  switch (type.kind) {
    case "null":
      return { type, length, nullCount: length };
    case "bool":
      return { ...base, values: concatBits(pieces, length) };
    case "utf8":
    case "binary": {
      const spans = spansOf(pieces);
      const offsets = concatOffsets(pieces, length);
      const values = new Uint8Array(offsets[length] ?? 0);
      let at = 0;
      for (const [i, span] of spans.entries()) {
        values.set(bytesOf(pieces[i]!.array).subarray(span.start, span.start + span.length), at);
        at += span.length;
      }
      return { ...base, offsets, values };
    }
    case "list": {
      const offsets = concatOffsets(pieces, length);
      const items = spansOf(pieces).map((span, i) => ({ array: childOf(pieces[i]!.array, 0), ...span }));
      return { ...base, offsets, children: [concatPieces(type.item.type, items)] };
    }
    case "fixedSizeList":
      return { ...base, children: [concatPieces(type.item.type, childPieces(pieces, 0, type.size))] };
    case "struct":
      return { ...base, children: type.fields.map((f, i) => concatPieces(f.type, childPieces(pieces, i, 1))) };
    case "union":
      return type.mode === "dense" ? concatDenseUnion(type, pieces, length) : concatSparseUnion(type, pieces, length);
    default:
      return { ...base, values: concatValues(type, pieces, length) };
  }
}

function sliceValidity(array: ArrayData, start: number, length: number): { nullCount: number; validity?: Uint8Array } {
  if (array.validity === undefined) return { nullCount: 0 };
  const nullCount = countUnsetBits(array.validity, start, length);
  return nullCount === 0 ? { nullCount } : { nullCount, validity: sliceBits(array.validity, start, length) };
}

function concatValidity(pieces: readonly ArrayPiece[], length: number): { nullCount: number; validity?: Uint8Array } {
  let nullCount = 0;
  for (const { array, start, length: count } of pieces) {
    if (array.validity !== undefined) nullCount += countUnsetBits(array.validity, start, count);
  }
  if (nullCount === 0) return { nullCount };
  const validity = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const { array, start, length: count } of pieces) {
    if (array.validity === undefined) setBits(validity, at, count);
    else copyBits(array.validity, start, validity, at, count);
    at += count;
  }
  return { nullCount, validity };
}

function concatBits(pieces: readonly ArrayPiece[], length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const { array, start, length: count } of pieces) {
    copyBits(valuesOf(array) as Uint8Array, start, bits, at, count);
    at += count;
  }
  return bits;
}

function concatValues(type: DataType, pieces: readonly ArrayPiece[], length: number): TypedArray {
  const values = allocateValues(type, length);
  const width = valuesPerElement(type);
  let at = 0;
  for (const { array, start, length: count } of pieces) {
    // All pieces have the same element type; which one does not matter to `set`.
    (values as Uint8Array).set(bytesOf(array).subarray(start * width, (start + count) * width), at);
    at += count * width;
  }
  return values;
}

function concatOffsets(pieces: readonly ArrayPiece[], length: number): Int32Array {
  const offsets = new Int32Array(length + 1);
  let row = 0;
  let end = 0;
  for (const { array, start, length: count } of pieces) {
    const source = offsetsOf(array);
    const shift = end - source[start]!;
    for (let i = 1; i <= count; i++) offsets[row + i] = source[start + i]! + shift;
    row += count;
    end = source[start + count]! + shift;
    if (end > 0x7fffffff) throw new RerunError("LimitExceeded", `A column has more than 2147483647 items: ${end}`);
  }
  return offsets;
}

function spansOf(pieces: readonly ArrayPiece[]): { readonly start: number; readonly length: number }[] {
  return pieces.map(({ array, start, length }) => spanOf(array, start, length));
}

function childPieces(pieces: readonly ArrayPiece[], child: number, width: number): ArrayPiece[] {
  return pieces.map(({ array, start, length }) => ({
    array: childOf(array, child),
    start: start * width,
    length: length * width,
  }));
}

type UnionType = Extract<DataType, { kind: "union" }>;

function concatTypeIds(pieces: readonly ArrayPiece[], length: number): Int8Array {
  const typeIds = new Int8Array(length);
  let at = 0;
  for (const { array, start, length: count } of pieces) {
    typeIds.set(typeIdsOf(array).subarray(start, start + count), at);
    at += count;
  }
  return typeIds;
}

function concatSparseUnion(type: UnionType, pieces: readonly ArrayPiece[], length: number): ArrayData {
  const children = type.fields.map((f, i) => concatPieces(f.type, childPieces(pieces, i, 1)));
  return { type, length, nullCount: 0, typeIds: concatTypeIds(pieces, length), children };
}

function concatDenseUnion(type: UnionType, pieces: readonly ArrayPiece[], length: number): ArrayData {
  const offsets = new Int32Array(length);
  const items: ArrayPiece[][] = type.fields.map(() => []);
  const counts = type.fields.map(() => 0);
  let row = 0;
  for (const { array, start, length: count } of pieces) {
    const sourceIds = typeIdsOf(array);
    const sourceOffsets = offsetsOf(array);
    for (let i = start; i < start + count; i++) {
      const branch = type.typeIds.indexOf(sourceIds[i]!);
      if (branch < 0) throw new RerunError("InvalidData", `A union has no branch with type id ${sourceIds[i]}`);
      appendItem(items[branch]!, childOf(array, branch), sourceOffsets[i]!);
      offsets[row] = counts[branch]!;
      counts[branch] = counts[branch]! + 1;
      row += 1;
    }
  }
  const children = type.fields.map((f, i) => concatPieces(f.type, items[i]!));
  return { type, length, nullCount: 0, typeIds: concatTypeIds(pieces, length), offsets, children };
}

function takePieces(array: ArrayData, indices: ArrayLike<number>): ArrayPiece[] {
  const pieces: ArrayPiece[] = [];
  for (let i = 0; i < indices.length; i++) appendItem(pieces, array, indices[i]!);
  return pieces;
}

/** Adds one element; a run of neighbours becomes one piece. */
function appendItem(pieces: ArrayPiece[], array: ArrayData, index: number): void {
  const last = pieces[pieces.length - 1];
  if (last !== undefined && last.array === array && last.start + last.length === index) {
    pieces[pieces.length - 1] = { array, start: last.start, length: last.length + 1 };
  } else {
    pieces.push({ array, start: index, length: 1 });
  }
}

function bytesOf(array: ArrayData): Uint8Array {
  return valuesOf(array) as Uint8Array;
}
