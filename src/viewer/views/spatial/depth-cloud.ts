/** A depth image seen through its camera: one point per pixel, in the camera's space. */
import { COLORMAP_TURBO, colormapTable } from "../../../core/index.js";
import { boundsOfPositions } from "./bounds.js";
import { readBytes, readNumber } from "./cells.js";
import { type Draft, type EntityContext, NO_DRAFT, readCells } from "./draft.js";
import { channelReader, readImageFormat } from "./image-format.js";
import { checkLength, depthRange } from "./images.js";
import { transformPoint } from "./mat4.js";
import type { Pinhole } from "./pinhole.js";
import { sampleIndices } from "./reduce.js";
import type { PointsGeometry } from "./scene.js";
import { axesFromRdf } from "./view-coordinates.js";

const COMPONENTS = ["buffer", "format", "meter", "colormap", "depth_range", "point_fill_ratio"] as const;

/** Number of pixels of the entity's depth image, 0 without one. */
export function countDepthPixels(context: Pick<EntityContext, "reader" | "entityPath">): number {
  const format = readImageFormat(context.reader.cell(context.entityPath, "DepthImage:format"));
  return typeof format === "string" ? 0 : format.width * format.height;
}

/** Raw depth units that make one scene unit, when none are logged: whole numbers are taken as millimetres, floats as metres. */
export function defaultMeter(datatype: string): number {
  return datatype.startsWith("F") ? 1 : 1000;
}

/** The points of the entity's depth image. Pixels without a depth (0, NaN, infinite) have none. */
export function draftDepthCloud(context: EntityContext, pinhole: Pinhole): Draft {
  const { cells, key } = readCells(context, "DepthImage", COMPONENTS);
  const bytes = readBytes(cells.buffer);
  const format = readImageFormat(cells.format);
  if (bytes === undefined || typeof format === "string" || checkLength(bytes, format) !== undefined) return NO_DRAFT;
  return context.cache.get(`${key}|cloud|${pinhole.key}|${context.budget}`, () => {
    const read = channelReader(bytes, format.datatype);
    const total = format.width * format.height;
    const pixels = sampleIndices(total, context.budget);
    const range = depthRange(bytes, format, cells.depth_range);
    const table = colormapTable(readNumber(cells.colormap) ?? COLORMAP_TURBO);
    const meter = readNumber(cells.meter) ?? defaultMeter(format.datatype);
    const fill = readNumber(cells.point_fill_ratio) ?? 1;
    const [fx, fy] = pinhole.focal;
    const [cx, cy] = pinhole.center;
    const axes = axesFromRdf(pinhole.axes);
    const positions = new Float32Array(pixels.length * 3);
    const colors = new Uint32Array(pixels.length);
    const radii = new Float32Array(pixels.length);
    const instances = new Uint32Array(pixels.length);
    // Fewer points stand further apart: each gets the area of those it stands for.
    const pixelRadius = (fill * Math.sqrt(total / Math.max(1, pixels.length))) / (2 * Math.abs(fx));
    let count = 0;
    for (const pixel of pixels) {
      const raw = read(pixel);
      const depth = raw / meter;
      if (!(depth > 0) || !Number.isFinite(depth)) continue;
      const x = (((pixel % format.width) + 0.5 - cx) / fx) * depth;
      const y = ((Math.floor(pixel / format.width) + 0.5 - cy) / fy) * depth;
      positions.set(transformPoint(axes, [x, y, depth]), count * 3);
      const share = range.max > range.min ? (raw - range.min) / (range.max - range.min) : 0;
      colors[count] = table[Math.max(0, Math.min(255, Math.round(share * 255)))] as number;
      radii[count] = depth * pixelRadius;
      instances[count] = pixel;
      count++;
    }
    if (count === 0) return NO_DRAFT;
    const used = positions.subarray(0, count * 3);
    const geometry: PointsGeometry = {
      kind: "points",
      count,
      positions: used,
      colors: colors.subarray(0, count),
      radii: radii.subarray(0, count),
      isShaded: false,
      instances: instances.subarray(0, count),
      bounds: boundsOfPositions(used),
    };
    return { geometries: [geometry], labels: [], shown: pixels.length, total };
  });
}
