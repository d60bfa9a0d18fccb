/** One snapshot of the recording to one picture: which entities are drawn how, where, in which order. */
import { isAtOrBelow, parentPath } from "../../../core/index.js";
import type { ViewQuery, ViewSpec } from "../../state/view-query.js";
import { type Annotations, findAnnotations } from "./annotations.js";
import { type Bounds, diagonal, EMPTY_BOUNDS, isEmpty, transformBounds, union } from "./bounds.js";
import { readNumber } from "./cells.js";
import { countDepthPixels, draftDepthCloud } from "./depth-cloud.js";
import type { Draft, EntityContext } from "./draft.js";
import { DrawCache } from "./draw-cache.js";
import { EntityReader } from "./entity-index.js";
import { draftAxes, draftFrustum } from "./frustum.js";
import { draftPicture, IMAGE_ARCHETYPES, type ImageArchetype, type ImageDecoder } from "./images.js";
import { draftArrows, draftBoxes2D, draftLineStrips } from "./lines.js";
import { fromTranslation, type Mat4, multiply, transformPoint, type Vec3 } from "./mat4.js";
import { draftMesh } from "./mesh.js";
import { cameraFromImage } from "./pinhole.js";
import { countPoints, draftPoints } from "./points.js";
import { reductionText, shareBudget } from "./reduce.js";
import type { SceneLabel, SceneObject, SpatialScene } from "./scene.js";
import { draftSolids, type SolidArchetype } from "./solids.js";
import { type Placement, TransformTree } from "./transform-tree.js";
import { readInstancePoses } from "./transform3d.js";
import { forwardOf, readViewCoordinates, upOf } from "./view-coordinates.js";

/** Stacking of things without a draw order, larger in front. */
const DRAW_ORDER: Readonly<Record<string, number>> = {
  DepthImage: -20,
  Image: -10,
  EncodedImage: -10,
  SegmentationImage: 0,
  Boxes2D: 10,
  LineStrips2D: 20,
  Arrows2D: 25,
  Points2D: 30,
};
/** Opacity of a segmentation that lies over a picture. */
const OVERLAY_OPACITY = 0.5;
const SOLIDS: readonly SolidArchetype[] = ["Boxes3D", "Ellipsoids3D", "Cylinders3D", "Capsules3D"];
/** A solid costs as much as this many points. */
const SOLID_COST = 20;
const LINE_COST = 4;

/** Makes the scenes of one view, one after the other, and keeps what does not change between them. */
export class SceneBuilder {
  readonly #cache = new DrawCache();
  readonly #annotations = new Map<string, Annotations>();
  readonly #decoder: ImageDecoder;

  constructor(decoder: ImageDecoder) {
    this.#decoder = decoder;
  }

  /** Geometries built so far: stays the same when nothing that is drawn changes. */
  get numBuilt(): number {
    return this.#cache.numBuilt;
  }

  /** @param pointBudget how many points may be drawn */
  build(spec: ViewSpec, query: ViewQuery, pointBudget: number): SpatialScene {
    const scene = new SceneDraft(spec, query, pointBudget, this.#cache, this.#annotations, this.#decoder).finish();
    this.#cache.endScene();
    return scene;
  }
}

class SceneDraft {
  readonly #dimensions: 2 | 3;
  readonly #reader: EntityReader;
  readonly #tree: TransformTree;
  readonly #cache: DrawCache;
  readonly #annotations: Map<string, Annotations>;
  readonly #decoder: ImageDecoder;
  readonly #budget: number;
  readonly #up: Vec3;
  readonly #forward: Vec3;
  readonly #objects: SceneObject[] = [];
  readonly #labels: SceneLabel[] = [];
  readonly #problems: string[] = [];
  readonly #entities: readonly { readonly path: string; readonly placement: Placement }[];
  #bounds: Bounds = EMPTY_BOUNDS;
  #shown = 0;
  #total = 0;
  #isOnlyPointsReduced = true;
  #isPending = false;

