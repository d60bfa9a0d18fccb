import { describe } from "../../core/index.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import type { PinholeFields } from "../gen/fields.js";
import type { NumberArray } from "../likes.js";

/** Options of `Pinhole`: a matrix, a focal length, or an angle of view. */
export interface PinholeOptions extends PinholeFields {
  /** Width of the image in pixels, with `height`. Not with `resolution`. */
  readonly width?: number | undefined;
  /** Height of the image in pixels, with `width`. */
  readonly height?: number | undefined;
  /** Focal length in pixels, of both axes or of each. Not with `imageFromCamera`. */
  readonly focalLength?: number | NumberArray | undefined;
  /** Where the optical axis meets the image, in pixels. Default: the centre. */
  readonly principalPoint?: NumberArray | undefined;
  /** Vertical angle of view in radians, with `aspectRatio`. */
  readonly fovY?: number | undefined;
  /** Width divided by height. */
  readonly aspectRatio?: number | undefined;
}

/** Smallest half angle of view that is not taken as zero. */
const MIN_HALF_FOV = 1.19209e-7;

/** The matrix and the resolution from whichever way the camera is given. */
export function pinholeFields(options: PinholeOptions): PinholeFields {
  const { width, height, focalLength, principalPoint, fovY, aspectRatio, ...given } = options;
  const fields: PinholeFields = { ...given, resolution: resolutionOf(options) };
  if (given.imageFromCamera !== undefined) {
    if (focalLength !== undefined)
      problem("focalLength", "expected imageFromCamera or focalLength, got both. imageFromCamera is taken");
    return fields;
  }
  try {
    if (fovY !== undefined && aspectRatio !== undefined)
      return fromFov(fields, number("fovY", fovY), number("aspectRatio", aspectRatio));
    return { ...fields, imageFromCamera: matrix(focalLength, principalPoint, fields.resolution as NumberArray | undefined) };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    reportProblem("Pinhole", `${error.message}. Nothing is logged`);
    return {};
  }
}

function resolutionOf({ resolution, width, height }: PinholeOptions): PinholeFields["resolution"] {
  if (width === undefined && height === undefined) return resolution;
  if (resolution !== undefined) {
    problem("resolution", "expected resolution or width and height, got both. resolution is taken");
    return resolution;
  }
  return width === undefined || height === undefined ? undefined : [width, height];
}

function fromFov(fields: PinholeFields, fovY: number, aspect: number): PinholeFields {
  const focal = 0.5 / Math.tan(Math.max(fovY * 0.5, MIN_HALF_FOV));
  const resolution = [aspect, 1] as const;
  return { ...fields, resolution, imageFromCamera: rows([focal, focal], [aspect / 2, 0.5]) };
}

function matrix(
  focalLength: unknown,
  principalPoint: unknown,
  resolution: NumberArray | undefined,
): PinholeFields["imageFromCamera"] {
  const size = resolution === undefined ? undefined : pair("resolution", resolution);
  let focal: readonly [number, number];
  if (focalLength !== undefined) {
    focal = typeof focalLength === "number" ? [focalLength, focalLength] : pair("focalLength", focalLength);
  } else {
    if (size === undefined) throw new BadInput("expected imageFromCamera, focalLength, or fovY and aspectRatio, got none");
    const guess = Math.sqrt(size[0] * size[1]);
    problem("focalLength", `expected imageFromCamera or focalLength, got none. The focal length is taken as ${guess}`);
    focal = [guess, guess];
  }
  if (principalPoint !== undefined) return rows(focal, pair("principalPoint", principalPoint));
  if (size === undefined)
    throw new BadInput("expected principalPoint, resolution, or width and height with focalLength, got none");
  return rows(focal, [size[0] / 2, size[1] / 2]);
}

function rows(focal: readonly [number, number], center: readonly [number, number]): readonly (readonly number[])[] {
  return [
    [focal[0], 0, center[0]],
    [0, focal[1], center[1]],
    [0, 0, 1],
  ];
}

function pair(name: string, value: unknown): readonly [number, number] {
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>) : undefined;
  if (list?.length === 1 && name === "focalLength") return [number(name, list[0]), number(name, list[0])];
  if (list?.length !== 2) throw new BadInput(`expected two numbers for ${name}, got ${describe(value)}`);
  return [number(name, list[0]), number(name, list[1])];
}

function number(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw new BadInput(`expected numbers for ${name}, got ${describe(value)}`);
}

function problem(name: string, message: string): void {
  reportProblem(`Pinhole.${name}`, message);
}
