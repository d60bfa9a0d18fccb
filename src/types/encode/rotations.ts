import { type DataType, describe, FLOAT32, fixedSizeListOf } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { checkShape, type Elements, type Encoder, elementsOf, isListLike, isNdArray, numbersEncoder } from "./numbers.js";
import { BadInput, refuse } from "./problem.js";

const FLOATS = elementsOf(FLOAT32) as Elements;
const encodeXyzw = numbersEncoder(4, FLOATS);
const VEC3: DataType = fixedSizeListOf(FLOAT32, 3);

/** Rotations as [x, y, z, w], not normalised. @throws BadInput */
export function encodeQuaternions(value: unknown): ComponentData {
  if (isXyzw(value)) return encodeXyzw(value.xyzw);
  if (Array.isArray(value) && value.some(isXyzw)) {
    return encodeXyzw(value.map((item: unknown) => (isXyzw(item) ? item.xyzw : item)));
  }
  return encodeXyzw(value);
}

function isXyzw(value: unknown): value is { readonly xyzw: unknown } {
  return typeof value === "object" && value !== null && "xyzw" in value;
}

/** Whether `value` is one rotation given as axis and angle. */
export function isAxisAngle(value: unknown): boolean {
  return typeof value === "object" && value !== null && "axis" in value;
}

/** Whether `value` is one rotation given as quaternion. */
export function isQuaternion(value: unknown): boolean {
  return isXyzw(value);
}

/** Rotations as struct of axis and angle in radians. The type's fields name them. @throws BadInput */
export function axisAngleEncoder(type: DataType): Encoder {
  return (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0) return [];
    const axes = new Float32Array(list.length * 3);
    const angles = new Float32Array(list.length);
    for (let i = 0; i < list.length; i++) {
      const { axis, angleRad } = axisAngleOf(list[i]);
      axes.set(axis, i * 3);
      angles[i] = angleRad;
    }
    const { length } = list;
    const elements = { type: FLOAT32, length: length * 3, nullCount: 0, values: axes };
    const axis = { type: VEC3, length, nullCount: 0, children: [elements] };
    return { type, length, nullCount: 0, children: [axis, { type: FLOAT32, length, nullCount: 0, values: angles }] };
  };
}

function axisAngleOf(value: unknown): { readonly axis: ArrayLike<number>; readonly angleRad: number } {
  const expected = "a rotation { axis: [x, y, z], angle | radians | degrees }";
  if (!isAxisAngle(value)) return refuse(expected, value);
  const given = value as {
    readonly axis: unknown;
    readonly angle?: unknown;
    readonly radians?: unknown;
    readonly degrees?: unknown;
  };
  const { axis } = given;
  if (!isListLike(axis) || axis.length !== 3) throw new BadInput(`expected an axis [x, y, z], got ${describe(axis)}`);
  for (let i = 0; i < 3; i++) if (typeof axis[i] !== "number") refuse("an axis of three numbers", axis[i]);
  const angles = [given.angle, given.radians, given.degrees].filter((angle) => angle !== undefined);
  if (angles.length !== 1) throw new BadInput(`expected exactly one of angle, radians, degrees, got ${angles.length}`);
  const angleRad = given.degrees !== undefined ? radiansOf({ degrees: given.degrees }) : radiansOf(angles[0]);
  return { axis: axis as ArrayLike<number>, angleRad };
}

/** Radians of an angle: a number, `{ radians }` or `{ degrees }`. @throws BadInput */
export function radiansOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null) {
    const { radians, degrees } = value as { readonly radians?: unknown; readonly degrees?: unknown };
    if (typeof radians === "number") return radians;
    if (typeof degrees === "number") return degrees * (Math.PI / 180);
  }
  return refuse("an angle: radians, { radians } or { degrees }", value);
}

/**
 * Square matrices, given row by row, stored column by column: rows, a flat list of all elements, or `{ columns }`;
 * or a list of these. @throws BadInput
 */
