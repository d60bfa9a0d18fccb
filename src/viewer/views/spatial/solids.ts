/** `Boxes3D`, `Ellipsoids3D`, `Cylinders3D` and `Capsules3D`: unit shapes placed by matrices, and their wireframes. */
import type { ComponentCell } from "../../state/view-query.js";
import { type Bounds, boundsOfPositions, center, EMPTY_BOUNDS, transformBounds, union } from "./bounds.js";
import { cellLength, readFloats, readNumber } from "./cells.js";
import {
  clampedItem,
  DEFAULT_OUTLINE_RADIUS,
  type Draft,
  type EntityContext,
  NO_DRAFT,
  pick,
  readCells,
  resolveColors,
  resolveLabels,
  resolveRadii,
} from "./draft.js";
import { dot, fromScale, fromTranslation, identity, type Mat4, multiply, transformPoint, type Vec3 } from "./mat4.js";
import { sampleIndices } from "./reduce.js";
import type { Geometry, LinesGeometry, ShapesGeometry } from "./scene.js";
import { readInstancePoses, readRotation } from "./transform3d.js";
import { boxWire, capWire, cylinderWire, sphereWire } from "./wireframes.js";

export type SolidArchetype = "Boxes3D" | "Ellipsoids3D" | "Cylinders3D" | "Capsules3D";

/** One unit shape of an instance, and the unit wireframe drawn in the same place. */
interface Piece {
  readonly shape: ShapesGeometry["shape"];
  readonly entityFromShape: Mat4;
  readonly wire: Float32Array;
}

const MAJOR_WIREFRAME = 1;
const DENSE_WIREFRAME = 2;
const SOLID = 3;
/** How much of the colour is left of see-through fills. */
const FILL_OPACITY = 0.22;
const UNIT_BOUNDS: Readonly<Record<ShapesGeometry["shape"], Bounds>> = {
  box: { min: [-1, -1, -1], max: [1, 1, 1] },
  sphere: { min: [-1, -1, -1], max: [1, 1, 1] },
  cylinder: { min: [-1, -1, -0.5], max: [1, 1, 0.5] },
};

const COMPONENTS = [
  "half_sizes",
  "lengths",
  "centers",
  "translations",
  "rotation_axis_angles",
  "quaternions",
  "radii",
  "line_radii",
  "fill_mode",
  "colors",
  "labels",
  "show_labels",
  "class_ids",
] as const;

/** The entity's solids. With instance poses there are as many as poses or sizes, whichever are more. */
export function draftSolids(context: EntityContext, archetype: SolidArchetype): Draft {
  const { cells, key } = readCells(context, archetype, COMPONENTS);
  const sizes = cells.half_sizes ?? cells.lengths;
  if (sizes === undefined) return NO_DRAFT;
  const { poses, key: poseKey } = readInstancePoses(context.reader, context.entityPath);
  return context.cache.get(`${key}|${poseKey}|${context.budget}|${context.up.join()}`, () => {
    const count = Math.max(cellLength(sizes), poses.length);
    const isFine = count <= 64;
    const shown = sampleIndices(count, Math.max(1, context.budget));
    const drawn = Array.from(shown, (i) => {
      const pose = poses.length === 0 ? identity() : (poses[Math.min(i, poses.length - 1)] as Mat4);
      const offset = itemAt(cells.centers ?? cells.translations, 3, i);
      const rotation = readRotation(cells.rotation_axis_angles, cells.quaternions, i) ?? fromScale([0, 0, 0]);
      const placed = multiply(multiply(pose, fromTranslation([offset[0] ?? 0, offset[1] ?? 0, offset[2] ?? 0])), rotation);
      return { instance: i, pieces: piecesOf(archetype, cells, i, placed, isFine) };
    });
    const colors = resolveColors(context, cells, count);
    const lineRadii = resolveRadii(archetype === "Boxes3D" ? cells.radii : cells.line_radii, count, DEFAULT_OUTLINE_RADIUS);
    const mode = readNumber(cells.fill_mode);
    const hasFill = mode !== MAJOR_WIREFRAME && mode !== DENSE_WIREFRAME;
    const geometries: Geometry[] = [];
    if (hasFill) geometries.push(...fills(drawn, colors, mode === SOLID ? 1 : FILL_OPACITY));
    if (mode !== SOLID) geometries.push(wires(drawn, colors, lineRadii));
    const bounds = geometries.reduce((all, geometry) => union(all, geometry.bounds), EMPTY_BOUNDS);
    return {
      geometries: geometries.filter((geometry) => geometry.count > 0),
      labels: resolveLabels(
        context,
        cells,
        count,
        colors,
        (i) => topOf(drawn[shown.indexOf(i)]?.pieces, context.up),
        () => center(bounds),
      ),
      shown: shown.length,
      total: count,
    };
  });
}

