/** Cameras without distortion: how image coordinates lie in a camera's space. */
import { cellLength, readFloats, readNumber, readUint32 } from "./cells.js";
import type { EntityReader } from "./entity-index.js";
import { fromRows, type Mat4, multiply } from "./mat4.js";
import { type AxisDirections, axesFromRdf, RDF, readViewCoordinates } from "./view-coordinates.js";

export interface Pinhole {
  /** Focal lengths in pixels. */
  readonly focal: readonly [number, number];
  /** Principal point in pixels. */
  readonly center: readonly [number, number];
  /** Skew of the pixel rows; usually 0. */
  readonly skew: number;
  /** Width and height of the image in pixels. */
  readonly resolution: readonly [number, number];
  readonly axes: AxisDirections;
  /** In scene units; `undefined` = to be chosen by the size of the scene. */
  readonly imagePlaneDistance: number | undefined;
  readonly color: number | undefined;
  readonly lineRadius: number | undefined;
  /** Changes when any part changes. */
  readonly key: string;
}

/** The camera logged at the entity, or `undefined` when there is none or its matrix is unusable. */
export function readPinhole(reader: EntityReader, entityPath: string): Pinhole | undefined {
  const projection = reader.cell(entityPath, "Pinhole:image_from_camera");
  const m = readFloats(projection, 9);
  const [fx, fy, skew, cx, cy] = [m[0], m[4], m[3], m[6], m[7]];
  if (fx === undefined || fy === undefined || skew === undefined || cx === undefined || cy === undefined) return undefined;
  if (!(Math.abs(fx) > 0) || !(Math.abs(fy) > 0) || !Number.isFinite(fx + fy + cx + cy + skew)) return undefined;
  const resolution = reader.cell(entityPath, "Pinhole:resolution");
  const [width, height] = readFloats(resolution, 2);
  const axes = reader.cell(entityPath, "Pinhole:camera_xyz");
  const plane = reader.cell(entityPath, "Pinhole:image_plane_distance");
  const color = reader.cell(entityPath, "Pinhole:color");
  const lineWidth = reader.cell(entityPath, "Pinhole:line_width");
  return {
    focal: [fx, fy],
    center: [cx, cy],
    skew,
    resolution: width !== undefined && height !== undefined && width > 0 && height > 0 ? [width, height] : [cx * 2, cy * 2],
    axes: readViewCoordinates(axes) ?? RDF,
    imagePlaneDistance: positive(readNumber(plane)),
    color: cellLength(color) > 0 ? readUint32(color)[0] : undefined,
    lineRadius: readNumber(lineWidth),
    key: [projection, resolution, axes, plane, color, lineWidth].map((cell) => cell?.key ?? "").join("|"),
  };
}

/**
 * Brings image coordinates (pixels, `z` = 0) onto the plane at `distance` in front of the camera.
 * A `z` above 0 comes nearer to the camera by that share of a pixel's size.
 */
export function cameraFromImage(pinhole: Pinhole, distance: number): Mat4 {
  const [fx, fy] = pinhole.focal;
  const [cx, cy] = pinhole.center;
  const x = distance / fx;
  const y = distance / fy;
  const shear = (-pinhole.skew * distance) / (fx * fy);
  const onPlane = fromRows(
    [x, shear, 0, -cx * x - shear * cy],
    [0, y, 0, -cy * y],
    [0, 0, -Math.min(Math.abs(x), Math.abs(y)), distance],
  );
  return multiply(axesFromRdf(pinhole.axes), onPlane);
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}
