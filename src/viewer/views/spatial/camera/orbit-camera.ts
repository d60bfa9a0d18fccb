/** A camera that circles around a point: pure values and steps, in scene units and radians. */
import { type Bounds, center, diagonal, isEmpty } from "../bounds.js";
import { add, cross, dot, fromAxisAngle, type Mat4, normalized, scaled, subtract, transformVector, type Vec3 } from "../mat4.js";

export interface OrbitCamera {
  readonly target: Vec3;
  /** Unit vector from the target to the eye. */
  readonly direction: Vec3;
  readonly distance: number;
  /** Unit vector that points up on the screen, not quite at right angles to `direction`. */
  readonly up: Vec3;
  /** Axis that turning left and right goes about. */
  readonly worldUp: Vec3;
}

/** Vertical field of view. */
export const FIELD_OF_VIEW_RAD: number = (45 * Math.PI) / 180;
const START_ELEVATION_RAD = (22 * Math.PI) / 180;
const START_AZIMUTH_RAD = (28 * Math.PI) / 180;
/** Steepest look up or down while the horizon is kept. */
const MAX_ELEVATION_RAD = (89 * Math.PI) / 180;
/** Room around the data at the first look. */
const FIT_MARGIN = 1.03;
const MIN_DISTANCE = 1e-4;
const MAX_DISTANCE = 1e7;

/** Looks at the whole of `bounds` from behind and above, a little from the side. */
export function orbitAround(bounds: Bounds, up: Vec3, forward: Vec3, aspect: number): OrbitCamera {
  const worldUp = normalized(up, [0, 0, 1]);
  const back = scaled(horizontal(forward, worldUp), -1);
  const turned = rotate(back, worldUp, START_AZIMUTH_RAD);
  const side = normalized(cross(turned, worldUp), [1, 0, 0]);
  const direction = rotate(turned, side, START_ELEVATION_RAD);
  return fitted({ target: center(bounds), direction, distance: 4, up: worldUp, worldUp }, bounds, aspect);
}

/** Moves the camera to look at `bounds` without turning. */
export function focusOn(camera: OrbitCamera, bounds: Bounds, aspect: number): OrbitCamera {
  return isEmpty(bounds) ? camera : fitted({ ...camera, target: center(bounds) }, bounds, aspect);
}

/** Turns by angles to the right and down, as a drag does; the horizon stays level unless the camera was rolled. */
export function rotated(camera: OrbitCamera, yawRad: number, pitchRad: number): OrbitCamera {
  const axis = isRolled(camera) ? camera.up : camera.worldUp;
  const right = rightOf(camera);
  const elevation = Math.asin(Math.max(-1, Math.min(1, dot(camera.direction, axis))));
  const pitch = Math.max(-MAX_ELEVATION_RAD - elevation, Math.min(MAX_ELEVATION_RAD - elevation, pitchRad));
  const direction = normalized(rotate(rotate(camera.direction, right, -pitch), axis, -yawRad), camera.direction);
  return { ...camera, direction };
}

/** Turns about the line of sight. */
export function rolled(camera: OrbitCamera, angleRad: number): OrbitCamera {
  return { ...camera, up: normalized(rotate(camera.up, camera.direction, angleRad), camera.up) };
}

/** Moves sideways and up so that the target follows a drag of `dx`, `dy` pixels in a view of that height. */
export function panned(camera: OrbitCamera, dx: number, dy: number, viewHeight: number): OrbitCamera {
  const perPixel = (2 * camera.distance * Math.tan(FIELD_OF_VIEW_RAD / 2)) / Math.max(1, viewHeight);
  const right = rightOf(camera);
  const up = cross(camera.direction, right);
  return { ...camera, target: add(camera.target, add(scaled(right, -dx * perPixel), scaled(up, dy * perPixel))) };
}

/**
 * Comes nearer (`factor` below 1) or goes away, towards what is under the cursor at (`x`, `y`) in -1 … 1 of the screen:
 * the point in the target's plane stays under the cursor.
 */
export function zoomed(camera: OrbitCamera, factor: number, x: number, y: number, aspect: number): OrbitCamera {
  const distance = Math.max(MIN_DISTANCE, Math.min(MAX_DISTANCE, camera.distance * factor));
  const half = Math.tan(FIELD_OF_VIEW_RAD / 2) * (camera.distance - distance);
  const right = rightOf(camera);
  const up = cross(camera.direction, right);
  return { ...camera, distance, target: add(camera.target, add(scaled(right, x * half * aspect), scaled(up, y * half))) };
}

export function eyeOf(camera: OrbitCamera): Vec3 {
  return add(camera.target, scaled(camera.direction, camera.distance));
}

/** Unit vector to the right on the screen. */
export function rightOf(camera: OrbitCamera): Vec3 {
  return normalized(cross(camera.up, camera.direction), [1, 0, 0]);
}

/** Matrix that places the camera: columns right, up, back, eye. */
export function viewFromCamera(camera: OrbitCamera): Mat4 {
  const right = rightOf(camera);
  const up = cross(camera.direction, right);
  const eye = eyeOf(camera);
  return Float64Array.of(...right, 0, ...up, 0, ...camera.direction, 0, ...eye, 1);
}

/** Nearest and farthest distance that is drawn: wide enough for the data and the ground around it. */
export function depthRangeOf(camera: OrbitCamera, bounds: Bounds): readonly [number, number] {
  const size = Math.max(diagonal(bounds), camera.distance);
  const away = isEmpty(bounds) ? 0 : Math.hypot(...subtract(center(bounds), eyeOf(camera)));
  return [camera.distance / 500, Math.max(camera.distance * 40, (away + size) * 4)];
}

/** At the distance from which all corners of `bounds` are seen, with a margin. */
function fitted(camera: OrbitCamera, bounds: Bounds, aspect: number): OrbitCamera {
  if (!(diagonal(bounds) > 0)) return camera;
  const right = rightOf(camera);
  const up = cross(camera.direction, right);
  const tangent = Math.tan(FIELD_OF_VIEW_RAD / 2);
  let distance = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = (axis: 0 | 1 | 2): number => (corner & (1 << axis) ? bounds.max[axis] : bounds.min[axis]) - camera.target[axis];
    const p: Vec3 = [at(0), at(1), at(2)];
    const sideways = Math.max(Math.abs(dot(p, right)) / Math.max(aspect, 0.2), Math.abs(dot(p, up))) / tangent;
    distance = Math.max(distance, sideways + dot(p, camera.direction));
  }
  return { ...camera, distance: Math.max(MIN_DISTANCE, Math.min(MAX_DISTANCE, distance * FIT_MARGIN)) };
}

function horizontal(v: Vec3, up: Vec3): Vec3 {
  const flat = subtract(v, scaled(up, dot(v, up)));
  const fallback: Vec3 = Math.abs(up[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  return normalized(flat, normalized(subtract(fallback, scaled(up, dot(fallback, up))), [0, 1, 0]));
}

function isRolled(camera: OrbitCamera): boolean {
  return Math.abs(dot(rightOf(camera), camera.worldUp)) > 1e-3;
}

function rotate(v: Vec3, axis: Vec3, angleRad: number): Vec3 {
  const m = fromAxisAngle(axis, angleRad);
  return m === undefined ? v : transformVector(m, v);
}
