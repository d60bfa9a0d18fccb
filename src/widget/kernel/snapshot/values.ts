import { type ArrayData, valueAt } from "../../../core/index.js";
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

/** Colours of `count` instances; one colour holds for all; without any: `fallback`. */
export function colorsOf(cell: Cell | undefined, count: number, fallback: Rgba): (index: number) => Rgba {
  const packed = numbersOf(cell, 1);
  if (packed.length === 0) return () => fallback;
  const unpacked = Array.from(packed, unpackColor);
  const last = unpacked.at(-1) ?? fallback;
  return (index) => (index < count ? (unpacked[index] ?? last) : last);
}

function unpackColor(packed: number): Rgba {
  return [(packed >>> 24) & 255, (packed >>> 16) & 255, (packed >>> 8) & 255, packed & 255];
}

/** A stable colour for an entity without one. */
export function entityColor(entityPath: string): Rgba {
  let hash = 2166136261;
  for (let i = 0; i < entityPath.length; i++) hash = Math.imul(hash ^ entityPath.charCodeAt(i), 16777619);
  return PALETTE[(hash >>> 8) % PALETTE.length] ?? [26, 102, 214, 255];
}

const PALETTE: readonly Rgba[] = [
  [26, 102, 214, 255],
  [214, 88, 26, 255],
  [22, 140, 90, 255],
  [190, 40, 80, 255],
  [120, 80, 200, 255],
  [180, 130, 20, 255],
  [20, 140, 160, 255],
  [150, 90, 60, 255],
];

/** Colour of a value from 0 to 1: dark blue over green to yellow. */
export function rampColor(value: number): Rgba {
  const x = Math.min(1, Math.max(0, value)) * (RAMP.length - 1);
  const low = RAMP[Math.floor(x)] ?? [0, 0, 0];
  const high = RAMP[Math.ceil(x)] ?? low;
  const part = x - Math.floor(x);
  const mix = (i: 0 | 1 | 2) => Math.round(low[i] + (high[i] - low[i]) * part);
  return [mix(0), mix(1), mix(2), 255];
}

const RAMP: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