function piecesOf(
  archetype: SolidArchetype,
  cells: { readonly [name in (typeof COMPONENTS)[number]]: ComponentCell | undefined },
  i: number,
  placed: Mat4,
  isFine: boolean,
): readonly Piece[] {
  if (archetype === "Boxes3D" || archetype === "Ellipsoids3D") {
    const half = itemAt(cells.half_sizes, 3, i);
    const entityFromShape = multiply(placed, fromScale([half[0] ?? 0, half[1] ?? 0, half[2] ?? 0]));
    return archetype === "Boxes3D"
      ? [{ shape: "box", entityFromShape, wire: boxWire() }]
      : [{ shape: "sphere", entityFromShape, wire: sphereWire(isFine) }];
  }
  const length = itemAt(cells.lengths, 1, i)[0] ?? 0;
  const radius = itemAt(cells.radii, 1, i)[0] ?? 0;
  const body = (middle: number): Mat4 =>
    multiply(multiply(placed, fromTranslation([0, 0, middle])), fromScale([radius, radius, length]));
  if (archetype === "Cylinders3D") return [{ shape: "cylinder", entityFromShape: body(0), wire: cylinderWire(isFine) }];
  const cap = (z: number): Mat4 => multiply(multiply(placed, fromTranslation([0, 0, z])), fromScale([radius, radius, radius]));
  return [
    { shape: "cylinder", entityFromShape: body(length / 2), wire: cylinderWire(isFine) },
    { shape: "sphere", entityFromShape: cap(0), wire: capWire(-1) },
    { shape: "sphere", entityFromShape: cap(length), wire: capWire(1) },
  ];
}

interface DrawnInstance {
  readonly instance: number;
  readonly pieces: readonly Piece[];
}

function fills(drawn: readonly DrawnInstance[], colors: Uint32Array, opacity: number): readonly ShapesGeometry[] {
  const shapes = ["box", "sphere", "cylinder"] as const;
  return shapes.map((shape) => {
    const pieces = drawn.flatMap(({ instance, pieces: all }) =>
      all
        .filter((piece) => piece.shape === shape && piece.entityFromShape.every(Number.isFinite))
        .map((piece) => ({ instance, piece })),
    );
    const matrices = new Float32Array(pieces.length * 16);
    for (const [i, { piece }] of pieces.entries()) matrices.set(piece.entityFromShape, i * 16);
    const instances = Uint32Array.from(pieces, ({ instance }) => instance);
    return {
      kind: "shapes",
      shape,
      count: pieces.length,
      matrices,
      colors: pick(colors, instances, (n) => new Uint32Array(n)),
      opacity,
      instances,
      bounds: pieces.reduce(
        (all, { piece }) => union(all, transformBounds(UNIT_BOUNDS[shape], piece.entityFromShape)),
        EMPTY_BOUNDS,
      ),
    };
  });
}

function wires(drawn: readonly DrawnInstance[], colors: Uint32Array, radii: Float32Array): LinesGeometry {
  const pieces = drawn.flatMap(({ instance, pieces: all }) =>
    all.filter((piece) => piece.entityFromShape.every(Number.isFinite)).map((piece) => ({ instance, piece })),
  );
  const count = pieces.reduce((sum, { piece }) => sum + piece.wire.length / 6, 0);
  const segments = new Float32Array(count * 6);
  const instances = new Uint32Array(count);
  let at = 0;
  for (const { instance, piece } of pieces) {
    instances.fill(instance, at / 6, at / 6 + piece.wire.length / 6);
    for (let i = 0; i < piece.wire.length; i += 3, at += 3) {
      const corner: Vec3 = [piece.wire[i] as number, piece.wire[i + 1] as number, piece.wire[i + 2] as number];
      segments.set(transformPoint(piece.entityFromShape, corner), at);
    }
  }
  return {
    kind: "lines",
    count,
    segments,
    colors: pick(colors, instances, (n) => new Uint32Array(n)),
    radii: pick(radii, instances, (n) => new Float32Array(n)),
    cap: "round",
    instances,
    bounds: boundsOfPositions(segments),
  };
}

/** The middle of the highest side: where a label stands. */
function topOf(pieces: readonly Piece[] | undefined, up: Vec3): Vec3 | undefined {
  const bounds = (pieces ?? []).reduce(
    (all, piece) => union(all, transformBounds(UNIT_BOUNDS[piece.shape], piece.entityFromShape)),
    EMPTY_BOUNDS,
  );
  if (!bounds.min.every(Number.isFinite)) return undefined;
  const middle = center(bounds);
  const half: Vec3 = [bounds.max[0] - middle[0], bounds.max[1] - middle[1], bounds.max[2] - middle[2]];
  const height = dot([Math.abs(up[0]), Math.abs(up[1]), Math.abs(up[2])], half);
  return [middle[0] + up[0] * height, middle[1] + up[1] * height, middle[2] + up[2] * height];
}

function itemAt(cell: ComponentCell | undefined, width: number, index: number): readonly number[] {
  const values = readFloats(cell, width);
  const count = Math.floor(values.length / width);
  if (count === 0) return [];
  const item = Math.min(index, count - 1);
  return Array.from({ length: width }, (_, k) => clampedItem(values, item * width + k) ?? 0);
}
