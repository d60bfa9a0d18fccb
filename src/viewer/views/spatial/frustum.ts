/** Things that show where spaces are: camera frustums and coordinate axes. */
import { boundsOfPositions } from "./bounds.js";
import { readBoolean, readNumber } from "./cells.js";
import { DEFAULT_OUTLINE_RADIUS, type Draft, type EntityContext, NO_DRAFT, readCells } from "./draft.js";
import { transformPoint, type Vec3 } from "./mat4.js";
import { cameraFromImage, type Pinhole } from "./pinhole.js";
import type { LinesGeometry } from "./scene.js";
import { axesFromRdf } from "./view-coordinates.js";

/** Grey that stands out a little on both themes' backgrounds. */
const FRUSTUM_COLOR = 0x8f9aa5ff;
const AXIS_COLORS: readonly number[] = [0xe5484dff, 0x30a46cff, 0x3e7bfaff];

/** The camera as a pyramid whose base is its image at `distance`, with a mark on the image's upper edge. In the camera's space. */
export function draftFrustum(context: EntityContext, pinhole: Pinhole, distance: number): Draft {
  return context.cache.get(`frustum|${context.entityPath}|${pinhole.key}|${distance}`, () => {
    const toCamera = cameraFromImage(pinhole, distance);
    const [width, height] = pinhole.resolution;
    const corners = (
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ] as const
    ).map(([x, y]) => transformPoint(toCamera, [x, y, 0]));
    const mark = (
      [
        [width * 0.4, 0],
        [width * 0.5, -height * 0.12],
        [width * 0.6, 0],
      ] as const
    ).map(([x, y]) => transformPoint(toCamera, [x, y, 0]));
    const eye: Vec3 = transformPoint(axesFromRdf(pinhole.axes), [0, 0, 0]);
    const segments: number[] = [];
    for (const [i, corner] of corners.entries()) {
      segments.push(...eye, ...corner, ...corner, ...(corners[(i + 1) % 4] as Vec3));
    }
    for (const [i, point] of mark.entries()) if (i > 0) segments.push(...(mark[i - 1] as Vec3), ...point);
    return {
      geometries: [
        linesOf(
          segments,
          Uint32Array.of(pinhole.color ?? FRUSTUM_COLOR),
          Float32Array.of(pinhole.lineRadius ?? DEFAULT_OUTLINE_RADIUS),
        ),
      ],
      labels: [],
      shown: 1,
      total: 1,
    };
  });
}

/** The entity's axes: x red, y green, z blue. */
export function draftAxes(context: EntityContext): Draft {
  const { cells, key } = readCells(context, "TransformAxes3D", ["axis_length", "show_frame"]);
  if (cells.axis_length === undefined && cells.show_frame === undefined) return NO_DRAFT;
  return context.cache.get(key, () => {
    const length = readNumber(cells.axis_length) ?? 1;
    const segments = [0, 0, 0, length, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, 0, 0, 0, length];
    const label = {
      instance: 0,
      text: context.entityPath,
      position: [0, 0, 0] as const,
      color: AXIS_COLORS[2] as number,
      anchor: "above" as const,
    };
    return {
      geometries: [{ ...linesOf(segments, Uint32Array.from(AXIS_COLORS), Float32Array.of(-1)), cap: "arrow" as const }],
      labels: readBoolean(cells.show_frame) === true ? [label] : [],
      shown: 1,
      total: 1,
    };
  });
}

function linesOf(values: readonly number[], colors: Uint32Array, radii: Float32Array): LinesGeometry {
  const segments = Float32Array.from(values);
  const count = segments.length / 6;
  const instances = new Uint32Array(count);
  return { kind: "lines", count, segments, colors, radii, cap: "round", instances, bounds: boundsOfPositions(segments) };
}
