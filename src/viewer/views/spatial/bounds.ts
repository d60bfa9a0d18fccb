/** Axis-aligned boxes around data, safe against NaN, infinities and far outliers. */
import { type Mat4, transformPoint, type Vec3 } from "./mat4.js";

/** Inclusive box; empty when `min` is greater than `max`. */
export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

export const EMPTY_BOUNDS: Bounds = {
  min: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  max: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
};

/** Positions looked at for outliers: enough for a stable 2 % quantile, cheap for any cloud. */
const MAX_SAMPLES = 4096;
/** Share of values on each side that may be outliers. */
const OUTLIER_SHARE = 0.02;
/** Outliers are left out only when they make the box this much longer. */
const OUTLIER_FACTOR = 6;

export function isEmpty(bounds: Bounds): boolean {
  return !(bounds.min[0] <= bounds.max[0] && bounds.min[1] <= bounds.max[1] && bounds.min[2] <= bounds.max[2]);
}

export function union(a: Bounds, b: Bounds): Bounds {
  return {
    min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
    max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])],
  };
}

export function center(bounds: Bounds): Vec3 {
  return isEmpty(bounds)
    ? [0, 0, 0]
    : [(bounds.min[0] + bounds.max[0]) / 2, (bounds.min[1] + bounds.max[1]) / 2, (bounds.min[2] + bounds.max[2]) / 2];
}

/** Length of the diagonal; 0 when empty. */
export function diagonal(bounds: Bounds): number {
  if (isEmpty(bounds)) return 0;
  return Math.hypot(bounds.max[0] - bounds.min[0], bounds.max[1] - bounds.min[1], bounds.max[2] - bounds.min[2]);
}

/** Box around finite positions (`n × 3`); a few values far away from all others are left out. */
export function boundsOfPositions(positions: Float32Array, grow = 0): Bounds {
  const axes = [0, 1, 2].map((axis) => rangeOfAxis(positions, axis));
  const [x, y, z] = axes;
  if (x === undefined || y === undefined || z === undefined) return EMPTY_BOUNDS;
  return { min: [x[0] - grow, y[0] - grow, z[0] - grow], max: [x[1] + grow, y[1] + grow, z[1] + grow] };
}

function rangeOfAxis(positions: Float32Array, axis: number): readonly [number, number] | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const count = Math.floor(positions.length / 3);
  for (let i = axis; i < count * 3; i += 3) {
    const value = positions[i] as number;
    // Infinities fail this test as NaN does: their difference to themselves is NaN.
    if (value - value !== 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return undefined;
  if (count < 50) return [min, max];
  const samples = new Float32Array(Math.min(count, MAX_SAMPLES));
  let used = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = positions[Math.floor((i * count) / samples.length) * 3 + axis] as number;
    if (value - value === 0) samples[used++] = value;
  }
  const sorted = samples.subarray(0, used).sort();
  const low = sorted[Math.floor((used - 1) * OUTLIER_SHARE)] ?? min;
  const high = sorted[Math.ceil((used - 1) * (1 - OUTLIER_SHARE))] ?? max;
  const inner = high - low;
  if (inner > 0 && max - min > inner * OUTLIER_FACTOR) return [low - inner * 0.05, high + inner * 0.05];
  return [min, max];
}

/** Box around the moved box; an empty one stays empty, a matrix that is not finite empties it. */
export function transformBounds(bounds: Bounds, m: Mat4): Bounds {
  if (isEmpty(bounds)) return EMPTY_BOUNDS;
  let out = EMPTY_BOUNDS;
  for (let corner = 0; corner < 8; corner++) {
    const p = transformPoint(m, [
      corner & 1 ? bounds.max[0] : bounds.min[0],
      corner & 2 ? bounds.max[1] : bounds.min[1],
      corner & 4 ? bounds.max[2] : bounds.min[2],
    ]);
    if (!p.every(Number.isFinite)) return EMPTY_BOUNDS;
    out = union(out, { min: p, max: p });
  }
  return out;
}
