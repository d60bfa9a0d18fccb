import { describe, FLOAT32, fixedSizeListOf } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { instancesToArray } from "../encode/instances.js";
import { type Elements, elementsOf, isListLike, numbersEncoder } from "../encode/numbers.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { isAxisAngle } from "../encode/rotations.js";
import type { Box2DFormat } from "../gen/constants.js";
import type { Boxes2DFields, Boxes3DFields, Ellipsoids3DFields } from "../gen/fields.js";
import type { NumberArray, QuaternionArrayLike, RotationAxisAngleArrayLike, VectorArrayLike } from "../likes.js";

/** Options of `Boxes2D`. Extents come from `halfSizes`, `sizes` or `array`. */
export interface Boxes2DOptions extends Boxes2DFields {
  /** Full extents. Not with `halfSizes`. */
  readonly sizes?: VectorArrayLike | undefined;
  /** Smallest corners, with `sizes` or `halfSizes`. Not with `centers`. */
  readonly mins?: VectorArrayLike | undefined;
  /** Four numbers per box, which `arrayFormat` explains. Not with `sizes`, `halfSizes`, `mins`, `centers`. */
  readonly array?: VectorArrayLike | undefined;
  readonly arrayFormat?: Box2DFormat | undefined;
}

/** Options of `Boxes3D`. Extents come from `halfSizes` or `sizes`. */
export interface Boxes3DOptions extends Boxes3DFields {
  /** Full extents. Not with `halfSizes`. */
  readonly sizes?: VectorArrayLike | undefined;
  /** Smallest corners, with `sizes` or `halfSizes`. Not with `centers`. */
  readonly mins?: VectorArrayLike | undefined;
  /** Quaternions or axis angles. Not with `quaternions` or `rotationAxisAngles`. */
  readonly rotations?: QuaternionArrayLike | RotationAxisAngleArrayLike | undefined;
}

/** Options of `Ellipsoids3D`. */
export interface Ellipsoids3DOptions extends Ellipsoids3DFields {
  /** Radii of spheres. Not with `halfSizes`. */
  readonly radii?: number | NumberArray | undefined;
}

const FLOATS = elementsOf(FLOAT32) as Elements;

/** Half sizes and centres from whichever way the boxes are given. */
export function boxes2DFields(options: Boxes2DOptions): Boxes2DFields {
  const { sizes, mins, array, arrayFormat, ...fields } = options;
  if (array !== undefined) {
    const other = (["sizes", "mins", "halfSizes", "centers"] as const).find((name) => options[name] !== undefined);
    if (other !== undefined) return nothing("Boxes2D.array", `expected array alone, got ${other} as well`);
    return { ...fields, ...fromArray(array, arrayFormat) };
  }
  return { ...fields, ...placed("Boxes2D", 2, options) };
}

/** Half sizes, centres and rotations from whichever way the boxes are given. */
export function boxes3DFields(options: Boxes3DOptions): Boxes3DFields {
  const { sizes, mins, rotations, ...fields } = options;
  return { ...fields, ...placed("Boxes3D", 3, options), ...rotated(options) };
}

/** Half sizes from radii. */
export function ellipsoids3DFields(options: Ellipsoids3DOptions): Ellipsoids3DFields {
  const { radii, ...fields } = options;
  if (radii === undefined) return fields;
  if (fields.halfSizes !== undefined) {
    reportProblem("Ellipsoids3D.radii", "expected radii or halfSizes, got both. halfSizes are taken");
    return fields;
  }
  if (typeof radii !== "number" && !isListLike(radii)) return { ...fields, halfSizes: radii };
  const list = typeof radii === "number" ? [radii] : radii;
  return { ...fields, halfSizes: Array.from(list, (radius) => [radius, radius, radius]) };
}

interface Placed {
  readonly halfSizes?: VectorArrayLike | undefined;
  readonly centers?: VectorArrayLike | undefined;
}

