/** `Points3D` and `Points2D` as draw data, and the skeletons that keypoints span. */
import { boundsOfPositions, center, diagonal } from "./bounds.js";
import { cellLength, readFloats, readNumber, readUint32 } from "./cells.js";
import {
  clampedItem,
  DEFAULT_OUTLINE_RADIUS,
  DEFAULT_POINT_RADIUS,
  type Draft,
  type EntityContext,
  NO_DRAFT,
  pick,
  readCells,
  resolveColors,
  resolveLabels,
  resolveRadii,
} from "./draft.js";
import type { Vec3 } from "./mat4.js";
import { sampleIndices } from "./reduce.js";
import type { LinesGeometry, PointsGeometry } from "./scene.js";

const COMPONENTS = [
  "positions",
  "radii",
  "colors",
  "labels",
  "show_labels",
  "class_ids",
  "keypoint_ids",
  "point_shading",
] as const;
const FLAT_SHADING = 2;

/** Number of points logged at the entity. */
export function countPoints(context: Pick<EntityContext, "reader" | "entityPath">, dimensions: 2 | 3): number {
  return cellLength(context.reader.cell(context.entityPath, `Points${dimensions}D:positions`));
}

/** The entity's points; at most `context.budget` of them. */
export function draftPoints(context: EntityContext, dimensions: 2 | 3): Draft {
  const { cells, key } = readCells(context, `Points${dimensions}D`, COMPONENTS);
  if (cells.positions === undefined) return NO_DRAFT;
  return context.cache.get(`${key}|${context.budget}`, () => {
    const all = spatialPositions(readFloats(cells.positions, dimensions), dimensions);
    const total = all.length / 3;
    if (total === 0) return NO_DRAFT;
    const allColors = resolveColors(context, cells, total);
    const allRadii = resolveRadii(cells.radii, total, DEFAULT_POINT_RADIUS);
    const instances = total > context.budget ? sampleIndices(total, context.budget) : undefined;
    const positions = instances === undefined ? all : pickPositions(all, instances);
    const radii = instances === undefined ? allRadii : pick(allRadii, instances, (n) => new Float32Array(n));
    const bounds = boundsOfPositions(positions, largestRadius(radii));
    const geometry: PointsGeometry = {
      kind: "points",
      count: positions.length / 3,
      ...hideUnplaced(positions, radii),
      colors: instances === undefined ? allColors : pick(allColors, instances, (n) => new Uint32Array(n)),
      isShaded: readNumber(cells.point_shading) !== FLAT_SHADING,
      bounds,
      ...(instances === undefined ? {} : { instances }),
    };
    const at = (i: number): Vec3 => [all[i * 3] as number, all[i * 3 + 1] as number, all[i * 3 + 2] as number];
    const skeleton = draftSkeleton(context, all, readUint32(cells.class_ids), readUint32(cells.keypoint_ids));
    return {
      geometries: skeleton === undefined ? [geometry] : [geometry, skeleton],
      labels: resolveLabels(context, cells, total, allColors, at, () => center(bounds)),
      shown: geometry.count,
      total,
    };
  });
}

/** Positions as `n × 3`; those of two dimensions get z = 0. */
export function spatialPositions(values: Float32Array, dimensions: 2 | 3): Float32Array {
  if (dimensions === 3) return values.subarray(0, values.length - (values.length % 3));
  const count = Math.floor(values.length / 2);
  const out = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    out[i * 3] = values[i * 2] as number;
    out[i * 3 + 1] = values[i * 2 + 1] as number;
  }
  return out;
}

/** In scene units; points with radii in pixels have no size in the scene. */
function largestRadius(radii: Float32Array): number {
  return radii.reduce((largest, radius) => Math.max(largest, radius), 0);
}

function pickPositions(all: Float32Array, instances: Uint32Array): Float32Array {
  const out = new Float32Array(instances.length * 3);
  for (let i = 0; i < instances.length; i++) {
    const from = (instances[i] as number) * 3;
    out[i * 3] = all[from] as number;
    out[i * 3 + 1] = all[from + 1] as number;
    out[i * 3 + 2] = all[from + 2] as number;
  }
  return out;
}

/** Points at NaN or infinity get the radius 0 and a place the GPU can compute with; the rest is shared, not copied. */
function hideUnplaced(
  positions: Float32Array,
  radii: Float32Array,
): { readonly positions: Float32Array; readonly radii: Float32Array } {
  let isWhole = true;
  for (let i = 0; i < positions.length && isWhole; i++) isWhole = (positions[i] as number) - (positions[i] as number) === 0;
  if (isWhole) return { positions, radii };
  const placed = positions.slice();
  const shown = Float32Array.from({ length: positions.length / 3 }, (_, i) => clampedItem(radii, i) ?? DEFAULT_POINT_RADIUS);
  for (let i = 0; i < shown.length; i++) {
    const sum = (placed[i * 3] as number) + (placed[i * 3 + 1] as number) + (placed[i * 3 + 2] as number);
    if (sum - sum === 0) continue;
    shown[i] = 0;
    placed.fill(0, i * 3, i * 3 + 3);
  }
  return { positions: placed, radii: shown };
}

/** Lines between the keypoints of each class, as its description connects them. */
function draftSkeleton(
  context: EntityContext,
  positions: Float32Array,
  classIds: Uint32Array,
  keypointIds: Uint32Array,
): LinesGeometry | undefined {
  if (keypointIds.length === 0) return undefined;
  const byClass = new Map<number, Map<number, number>>();
  for (let i = 0; i < positions.length / 3; i++) {
    const classId = clampedItem(classIds, i) ?? 0;
    let points = byClass.get(classId);
    if (points === undefined) {
      points = new Map();
      byClass.set(classId, points);
    }
    points.set(clampedItem(keypointIds, i) as number, i);
  }
  const segments: number[] = [];
  const colors: number[] = [];
  const instances: number[] = [];
  for (const [classId, points] of byClass) {
    for (const [from, to] of context.annotations.describe(classId)?.connections ?? []) {
      const [a, b] = [points.get(from), points.get(to)];
      if (a === undefined || b === undefined) continue;
      segments.push(...positions.subarray(a * 3, a * 3 + 3), ...positions.subarray(b * 3, b * 3 + 3));
      colors.push(context.annotations.color(classId));
      instances.push(a);
    }
  }
  const ends = Float32Array.from(segments);
  const bounds = boundsOfPositions(ends);
  if (segments.length === 0 || !Number.isFinite(diagonal(bounds))) return undefined;
  return {
    kind: "lines",
    count: colors.length,
    segments: ends,
    colors: Uint32Array.from(colors),
    radii: Float32Array.of(DEFAULT_OUTLINE_RADIUS),
    cap: "round",
    instances: Uint32Array.from(instances),
    bounds,
  };
}
