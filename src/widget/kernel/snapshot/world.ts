/** Where entities stand: the transforms of their paths multiplied up to the root. */
import { parentPath, valueAt } from "../../../core/index.js";
import type { SnapshotSource } from "./source.js";
import { countOf, numbersOf } from "./values.js";

/** Rows of a 3 × 4 matrix: rotation and scale left, translation right. */
export type Affine = readonly number[];

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

export function multiply(a: Affine, b: Affine): Affine {
  const out: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? (a[row * 4 + 3] ?? 0) : 0;
      for (let k = 0; k < 3; k++) sum += (a[row * 4 + k] ?? 0) * (b[k * 4 + column] ?? 0);
      out.push(sum);
    }
  }
  return out;
}

export function apply(m: Affine, x: number, y: number, z: number): [number, number, number] {
  const row = (i: number) => (m[i] ?? 0) * x + (m[i + 1] ?? 0) * y + (m[i + 2] ?? 0) * z + (m[i + 3] ?? 0);
  return [row(0), row(4), row(8)];
}

/** World from entity. */
export function worldFromEntity(source: SnapshotSource, entityPath: string): Affine {
  let world = IDENTITY;
  for (let path: string | undefined = entityPath; path !== undefined; path = parentPath(path)) {
    world = multiply(parentFromEntity(source, path), world);
  }
  return world;
}

function parentFromEntity(source: SnapshotSource, path: string): Affine {
  const get = (field: string, width: number) => numbersOf(source.latest(path, `Transform3D:${field}`), width);
  const translation = get("translation", 3);
  const scale = get("scale", 3);
  const matrix = get("mat3x3", 9);
  const quaternion = get("quaternion", 4);
  let m: Affine = IDENTITY;
  if (translation.length === 3)
    m = multiply(m, [1, 0, 0, translation[0] ?? 0, 0, 1, 0, translation[1] ?? 0, 0, 0, 1, translation[2] ?? 0]);
  if (quaternion.length === 4) m = multiply(m, fromQuaternion(quaternion));
  const axisAngle = source.latest(path, "Transform3D:rotation_axis_angle");
  if (axisAngle !== undefined && countOf(axisAngle) > 0)
    m = multiply(m, fromAxisAngle(valueAt(axisAngle.values, axisAngle.start)));
  if (scale.length === 3) m = multiply(m, [scale[0] ?? 1, 0, 0, 0, 0, scale[1] ?? 1, 0, 0, 0, 0, scale[2] ?? 1, 0]);
  if (matrix.length === 9) {
    const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = matrix; // column by column
    m = multiply(m, [a, d, g, 0, b, e, h, 0, c, f, i, 0]);
  }
  return m.every(Number.isFinite) ? m : IDENTITY;
}

function fromQuaternion([x = 0, y = 0, z = 0, w = 1]: ArrayLike<number> & Iterable<number>): Affine {
  const s = 2 / (x * x + y * y + z * z + w * w);
  if (!Number.isFinite(s)) return IDENTITY;
  const first = [1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w), 0];
  const second = [s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w), 0];
  return [...first, ...second, s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y), 0];
}

function fromAxisAngle(value: unknown): Affine {
  const { axis, angle } = (value ?? {}) as { axis?: readonly number[]; angle?: number };
  if (!Array.isArray(axis) || typeof angle !== "number") return IDENTITY;
  const length = Math.hypot(...axis);
  if (!(length > 0)) return IDENTITY;
  const [x, y, z] = axis.map((v) => (v / length) * Math.sin(angle / 2)) as [number, number, number];
  return fromQuaternion([x, y, z, Math.cos(angle / 2)]);
}

/** The axis that points up in the space of `origin`, by its ViewCoordinates; default +z. */
export function upAxis(source: SnapshotSource, origin: string): readonly [number, number, number] {
  const axes = numbersOf(source.latest(origin, "ViewCoordinates:xyz"), 3);
  const index = axes.findIndex((code) => code === UP || code === DOWN);
  const sign = axes[index] === DOWN ? -1 : 1;
  return index < 0 ? [0, 0, 1] : [index === 0 ? sign : 0, index === 1 ? sign : 0, index === 2 ? sign : 0];
}

const UP = 1;
const DOWN = 2;
