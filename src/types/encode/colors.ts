import { describe, type TypedArray } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import type { NdArray, PackedColor } from "../likes.js";
import { roundHalfToEven } from "./half-float.js";
import { checkShape, isNdArray } from "./numbers.js";
import { BadInput, refuse, reportProblem } from "./problem.js";
import { asTypedArray, typedArrayName } from "./typed-arrays.js";

const COLORS = "a colour (0xRRGGBBAA, three or four parts 0..255, or rgba() of parts 0..1) or a list of colours";
const FLOAT_HINT = "parts 0..1 are told by rgba(…) or a Float32Array";

/** A colour of parts 0..1; alpha is 1 when absent. */
export function rgba(red: number, green: number, blue: number, alpha = 1): PackedColor {
  return { rgba: pack(floatPart(red), floatPart(green), floatPart(blue), floatPart(alpha)) };
}

/** Colours as numbers 0xRRGGBBAA. @throws BadInput */
export function encodeColors(value: unknown, place = "colors"): ComponentData {
  if (typeof value === "number") return packed(value);
  if (Array.isArray(value)) return fromList(value, place);
  const typed = asTypedArray(value);
  if (typed !== undefined) return fromTypedArray(typed, place);
  if (isNdArray(value)) return fromShape(value, place);
  return packColor(value);
}

/** One colour as 0xRRGGBBAA. @throws BadInput */
export function packColor(value: unknown): number {
  if (typeof value === "number") return packed(value);
  if (Array.isArray(value)) {
    if (value.length !== 3 && value.length !== 4)
      throw new BadInput(`expected three or four parts of a colour, got ${value.length}`);
    return pack(bytePart(value[0]), bytePart(value[1]), bytePart(value[2]), value.length === 4 ? bytePart(value[3]) : 255);
  }
  const typed = asTypedArray(value);
  if (typed !== undefined) {
    if (typed.length !== 3 && typed.length !== 4)
      throw new BadInput(`expected three or four parts of a colour, got ${typed.length}`);
    return packAt(typed, 0, typed.length);
  }
  if (typeof value === "object" && value !== null && typeof (value as PackedColor).rgba === "number") {
    return packed((value as PackedColor).rgba);
  }
  return refuse(COLORS, value);
}

function fromList(list: readonly unknown[], place: string): ComponentData {
  const length = list.length;
  if (length === 0) return list as readonly number[];
  let smallCount = 0;
  for (let i = 0; i < length; i++) {
    const part = list[i];
    if (typeof part !== "number") return fromMixed(list);
    if (!Number.isInteger(part)) throw new BadInput(`expected ${COLORS}, got number ${part} at index ${i}; ${FLOAT_HINT}`);
    if (part < 256) smallCount += 1;
  }
  if (length === 3 || length === 4) {
    if (smallCount === length) return packColor(list);
    reportProblem(place, `${length} whole numbers are taken as 0xRRGGBBAA each; use a Uint32Array to say so, or [[r, g, b]]`);
  }
  for (let i = 0; i < length; i++) packed(list[i] as number);
  return list as readonly number[];
}

function fromMixed(list: readonly unknown[]): ComponentData {
  if (list.length === 1) return packColor(list[0]);
  const colors = new Uint32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    try {
      colors[i] = packColor(list[i]);
    } catch (error) {
      throw error instanceof BadInput ? new BadInput(`${error.message} at index ${i}`) : error;
    }
  }
  return colors;
}

function fromTypedArray(array: TypedArray, place: string): ComponentData {
  const { length } = array;
  const name = typedArrayName(array);
  if (name === "Uint32Array" || length === 0) return array;
  if (name !== "Uint8Array" && name !== "Float32Array" && name !== "Float64Array")
    return fromList(Array.from(array, Number), place);
  if (length === 3 || length === 4) return packAt(array, 0, length);
  if (length % 4 !== 0) throw new BadInput(`expected rows of four parts in a flat ${name}, got ${length} elements`);
  return fromRows(array, length / 4, 4);
}

function fromShape(value: NdArray, place: string): ComponentData {
  checkShape(value);
  const parts = value.shape.at(-1);
  const typed = asTypedArray(value.data);
  if (value.shape.length < 2 || (parts !== 3 && parts !== 4)) {
    return value.shape.length < 2
      ? encodeColors(value.data, place)
      : refuse("colours of shape [number, 3] or [number, 4]", value.shape);
  }
  const array = typed ?? Uint8Array.from(value.data as readonly number[], bytePart);
  return fromRows(array, array.length / parts, parts);
}

function fromRows(array: TypedArray, count: number, parts: 3 | 4): ComponentData {
  const colors = new Uint32Array(count);
  for (let i = 0; i < count; i++) colors[i] = packAt(array, i * parts, parts);
  return colors;
}

function packAt(array: TypedArray, start: number, parts: number): number {
  const partOf = PART_OF[typedArrayName(array) ?? ""] ?? bytePart;
  const at = (i: number): number => partOf(array[start + i] as number);
  return pack(at(0), at(1), at(2), parts === 4 ? at(3) : 255);
}

/** How the parts of float arrays become bytes: each in the precision of its array, as Python computes them. */
const PART_OF: Readonly<Record<string, (value: number) => number>> = {
  Float32Array: (value) => roundHalfToEven(Math.fround(value * 255)) & 255,
  Float64Array: floatPart,
};

function pack(red: number, green: number, blue: number, alpha: number): number {
  return ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
}

/** 0..1 to a byte as Python does it: nearest, ties to even, what is beyond wraps around. */
function floatPart(value: number): number {
  return roundHalfToEven(value * 255) & 255;
}

function bytePart(value: unknown): number {
  const part = typeof value === "bigint" ? Number(value) : value;
  if (typeof part === "number" && Number.isInteger(part) && part >= 0 && part <= 255) return part;
  const hint = typeof part === "number" && !Number.isInteger(part) ? `; ${FLOAT_HINT}` : "";
  throw new BadInput(`expected parts of a colour as whole numbers 0..255, got ${describe(value)}${hint}`);
}

function packed(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value;
  return refuse("a colour as a whole number 0..0xFFFFFFFF", value);
}
