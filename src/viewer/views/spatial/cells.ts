/**
 * Reads component cells as typed arrays. Values that already lie in the wanted type are views of the recording's own
 * buffers: they are never written to. Values of another numeric type are converted, other types read as nothing.
 */
import { type ArrayData, halfToNumber, isValidAt, type TypedArray } from "../../../core/index.js";
import type { ComponentCell } from "../../state/view-query.js";

/** Number of instances of the cell. */
export function cellLength(cell: ComponentCell | undefined): number {
  return cell === undefined ? 0 : Math.max(0, cell.end - cell.start);
}

/** Float values of a cell whose instances are `width` numbers each (1 = plain numbers); empty when the type does not fit. */
export function readFloats(cell: ComponentCell | undefined, width: number): Float32Array {
  const leaf = leafOf(cell, width);
  if (leaf === undefined) return new Float32Array(0);
  const { values, from, to } = leaf;
  if (values instanceof Float32Array) return values.subarray(from, to);
  return Float32Array.from({ length: to - from }, (_, i) => numberAt(leaf.array, from + i));
}

/** Unsigned 32-bit values, e.g. packed colours or `width` indices each. */
export function readUint32(cell: ComponentCell | undefined, width = 1): Uint32Array {
  const leaf = leafOf(cell, width);
  if (leaf === undefined) return new Uint32Array(0);
  const { values, from, to } = leaf;
  if (values instanceof Uint32Array) return values.subarray(from, to);
  return Uint32Array.from({ length: to - from }, (_, i) => numberAt(leaf.array, from + i));
}

/** First instance of a cell of plain numbers. */
export function readNumber(cell: ComponentCell | undefined): number | undefined {
  if (cell === undefined || cellLength(cell) === 0 || !isValidAt(cell.values, cell.start)) return undefined;
  const value = numberAt(cell.values, cell.start);
  return Number.isNaN(value) ? undefined : value;
}

/** First instance of a cell of booleans. */
export function readBoolean(cell: ComponentCell | undefined): boolean | undefined {
  if (cell === undefined || cellLength(cell) === 0 || cell.values.type.kind !== "bool") return undefined;
  if (!isValidAt(cell.values, cell.start)) return undefined;
  return numberAt(cell.values, cell.start) !== 0;
}

/** All texts of a cell; a null reads as the empty text. */
export function readTexts(cell: ComponentCell | undefined): readonly string[] {
  if (cell === undefined) return [];
  return Array.from({ length: cellLength(cell) }, (_, i) => textAt(cell.values, cell.start + i) ?? "");
}

/** First text of a cell. */
export function readText(cell: ComponentCell | undefined): string | undefined {
  return cell === undefined || cellLength(cell) === 0 ? undefined : textAt(cell.values, cell.start);
}

/** Bytes of the first instance of a cell of byte lists (image buffers, blobs); a view, not a copy. */
export function readBytes(cell: ComponentCell | undefined): Uint8Array | undefined {
  if (cell === undefined || cellLength(cell) === 0) return undefined;
  const { values } = cell;
  const bytes = values.type.kind === "binary" ? values.values : values.children?.[0]?.values;
  const [from, to] = [values.offsets?.[cell.start], values.offsets?.[cell.start + 1]];
  if (!(bytes instanceof Uint8Array) || from === undefined || to === undefined) return undefined;
  return bytes.subarray(from, to);
}

/** Where the items of list instance `index` lie in `child`; both 0 when it is no list. */
export function listRange(array: ArrayData, index: number): readonly [number, number] {
  return [array.offsets?.[index] ?? 0, array.offsets?.[index + 1] ?? 0];
}

/** Child array of a struct by field name. */
export function structField(array: ArrayData, name: string): ArrayData | undefined {
  if (array.type.kind !== "struct") return undefined;
  const index = array.type.fields.findIndex((f) => f.name === name);
  return index < 0 ? undefined : array.children?.[index];
}

/** Element as a number; NaN when there is none. Half floats are decoded, 64-bit integers rounded to doubles. */
export function numberAt(array: ArrayData | undefined, index: number): number {
  if (array === undefined || array.values === undefined) return Number.NaN;
  if (array.type.kind === "bool") return ((array.values[index >> 3] as number) >> (index & 7)) & 1;
  const value = array.values[index];
  if (value === undefined) return Number.NaN;
  if (typeof value === "bigint") return Number(value);
  return array.type.kind === "float" && array.type.bits === 16 ? halfToNumber(value) : value;
}

/** Text element; `undefined` when null or not a text. */
export function textAt(array: ArrayData | undefined, index: number): string | undefined {
  if (array === undefined || array.type.kind !== "utf8" || !isValidAt(array, index)) return undefined;
  const [from, to] = listRange(array, index);
  return array.values instanceof Uint8Array ? decoder.decode(array.values.subarray(from, to)) : undefined;
}

const decoder = new TextDecoder();

interface Leaf {
  readonly array: ArrayData;
  readonly values: TypedArray;
  readonly from: number;
  readonly to: number;
}

function leafOf(cell: ComponentCell | undefined, width: number): Leaf | undefined {
  if (cell === undefined) return undefined;
  let array: ArrayData | undefined = cell.values;
  if (array.type.kind === "fixedSizeList") {
    if (array.type.size !== width) return undefined;
    array = array.children?.[0];
  } else if (width !== 1) {
    return undefined;
  }
  if (array?.values === undefined || (array.type.kind !== "float" && array.type.kind !== "int")) return undefined;
  const to = Math.min(cell.end * width, array.values.length);
  return { array, values: array.values, from: Math.min(cell.start * width, to), to };
}
