/**
 * What a spatial view draws, as plain data: the pure builders make it, the renderer shows it.
 *
 * A geometry is immutable and kept as long as the cells it was made from stay the same: the renderer uploads a geometry once
 * and knows it again by identity. Positions are in the entity's own space; an object's matrix brings them into the view's.
 */
import type { Bounds } from "./bounds.js";
import type { Mat4, Vec3 } from "./mat4.js";

/** What all geometries share. `count` = drawn elements: points, segments, shapes, or 1. */
interface GeometryBase {
  readonly count: number;
  /** Instance of every drawn element; absent = element `i` is instance `i`. Elements of one instance are neighbours. */
  readonly instances?: Uint32Array;
  /** In the entity's space, without values that are not finite. */
  readonly bounds: Bounds;
}

/** Colours are packed 0xRRGGBBAA, one per element or one for all. Radii: positive = scene units, negative = UI points. */
export interface PointsGeometry extends GeometryBase {
  readonly kind: "points";
  /** `count × 3`; a radius of 0 hides a point. */
  readonly positions: Float32Array;
  readonly colors: Uint32Array;
  readonly radii: Float32Array;
  readonly isShaded: boolean;
}

/** Straight segments with round or pointed ends. */
export interface LinesGeometry extends GeometryBase {
  readonly kind: "lines";
  /** `count × 6`: start, end. */
  readonly segments: Float32Array;
  readonly colors: Uint32Array;
  readonly radii: Float32Array;
  /** `arrow`: every segment ends in an arrow head. */
  readonly cap: "round" | "arrow";
}

/**
 * Copies of one unit shape, placed by a 4×4 matrix each (`count × 16`, column-major). `box`: corners at ±1. `sphere`: radius 1.
 * `cylinder`: radius 1, along z from -0.5 to 0.5.
 */
export interface ShapesGeometry extends GeometryBase {
  readonly kind: "shapes";
  readonly shape: "box" | "sphere" | "cylinder";
  readonly matrices: Float32Array;
  readonly colors: Uint32Array;
  /** 0…1, multiplied onto the colours' alpha; below 1 the shapes are drawn see-through. */
  readonly opacity: number;
}

export interface MeshGeometry extends GeometryBase {
  readonly kind: "mesh";
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Per vertex; absent = `albedo` alone. */
  readonly colors?: Uint32Array;
  readonly texcoords?: Float32Array;
  /** Absent = every three vertices are a triangle. */
  readonly indices?: Uint32Array;
  readonly texture?: Pixels;
  /** Packed colour multiplied onto vertex colours and texture. */
  readonly albedo: number;
  readonly faces: "double" | "front" | "back";
}

/** A picture on the rectangle (0, 0) … (width, height), first row at y = 0. */
export interface ImageGeometry extends GeometryBase {
  readonly kind: "image";
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  readonly filter: "nearest" | "linear";
  readonly opacity: number;
}

/** RGBA, 8 bits, not premultiplied, rows top to bottom; or a picture the browser decoded. */
export type Pixels =
  | { readonly kind: "rgba"; readonly width: number; readonly height: number; readonly data: Uint8Array }
  | { readonly kind: "bitmap"; readonly width: number; readonly height: number; readonly bitmap: ImageBitmap };

export type Geometry = PointsGeometry | LinesGeometry | ShapesGeometry | MeshGeometry | ImageGeometry;

/** One geometry of one entity, placed in the view. */
export interface SceneObject {
  readonly entityPath: string;
  readonly geometry: Geometry;
  readonly viewFromEntity: Mat4;
  /** Stacking in 2D; larger is in front. */
  readonly drawOrder: number;
  /** All elements belong to this instance (a mesh drawn once per pose). */
  readonly instance?: number;
  /** Helps to see the scene but is no data: it does not widen the camera's first look. */
  readonly isDecoration?: boolean;
}

export interface SceneLabel {
  readonly entityPath: string;
  readonly instance: number;
  readonly text: string;
  /** In the view's space. */
  readonly position: Vec3;
  /** Packed colour of what it names. */
  readonly color: number;
  /** `above`: the text stands over the position; `center`: its middle lies on it. */
  readonly anchor: "above" | "center";
}

export interface SpatialScene {
  readonly dimensions: 2 | 3;
  /** In drawing order. */
  readonly objects: readonly SceneObject[];
  readonly labels: readonly SceneLabel[];
  /** Of the data, outliers left out; what the camera looks at first. Empty when there is nothing. */
  readonly bounds: Bounds;
  /** Unit vector that points up (3D). */
  readonly up: Vec3;
  /** Unit vector the camera looks along at first, seen from above: the view coordinates' forward (3D). */
  readonly forward: Vec3;
  /** How much of the data is drawn, e.g. `200 k of 3.1 M points`; `undefined` = all. */
  readonly reduction: string | undefined;
  /** What could not be drawn, in the user's words. */
  readonly problems: readonly string[];
  /** Whether there is anything to see. */
  readonly hasData: boolean;
  /** Whether a picture is still being decoded: it is not among the objects, and the bounds do not hold it. */
  readonly isPending: boolean;
}

/** Instance that drawn element `element` of the object belongs to. */
export function instanceOfElement(object: SceneObject, element: number): number {
  return object.instance ?? object.geometry.instances?.[element] ?? element;
}

/** First and last (inclusive) drawn element of `instance`, or `undefined` when the object does not draw it. */
export function elementsOfInstance(object: SceneObject, instance: number): readonly [number, number] | undefined {
  const { geometry } = object;
  const last = geometry.count - 1;
  if (last < 0) return undefined;
  if (object.instance !== undefined) return object.instance === instance ? [0, last] : undefined;
  const instances = geometry.instances;
  if (geometry.kind === "mesh" || geometry.kind === "image") return [0, last];
  if (instances === undefined) return instance <= last ? [instance, instance] : undefined;
  const from = instances.indexOf(instance);
  return from < 0 ? undefined : [from, instances.lastIndexOf(instance)];
}