function placed(
  archetype: string,
  width: number,
  options: Placed & { readonly sizes?: VectorArrayLike | undefined; readonly mins?: VectorArrayLike | undefined },
): Placed {
  const { sizes, mins } = options;
  let { halfSizes, centers } = options;
  if (sizes !== undefined) {
    if (halfSizes !== undefined) reportProblem(`${archetype}.sizes`, "expected sizes or halfSizes, got both. sizes are taken");
    const flat = flatten(`${archetype}.sizes`, width, sizes);
    halfSizes = flat === undefined ? [] : Float64Array.from(flat, (size) => size / 2);
  }
  if (mins !== undefined) {
    if (centers !== undefined) reportProblem(`${archetype}.mins`, "expected mins or centers, got both. mins are taken");
    const lows = flatten(`${archetype}.mins`, width, mins);
    const halves = halfSizes === undefined ? undefined : flatten(`${archetype}.halfSizes`, width, halfSizes);
    if (halves === undefined) {
      reportProblem(`${archetype}.mins`, "expected sizes or halfSizes with mins, got none. Half sizes are taken as 1");
      halfSizes = Float64Array.from(lows ?? [], () => 1);
    }
    centers = lows === undefined ? [] : Float64Array.from(lows, (low, i) => low + at(halves, i, width));
  }
  return { halfSizes, centers };
}

/** A single half size holds for all boxes. */
function at(halves: ArrayLike<number> | undefined, index: number, width: number): number {
  if (halves === undefined) return 1;
  return halves[halves.length === width ? index % width : index] ?? Number.NaN;
}

function flatten(place: string, width: number, value: VectorArrayLike): ArrayLike<number> | undefined {
  try {
    const data: ComponentData = numbersEncoder(width, FLOATS)(value);
    if (typeof data === "object" && "length" in data && (Array.isArray(data) || ArrayBuffer.isView(data)))
      return data as ArrayLike<number>;
    return instancesToArray(fixedSizeListOf(FLOAT32, width), data).children?.[0]?.values as Float32Array;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    reportProblem(place, `${error.message}. The field is left empty`);
    return undefined;
  }
}

function rotated(options: Boxes3DOptions): Pick<Boxes3DFields, "quaternions" | "rotationAxisAngles"> {
  const { rotations, quaternions, rotationAxisAngles } = options;
  if (rotations === undefined) return { quaternions, rotationAxisAngles };
  if (quaternions !== undefined || rotationAxisAngles !== undefined) {
    reportProblem(
      "Boxes3D.rotations",
      "expected rotations, or quaternions and rotationAxisAngles, got both. rotations are not taken",
    );
    return { quaternions, rotationAxisAngles };
  }
  const first: unknown = Array.isArray(rotations) ? rotations[0] : rotations;
  // The other kind is written as an empty list, as Python does.
  if (isAxisAngle(first)) return { rotationAxisAngles: rotations as RotationAxisAngleArrayLike, quaternions: [] };
  return { quaternions: rotations as QuaternionArrayLike, rotationAxisAngles: [] };
}

function fromArray(array: VectorArrayLike, format: Box2DFormat | undefined): Placed {
  if (format === undefined) return nothing("Boxes2D.arrayFormat", "expected arrayFormat with array, got none");
  const flat = flatten("Boxes2D.array", 4, array);
  if (flat === undefined) return { halfSizes: [], centers: [] };
  const count = flat.length / 4;
  const halfSizes = new Float64Array(count * 2);
  const centers = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const four = [flat[i * 4], flat[i * 4 + 1], flat[i * 4 + 2], flat[i * 4 + 3]] as [number, number, number, number];
    const box = boxOf(four, format);
    if (box === undefined)
      return nothing("Boxes2D.arrayFormat", `expected XYWH, YXHW, XYXY, YXYX, XCYCWH or XCYCW2H2, got ${describe(format)}`);
    centers.set([box[0], box[1]], i * 2);
    halfSizes.set([box[2], box[3]], i * 2);
  }
  return { halfSizes, centers };
}

/** Centre and half size. */
function boxOf(
  [a, b, c, d]: readonly [number, number, number, number],
  format: Box2DFormat,
): [number, number, number, number] | undefined {
  switch (format) {
    case "XYWH":
      return [a + c / 2, b + d / 2, c / 2, d / 2];
    case "YXHW":
      return [b + d / 2, a + c / 2, d / 2, c / 2];
    case "XYXY":
      return [(a + c) / 2, (b + d) / 2, (c - a) / 2, (d - b) / 2];
    case "YXYX":
      return [(b + d) / 2, (a + c) / 2, (d - b) / 2, (c - a) / 2];
    case "XCYCWH":
      return [a, b, c / 2, d / 2];
    case "XCYCW2H2":
      return [a, b, c, d];
    default:
      return undefined;
  }
}

/** Nothing of the archetype is logged. */
function nothing(place: string, message: string): Record<string, never> {
  reportProblem(place, `${message}. Nothing is logged`);
  return {};
}
