/** The 3D part of the picture: everything spatial, seen from one good side. */
import { entityColor, isAtOrBelow, parentPath } from "../../../core/index.js";
import type { Pixels } from "./png.js";
import { Raster, type ScreenPoint } from "./raster.js";
import type { SnapshotSource } from "./source.js";
import { colorsOf, countOf, numbersOf, type Rgba } from "./values.js";
import { type Affine, apply, upAxis, worldFromEntity } from "./world.js";

type Vec3 = readonly [number, number, number];

interface Scene {
  /** Radii as logged: in the scene's units, negative ones in pixels. */
  readonly points: { readonly at: Vec3; readonly color: Rgba; readonly radius: number | undefined }[];
  readonly lines: { readonly a: Vec3; readonly b: Vec3; readonly color: Rgba }[];
  readonly triangles: { readonly corners: readonly [Vec3, Vec3, Vec3]; readonly color: Rgba }[];
}

/** More of each is left out evenly: the picture is small. */
const MAX_ITEMS = 40_000;
const COMPONENTS_3D = [
  "Points3D:positions",
  "LineStrips3D:strips",
  "Arrows3D:vectors",
  "Boxes3D:half_sizes",
  "Mesh3D:vertex_positions",
];

/** Entities that a 3D view draws; those below a camera with an image belong to its picture. */
function entities3D(source: SnapshotSource): string[] {
  const found = new Set(COMPONENTS_3D.flatMap((component) => source.entitiesWith(component)));
  return source.entities().filter((path) => found.has(path) && !isBelowCamera(source, path));
}

function isBelowCamera(source: SnapshotSource, entityPath: string): boolean {
  for (let path: string | undefined = entityPath; path !== undefined; path = parentPath(path)) {
    if (source.latest(path, "Pinhole:image_from_camera") !== undefined) return true;
  }
  return false;
}

/** What one 3D view shows: everything in one coordinate system. */
export interface Space {
  readonly origin: string;
  readonly entities: readonly string[];
}

/** The 3D entities by the space they stand in: an entity with ViewCoordinates begins one, the rest share theirs. */
export function spaces3D(source: SnapshotSource): Space[] {
  const origins = source.entitiesWith("ViewCoordinates:xyz").filter((path) => path !== "/" && !isBelowCamera(source, path));
  const spaces = new Map<string, string[]>();
  for (const path of entities3D(source)) {
    const origin = origins.filter((each) => isAtOrBelow(path, each)).at(-1) ?? "/";
    spaces.set(origin, [...(spaces.get(origin) ?? []), path]);
  }
  return [...spaces].map(([origin, entities]) => ({ origin, entities }));
}

/** Smaller points would not be seen; in pixels. */
const MIN_RADIUS = 0.7;
const BACKGROUND: Rgba = [247, 247, 247, 255];

export function drawScene(source: SnapshotSource, space: Space, width: number, height: number): Pixels {
  const scene: Scene = { points: [], lines: [], triangles: [] };
  for (const path of space.entities) addEntity(scene, source, path);
  const raster = new Raster(width, height, BACKGROUND);
  const { project, scale } = camera(scene, upAxis(source, space.origin), width, height);
  for (const { corners, color } of scene.triangles) {
    const [a, b, c] = corners.map(project) as [ScreenPoint, ScreenPoint, ScreenPoint];
    raster.triangle(a, b, c, shade(corners, color));
  }
  for (const { a, b, color } of scene.lines) raster.line(project(a), project(b), color);
  const usual = scene.points.length > 5000 ? 0.9 : scene.points.length > 500 ? 1.4 : 2.2;
  for (const { at, color, radius = -usual } of scene.points) {
    raster.point(project(at), Math.max(MIN_RADIUS, radius < 0 ? -radius : radius * scale), color);
  }
  return raster.pixels();
}

function addEntity(scene: Scene, source: SnapshotSource, path: string): void {
  const world = worldFromEntity(source, path);
  addPoints(scene, source, path, world);
  addStrips(scene, source, path, world);
  addArrows(scene, source, path, world);
  addBoxes(scene, source, path, world);
  addMesh(scene, source, path, world);
}

function addPoints(scene: Scene, source: SnapshotSource, path: string, world: Affine): void {
  const cell = source.latest(path, "Points3D:positions");
  const positions = numbersOf(cell, 3);
  const count = countOf(cell);
  const color = colorsOf(source.latest(path, "Points3D:colors"), count, entityColor(path));
  const radii = numbersOf(source.latest(path, "Points3D:radii"), 1);
  const step = Math.ceil(count / MAX_ITEMS) || 1;
  for (let i = 0; i < count; i += step) {
    scene.points.push({ at: vertex(world, positions, i), color: color(i), radius: radii[i] ?? radii.at(-1) });
  }
}

function addStrips(scene: Scene, source: SnapshotSource, path: string, world: Affine): void {
  const cell = source.latest(path, "LineStrips3D:strips");
  const { offsets, children } = cell?.values ?? {};
  if (cell === undefined || offsets === undefined || children?.[0] === undefined) return;
  const color = colorsOf(source.latest(path, "LineStrips3D:colors"), countOf(cell), entityColor(path));
  for (let strip = cell.start; strip < cell.end; strip++) {
    const [start = 0, end = 0] = [offsets[strip], offsets[strip + 1]];
    const flat = numbersOf({ values: children[0], start, end }, 3);
    for (let i = 0; i + 1 < end - start && scene.lines.length < MAX_ITEMS; i++) {
      scene.lines.push({ a: vertex(world, flat, i), b: vertex(world, flat, i + 1), color: color(strip - cell.start) });
    }
  }
}