export function matrixEncoder(size: number): Encoder {
  const count = size * size;
  const encodeFlat = numbersEncoder(count, FLOATS);
  const expected = `${size} rows of ${size} numbers, or ${count} numbers row by row`;
  const encodeOne = (value: unknown): ArrayLike<number> => {
    if (typeof value === "object" && value !== null && "columns" in value) return flatMatrix(value.columns, size, expected);
    return transposed(flatMatrix(value, size, expected), size);
  };
  return (value) => {
    if (size === 3 && Array.isArray(value) && value.length === 3) {
      const columns = columnsOf3(value[0], value[1], value[2]);
      if (columns !== undefined) return columns;
    }
    if (!isListLike(value)) {
      if (isNdArray(value)) {
        checkShape(value);
        return transposedAll(encodeFlat(value.data) as ArrayLike<number>, size);
      }
      return isMatrixObject(value) ? (encodeOne(value) as readonly number[]) : refuse(expected, value);
    }
    if (value.length === 0) return [];
    const first = value[0];
    if (typeof first === "number") {
      if (value.length === count) return transposed(encodeFlat(value) as ArrayLike<number>, size);
      return transposedAll(encodeFlat(value) as ArrayLike<number>, size);
    }
    if (value.length === size && isRow(first, size)) return encodeOne(value) as readonly number[];
    const matrices = Array.from(value, encodeOne);
    if (matrices.length === 1) return matrices[0] as readonly number[];
    const flat = new Float32Array(matrices.length * count);
    for (const [index, matrix] of matrices.entries()) flat.set(matrix, index * count);
    return flat;
  };
}

/** The usual case without an intermediate list: three plain rows of three numbers. `undefined` for anything else. */
function columnsOf3(first: unknown, second: unknown, third: unknown): readonly number[] | undefined {
  if (!Array.isArray(first) || !Array.isArray(second) || !Array.isArray(third)) return undefined;
  if (first.length !== 3 || second.length !== 3 || third.length !== 3) return undefined;
  for (let i = 0; i < 3; i++) {
    if (typeof first[i] !== "number" || typeof second[i] !== "number" || typeof third[i] !== "number") return undefined;
  }
  return [first[0], second[0], third[0], first[1], second[1], third[1], first[2], second[2], third[2]];
}

function isMatrixObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && "columns" in value;
}

function isRow(value: unknown, size: number): boolean {
  return isListLike(value) && value.length === size && typeof value[0] === "number";
}

/** All elements in the order given. */
function flatMatrix(value: unknown, size: number, expected: string): ArrayLike<number> {
  if (!isListLike(value)) return refuse(expected, value);
  let flat: ArrayLike<unknown> = value;
  if (typeof value[0] !== "number") {
    const joined: unknown[] = [];
    for (let row = 0; row < value.length; row++) {
      const items = value[row];
      if (!isListLike(items) || items.length !== size)
        throw new BadInput(`expected ${expected}, got ${describe(items)} at index ${row}`);
      for (let i = 0; i < size; i++) joined.push(items[i]);
    }
    flat = joined;
  }
  if (flat.length !== size * size) throw new BadInput(`expected ${expected}, got ${flat.length} numbers`);
  for (let i = 0; i < flat.length; i++) {
    if (typeof flat[i] !== "number") throw new BadInput(`expected ${expected}, got ${describe(flat[i])} at index ${i}`);
  }
  return flat as ArrayLike<number>;
}

function transposed(flat: ArrayLike<number>, size: number): readonly number[] {
  if (size === 3) {
    return [flat[0], flat[3], flat[6], flat[1], flat[4], flat[7], flat[2], flat[5], flat[8]] as readonly number[];
  }
  return Array.from({ length: size * size }, (_, i) => flat[(i % size) * size + Math.floor(i / size)] as number);
}

function transposedAll(flat: ArrayLike<number>, size: number): Float32Array {
  const count = size * size;
  return Float32Array.from(flat, (_, i) => {
    const start = i - (i % count);
    return flat[start + ((i % count) % size) * size + Math.floor((i % count) / size)] as number;
  });
}
