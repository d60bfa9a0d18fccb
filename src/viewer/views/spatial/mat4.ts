/** Small linear algebra for scene placement: column-major 4×4 matrices in double precision, applied to column vectors. */
export type Mat4 = Float64Array;
export type Vec3 = readonly [number, number, number];

/** A new identity matrix. */
export function identity(): Mat4 {
  return fromRows([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]);
}

/** The affine matrix with these three rows (last row 0 0 0 1). */
export function fromRows(a: readonly number[], b: readonly number[], c: readonly number[]): Mat4 {
  const m = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    m[column * 4] = a[column] ?? 0;
    m[column * 4 + 1] = b[column] ?? 0;
    m[column * 4 + 2] = c[column] ?? 0;
  }
  m[15] = 1;
  return m;
}

export function fromTranslation(v: Vec3): Mat4 {
  return fromRows([1, 0, 0, v[0]], [0, 1, 0, v[1]], [0, 0, 1, v[2]]);
}

export function fromScale(v: Vec3): Mat4 {
  return fromRows([v[0], 0, 0, 0], [0, v[1], 0, 0], [0, 0, v[2], 0]);
}

/** From nine column-major values, as Rerun stores them. */
export function fromMat3x3(m: ArrayLike<number>): Mat4 {
  const at = (i: number): number => m[i] ?? 0;
  return fromRows([at(0), at(3), at(6), 0], [at(1), at(4), at(7), 0], [at(2), at(5), at(8), 0]);
}

/** Rotation of a quaternion x, y, z, w of any length; `undefined` for the zero quaternion, which is no rotation. */
export function fromQuaternion(x: number, y: number, z: number, w: number): Mat4 | undefined {
  const lengthSquared = x * x + y * y + z * z + w * w;
  if (!(lengthSquared > 0) || !Number.isFinite(lengthSquared)) return undefined;
  const s = 2 / lengthSquared;
  return fromRows(
    [1 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y), 0],
    [s * (x * y + w * z), 1 - s * (x * x + z * z), s * (y * z - w * x), 0],
    [s * (x * z - w * y), s * (y * z + w * x), 1 - s * (x * x + y * y), 0],
  );
}

/** Rotation about `axis` (any length); `undefined` for the zero axis with an angle. */
export function fromAxisAngle(axis: Vec3, angleRad: number): Mat4 | undefined {
  const length = Math.hypot(...axis);
  if (!(length > 0)) return angleRad === 0 ? identity() : undefined;
  const s = Math.sin(angleRad / 2) / length;
  return fromQuaternion(axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angleRad / 2));
}

/** `a · b`: first `b`, then `a`. */
export function multiply(a: Mat4, b: Mat4): Mat4 {
  const out = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += (a[k * 4 + row] as number) * (b[column * 4 + k] as number);
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

/** Inverse of an affine matrix; `undefined` when it flattens space. */
export function invertAffine(m: Mat4): Mat4 | undefined {
  const [a, b, c] = [m[0] as number, m[4] as number, m[8] as number];
  const [d, e, f] = [m[1] as number, m[5] as number, m[9] as number];
  const [g, h, i] = [m[2] as number, m[6] as number, m[10] as number];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!Number.isFinite(determinant) || determinant === 0) return undefined;
  const s = 1 / determinant;
  const linear = fromRows(
    [(e * i - f * h) * s, (c * h - b * i) * s, (b * f - c * e) * s, 0],
    [(f * g - d * i) * s, (a * i - c * g) * s, (c * d - a * f) * s, 0],
    [(d * h - e * g) * s, (b * g - a * h) * s, (a * e - b * d) * s, 0],
  );
  const moved = transformPoint(linear, [m[12] as number, m[13] as number, m[14] as number]);
  linear[12] = -moved[0];
  linear[13] = -moved[1];
  linear[14] = -moved[2];
  return linear;
}

export function transformPoint(m: Mat4, p: Vec3): Vec3 {
  const row = (r: number): number =>
    (m[r] as number) * p[0] + (m[4 + r] as number) * p[1] + (m[8 + r] as number) * p[2] + (m[12 + r] as number);
  return [row(0), row(1), row(2)];
}

/** Without the translation. */
export function transformVector(m: Mat4, v: Vec3): Vec3 {
  const row = (r: number): number => (m[r] as number) * v[0] + (m[4 + r] as number) * v[1] + (m[8 + r] as number) * v[2];
  return [row(0), row(1), row(2)];
}

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaled(v: Vec3, s: number): Vec3 {
  return [v[0] * s, v[1] * s, v[2] * s];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The vector with length 1, or `fallback` when it has none. */
export function normalized(v: Vec3, fallback: Vec3): Vec3 {
  const length = Math.hypot(...v);
  return length > 0 && Number.isFinite(length) ? scaled(v, 1 / length) : fallback;
}