function addArrows(scene: Scene, source: SnapshotSource, path: string, world: Affine): void {
  const cell = source.latest(path, "Arrows3D:vectors");
  const vectors = numbersOf(cell, 3);
  const origins = numbersOf(source.latest(path, "Arrows3D:origins"), 3);
  const color = colorsOf(source.latest(path, "Arrows3D:colors"), countOf(cell), entityColor(path));
  for (let i = 0; i < Math.min(countOf(cell), MAX_ITEMS); i++) {
    const at = (k: number) => origins[i * 3 + k] ?? 0;
    const to = (k: number) => at(k) + (vectors[i * 3 + k] ?? 0);
    scene.lines.push({ a: apply(world, at(0), at(1), at(2)), b: apply(world, to(0), to(1), to(2)), color: color(i) });
  }
}

function addBoxes(scene: Scene, source: SnapshotSource, path: string, world: Affine): void {
  const cell = source.latest(path, "Boxes3D:half_sizes");
  const halves = numbersOf(cell, 3);
  const centers = numbersOf(source.latest(path, "Boxes3D:centers"), 3);
  const color = colorsOf(source.latest(path, "Boxes3D:colors"), countOf(cell), entityColor(path));
  for (let i = 0; i < Math.min(countOf(cell), MAX_ITEMS / 12); i++) {
    const corner = (bits: number): Vec3 => {
      const along = (k: number) => (centers[i * 3 + k] ?? 0) + ((bits >> k) & 1 ? 1 : -1) * (halves[i * 3 + k] ?? 0);
      return apply(world, along(0), along(1), along(2));
    };
    for (let bits = 0; bits < 8; bits++) {
      for (const bit of [1, 2, 4])
        if ((bits & bit) === 0) scene.lines.push({ a: corner(bits), b: corner(bits | bit), color: color(i) });
    }
  }
}

function addMesh(scene: Scene, source: SnapshotSource, path: string, world: Affine): void {
  const cell = source.latest(path, "Mesh3D:vertex_positions");
  const positions = numbersOf(cell, 3);
  const indices = numbersOf(source.latest(path, "Mesh3D:triangle_indices"), 3);
  const whole = numbersOf(source.latest(path, "Mesh3D:albedo_factor"), 1)[0] ?? entityColor(path);
  const color = colorsOf(source.latest(path, "Mesh3D:vertex_colors"), countOf(cell), whole);
  const corners = indices.length > 0 ? indices : Float64Array.from({ length: countOf(cell) }, (_, i) => i);
  for (let i = 0; i + 2 < corners.length && scene.triangles.length < MAX_ITEMS; i += 3) {
    const [a = 0, b = 0, c = 0] = corners.subarray(i, i + 3);
    scene.triangles.push({
      corners: [vertex(world, positions, a), vertex(world, positions, b), vertex(world, positions, c)],
      color: color(a),
    });
  }
}

function vertex(world: Affine, flat: Float64Array, index: number): Vec3 {
  return apply(world, flat[index * 3] ?? 0, flat[index * 3 + 1] ?? 0, flat[index * 3 + 2] ?? 0);
}

interface Camera {
  readonly project: (at: Vec3) => ScreenPoint;
  /** Pixels of one unit of the scene. */
  readonly scale: number;
}

/** Looks at everything from the side and a little above, without perspective. */
function camera(scene: Scene, up: Vec3, width: number, height: number): Camera {
  const side = up[0] === 0 ? ([1, 0, 0] as const) : ([0, 1, 0] as const);
  const third = cross(up, side);
  const [sin, cos] = [Math.sin(AZIMUTH), Math.cos(AZIMUTH)];
  const right = add(scaled(side, cos), scaled(third, sin));
  const away = add(scaled(side, -sin), scaled(third, cos));
  const forward = add(scaled(away, Math.cos(ELEVATION)), scaled(up, -Math.sin(ELEVATION)));
  const upward = add(scaled(away, Math.sin(ELEVATION)), scaled(up, Math.cos(ELEVATION)));
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of positionsOf(scene)) {
    for (const [i, axis] of [right, upward].entries()) {
      const value = dot(at, axis);
      if (!Number.isFinite(value)) continue;
      low[i] = Math.min(low[i] ?? 0, value);
      high[i] = Math.max(high[i] ?? 0, value);
    }
  }
  const [x0 = 0, y0 = 0] = low;
  const [x1 = 0, y1 = 0] = high;
  const scale = Math.min((width * 0.9) / Math.max(x1 - x0, 1e-12), (height * 0.9) / Math.max(y1 - y0, 1e-12));
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const project = (at: Vec3): ScreenPoint => [
    width / 2 + (dot(at, right) - cx) * scale,
    height / 2 - (dot(at, upward) - cy) * scale,
    dot(at, forward),
  ];
  return { project, scale };
}

const AZIMUTH = 0.6;
const ELEVATION = 0.5;

function* positionsOf(scene: Scene): Iterable<Vec3> {
  for (const { at } of scene.points) yield at;
  for (const { a, b } of scene.lines) yield* [a, b];
  for (const { corners } of scene.triangles) yield* corners;
}

/** Brightness by the angle to a light from above and the side; both faces are lit. */
function shade([a, b, c]: readonly [Vec3, Vec3, Vec3], color: Rgba): Rgba {
  const normal = cross(add(b, scaled(a, -1)), add(c, scaled(a, -1)));
  const length = Math.hypot(...normal);
  const light = length > 0 ? Math.abs(dot(normal, LIGHT)) / length : 1;
  const factor = 0.45 + 0.55 * light;
  return [color[0] * factor, color[1] * factor, color[2] * factor, 255];
}

const LIGHT: Vec3 = [0.36, 0.48, 0.8];

const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const scaled = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