  constructor(
    spec: ViewSpec,
    query: ViewQuery,
    budget: number,
    cache: DrawCache,
    annotations: Map<string, Annotations>,
    decoder: ImageDecoder,
  ) {
    this.#dimensions = spec.viewClass === "2d" ? 2 : 3;
    this.#reader = new EntityReader(query);
    this.#tree = new TransformTree(this.#reader, spec.origin, this.#dimensions);
    this.#cache = cache;
    this.#annotations = annotations;
    this.#decoder = decoder;
    this.#budget = budget;
    const axes = findViewCoordinates(this.#reader, this.#tree, spec.origin);
    this.#up = axes === undefined ? [0, 0, 1] : upOf(axes);
    this.#forward = axes === undefined ? [0, 1, 0] : forwardOf(axes);
    this.#entities = spec.entities
      .filter((path) => query.isVisible(path))
      .flatMap((path) => {
        const placement = this.#tree.place(path);
        return placement === undefined ? [] : [{ path, placement }];
      });
  }

  finish(): SpatialScene {
    if (this.#dimensions === 3) this.#draw3D();
    else for (const { path, placement } of this.#entities) this.#draw2D(path, placement.viewFromEntity, this.#hasPictureBelow());
    if (this.#dimensions === 2) this.#objects.sort((a, b) => a.drawOrder - b.drawOrder);
    return {
      dimensions: this.#dimensions,
      objects: this.#objects,
      labels: this.#labels,
      bounds: this.#bounds,
      up: this.#up,
      forward: this.#forward,
      reduction: reductionText(this.#shown, this.#total, this.#isOnlyPointsReduced ? "points" : "items"),
      problems: this.#problems,
      hasData: this.#objects.length > 0,
      isPending: this.#isPending,
    };
  }

  #draw3D(): void {
    const clouds = this.#entities.map(({ path, placement }) => {
      const context = { reader: this.#reader, entityPath: path };
      return { points: countPoints(context, 3), pixels: placement.camera === undefined ? 0 : countDepthPixels(context) };
    });
    const shares = shareBudget(
      clouds.flatMap(({ points, pixels }) => [points, pixels]),
      this.#budget,
    );
    for (const [i, { path, placement }] of this.#entities.entries()) {
      this.#drawEntity3D(path, placement, shares[i * 2] ?? 0, shares[i * 2 + 1] ?? 0);
    }
    // Cameras come last: how large they are drawn follows from the size of the rest.
    const distance = imagePlaneDistance(this.#bounds);
    for (const { path } of this.#entities) this.#drawCamera(path, distance);
    for (const { path, placement } of this.#entities) this.#drawOnImagePlane(path, placement, distance);
  }

  #drawEntity3D(path: string, { viewFromEntity, camera }: Placement, points: number, pixels: number): void {
    const poses = readInstancePoses(this.#reader, path).poses;
    const context = (budget: number): EntityContext => this.#context(path, budget);
    const posed = poses[0] === undefined ? viewFromEntity : multiply(viewFromEntity, poses[0]);
    this.#place(path, draftPoints(context(points), 3), posed);
    this.#place(path, draftLineStrips(context(this.#budget), 3), posed);
    this.#place(path, draftArrows(context(this.#budget / LINE_COST), 3), posed);
    for (const archetype of SOLIDS) this.#place(path, draftSolids(context(this.#budget / SOLID_COST), archetype), viewFromEntity);
    const mesh = draftMesh(context(this.#budget));
    if (poses.length === 0) this.#place(path, mesh, viewFromEntity, { instance: 0 });
    for (const [instance, pose] of poses.entries()) this.#place(path, mesh, multiply(viewFromEntity, pose), { instance });
    this.#place(path, draftAxes(context(1)), viewFromEntity, { instance: 0 });
    if (camera !== undefined && pixels > 0) {
      this.#place(path, draftDepthCloud(context(pixels), camera.pinhole), camera.viewFromCamera);
    }
  }

  #drawCamera(path: string, distance: number): void {
    const camera = this.#tree.place(path)?.camera;
    if (camera?.entityPath !== path) return;
    const draft = draftFrustum(this.#context(path, 1), camera.pinhole, camera.pinhole.imagePlaneDistance ?? distance);
    this.#place(path, draft, camera.viewFromCamera, { instance: 0 });
  }

  #drawOnImagePlane(path: string, { camera }: Placement, distance: number): void {
    if (camera === undefined) return;
    const plane = cameraFromImage(camera.pinhole, camera.pinhole.imagePlaneDistance ?? distance);
    this.#draw2D(path, multiply(camera.viewFromCamera, plane), this.#hasPictureBelow(), true);
  }

  /** Two-dimensional things of the entity. In 3D, `viewFromPixels` brings pixels onto a camera's image plane. */
  #draw2D(path: string, viewFromPixels: Mat4, hasPicture: boolean, isIn3D = false): void {
    for (const archetype of IMAGE_ARCHETYPES) {
      // In 3D a depth image is a cloud of points.
      if (isIn3D && archetype === "DepthImage") continue;
      const context = this.#context(path, this.#budget);
      const opacity = archetype === "SegmentationImage" && hasPicture ? OVERLAY_OPACITY : 1;
      const picture = draftPicture(context, archetype, opacity, this.#decoder);
      if (picture === undefined) continue;
      if (picture === "pending") this.#isPending = true;
      else if ("problem" in picture) this.#problems.push(`${path}: ${picture.problem}`);
      else this.#placePicture(path, picture.archetype, picture.geometry, viewFromPixels, isIn3D);
    }
    const budget = this.#budget / LINE_COST;
    const drafts: readonly (readonly [string, Draft])[] = [
      ["Boxes2D", draftBoxes2D(this.#context(path, budget))],
      ["LineStrips2D", draftLineStrips(this.#context(path, this.#budget), 2)],
      ["Arrows2D", draftArrows(this.#context(path, budget), 2)],
      ["Points2D", draftPoints(this.#context(path, this.#budget), 2)],
    ];
    for (const [archetype, draft] of drafts) {
      if (draft.geometries.length === 0) continue;
      const drawOrder = this.#drawOrder(path, archetype);
      this.#place(path, draft, isIn3D ? lifted(viewFromPixels, drawOrder) : viewFromPixels, { drawOrder });
    }
  }

  #placePicture(
    path: string,
    archetype: ImageArchetype,
    geometry: SceneObject["geometry"],
    viewFromPixels: Mat4,
    isIn3D: boolean,
  ): void {
    const drawOrder = this.#drawOrder(path, archetype);
    const viewFromEntity = isIn3D ? lifted(viewFromPixels, drawOrder) : viewFromPixels;
    this.#objects.push({ entityPath: path, geometry, viewFromEntity, drawOrder });
    this.#bounds = union(this.#bounds, transformBounds(geometry.bounds, viewFromEntity));
  }

  #drawOrder(path: string, archetype: string): number {
    return readNumber(this.#reader.cell(path, `${archetype}:draw_order`)) ?? DRAW_ORDER[archetype] ?? 0;
  }

  #hasPictureBelow(): boolean {
    return this.#entities.some(({ path }) =>
      ["Image:buffer", "EncodedImage:blob", "DepthImage:buffer"].some(
        (component) => this.#reader.cell(path, component) !== undefined,
      ),
    );
  }

  #place(
    path: string,
    draft: Draft,
    viewFromEntity: Mat4,
    options: { readonly drawOrder?: number; readonly instance?: number } = {},
  ): void {
    const { drawOrder = 0, instance } = options;
    for (const geometry of draft.geometries) {
      this.#objects.push({
        entityPath: path,
        geometry,
        viewFromEntity,
        drawOrder,
        ...(instance === undefined ? {} : { instance }),
      });
      this.#bounds = union(this.#bounds, transformBounds(geometry.bounds, viewFromEntity));
    }
    for (const label of draft.labels) {
      this.#labels.push({ ...label, entityPath: path, position: transformPoint(viewFromEntity, label.position) });
    }
    this.#shown += draft.shown;
    this.#total += draft.total;
    if (draft.shown < draft.total && draft.geometries[0]?.kind !== "points") this.#isOnlyPointsReduced = false;
  }

  #context(entityPath: string, budget: number): EntityContext {
    return {
      reader: this.#reader,
      cache: this.#cache,
      entityPath,
      annotations: findAnnotations(this.#reader, entityPath, this.#annotations),
      up: this.#up,
      budget: Math.max(1, Math.floor(budget)),
    };
  }
}

/** Moves pixels off the image plane towards the camera, so that what is in front in 2D is in front in 3D. */
function lifted(viewFromPixels: Mat4, drawOrder: number): Mat4 {
  return multiply(viewFromPixels, fromTranslation([0, 0, drawOrder < 0 ? 0 : 0.1 + Math.min(drawOrder, 100) * 0.02]));
}

/** A power of two near a sixth of the scene, so that cameras do not change their size with every small change of the data. */
function imagePlaneDistance(bounds: Bounds): number {
  const size = diagonal(bounds);
  return isEmpty(bounds) || !(size > 0) ? 1 : 2 ** Math.round(Math.log2(size / 6));
}

/** The view's axes: logged at its origin, else at an ancestor, else at the first entity below that is no camera. */
function findViewCoordinates(reader: EntityReader, tree: TransformTree, origin: string): ReturnType<typeof readViewCoordinates> {
  const component = "ViewCoordinates:xyz";
  for (let path: string | undefined = origin; path !== undefined; path = parentPath(path)) {
    const axes = readViewCoordinates(reader.cell(path, component));
    if (axes !== undefined && tree.pinholeAt(path) === undefined) return axes;
  }
  const below = reader.pathsWith(component).filter((path) => isAtOrBelow(path, origin) && tree.pinholeAt(path) === undefined);
  const first = below.sort((a, b) => a.length - b.length)[0];
  return first === undefined ? undefined : readViewCoordinates(reader.cell(first, component));
}
