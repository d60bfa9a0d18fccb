import { type ArrayData, unpackColor, valueAt } from "../../../core/index.js";
import type { Cell } from "./source.js";

export type Rgba = readonly [number, number, number, number];

/** Flat numbers of instances that are scalars or fixed-size lists of scalars: `width` for each, nested lists flattened. */
export function numbersOf(cell: Cell | undefined, width: number): Float64Array {
  if (cell === undefined) return new Float64Array(0);
  let array: ArrayData | undefined = cell.values;
  while (array?.type.kind === "fixedSizeList") array = array.children?.[0];
  const { type, values } = array ?? {};
  if (values === undefined || type === undefined) return new Float64Array(0);
  const start = cell.start * width;
  const out = new Float64Array((cell.end - cell.start) * width);
  for (let i = 0; i < out.length; i++) out[i] = Number(values[start + i] ?? 0);
  return out;
}

export function countOf(cell: Cell | undefined): number {
  return cell === undefined ? 0 : cell.end - cell.start;
}

/** Instance `index` as text, when it is one. */
export function textOf(cell: Cell | undefined, index = 0): string | undefined {
  if (cell === undefined || cell.start + index >= cell.end) return undefined;
  const value = valueAt(cell.values, cell.start + index);
  return typeof value === "string" ? value : undefined;
}

/** Colours of `count` instances; one colour holds for all; without any: `fallback`, packed. */
export function colorsOf(cell: Cell | undefined, count: number, fallback: number): (index: number) => Rgba {
  const packed = numbersOf(cell, 1);
  if (packed.length === 0) return () => unpackColor(fallback);
  const unpacked = Array.from(packed, unpackColor);
  const last = unpacked.at(-1) ?? unpackColor(fallback);
  return (index) => (index < count ? (unpacked[index] ?? last) : last);
}
