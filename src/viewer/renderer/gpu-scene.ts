/** The GPU's side of one scene: keeps what stays the same between two scenes, uploads what is new, frees what is gone. */
import type { Material, Scene } from "three";
import { elementsOfInstance, type SceneObject } from "../views/spatial/index.js";
import { createGpuImage } from "./gpu-image.js";
import { createGpuLines } from "./gpu-lines.js";
import { createGpuMesh } from "./gpu-mesh.js";
import type { Drawable, GpuContext, GpuObject } from "./gpu-object.js";
import { createGpuPoints } from "./gpu-points.js";
import { createGpuShapes } from "./gpu-shapes.js";
import { createFrameUniforms, type FrameUniforms, NUM_MARKS, noMarks } from "./shader.js";

/** What is marked: an entity, or one instance of it. */
export interface Mark {
  readonly entityPath: string;
  readonly instance?: number;
}

export interface PlacedObject {
  readonly sceneObject: SceneObject;
  readonly gpu: GpuObject;
}

export class GpuScene {
  readonly frame: FrameUniforms = createFrameUniforms();
  readonly #scene: Scene;
  readonly #context: GpuContext;
  readonly #shared = new Map<object, Map<string, { readonly value: { dispose(): void }; uses: number }>>();
  readonly #owned = new Map<GpuObject, { readonly owner: object; readonly name: string }[]>();
  #objects: readonly PlacedObject[] = [];
  #borrowing: { readonly owner: object; readonly name: string }[] = [];
  /** Objects uploaded so far; stays the same while nothing changes. */
  numUploads = 0;

  constructor(scene: Scene, settings: Pick<GpuContext, "dimensions" | "maxPointSize" | "isSoftware">) {
    this.#scene = scene;
    this.#context = { ...settings, frame: this.frame, shared: (owner, name, make) => this.#share(owner, name, make) };
  }

  /** In drawing order; the pick id of object `i` is `i + 1`. */
  get objects(): readonly PlacedObject[] {
    return this.#objects;
  }

  /** Shows these objects instead of those before. */
  setObjects(sceneObjects: readonly SceneObject[]): void {
    const free = new Map<object, PlacedObject[]>();
    for (const placed of this.#objects) {
      const same = free.get(placed.sceneObject.geometry);
      if (same === undefined) free.set(placed.sceneObject.geometry, [placed]);
      else same.push(placed);
    }
    const next = sceneObjects.map((sceneObject) => ({
      sceneObject,
      gpu: free.get(sceneObject.geometry)?.shift()?.gpu ?? this.#create(sceneObject),
    }));
    for (const left of free.values()) for (const placed of left) this.#free(placed.gpu);
    this.#objects = next;
    for (const [i, { sceneObject, gpu }] of next.entries()) {
      const m = sceneObject.viewFromEntity;
      gpu.uniforms.uObject.value = i + 1;
      gpu.uniforms.uModelScale.value = modelScale(m);
      for (const { object } of gpu.drawables) {
        object.userData = { placed: i };
        object.renderOrder = this.#context.dimensions === 2 ? i : 0;
        object.matrixWorld.fromArray(m);
      }
    }
  }

  /** Marks hovered and selected things in all objects. Returns whether anything changed. */
  setMarks(hovered: Mark | undefined, selected: readonly Mark[]): boolean {
    let isChanged = false;
    for (const { sceneObject, gpu } of this.#objects) {
      const marks = noMarks();
      if (hovered !== undefined) writeMark(marks, 0, sceneObject, hovered);
      let slot = 1;
      for (const item of selected) {
        if (item.entityPath === sceneObject.entityPath && slot < NUM_MARKS) writeMark(marks, slot++, sceneObject, item);
      }
      if (marks.every((value, i) => value === gpu.uniforms.uMarks.value[i])) continue;
      gpu.uniforms.uMarks.value = marks;
      isChanged = true;
    }
    return isChanged;
  }

  /** Gives every object the material to draw or to pick with. */
  useMaterials(purpose: "draw" | "pick"): void {
    for (const { gpu } of this.#objects) {
      for (const drawable of gpu.drawables) {
        drawable.object.material = drawable[purpose] as Material;
        // See-through things are picked only where nothing solid is behind them.
        if (this.#context.dimensions === 3) {
          drawable.object.renderOrder = purpose === "pick" && drawable.draw.transparent ? -1 : 0;
        }
      }
    }
  }

  dispose(): void {
    for (const { gpu } of this.#objects) this.#free(gpu);
    this.#objects = [];
  }

  #create(sceneObject: SceneObject): GpuObject {
    this.numUploads++;
    this.#borrowing = [];
    const gpu = createGpuObject(sceneObject, this.#context);
    this.#owned.set(gpu, this.#borrowing);
    for (const drawable of gpu.drawables) this.#adopt(drawable);
    return gpu;
  }

  #adopt({ object }: Drawable): void {
    object.frustumCulled = false;
    object.matrixAutoUpdate = false;
    object.matrixWorldAutoUpdate = false;
    this.#scene.add(object);
  }

  #free(gpu: GpuObject): void {
    for (const { object } of gpu.drawables) object.removeFromParent();
    gpu.dispose();
    for (const { owner, name } of this.#owned.get(gpu) ?? []) {
      const entries = this.#shared.get(owner);
      const entry = entries?.get(name);
      if (entries === undefined || entry === undefined || --entry.uses > 0) continue;
      entry.value.dispose();
      entries.delete(name);
      if (entries.size === 0) this.#shared.delete(owner);
    }
    this.#owned.delete(gpu);
  }

  #share<T extends { dispose(): void }>(owner: object, name: string, make: () => T): T {
    const entries = this.#shared.get(owner) ?? new Map();
    this.#shared.set(owner, entries);
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = { value: make(), uses: 0 };
      entries.set(name, entry);
    }
    entry.uses++;
    this.#borrowing.push({ owner, name });
    return entry.value as T;
  }
}

function createGpuObject(sceneObject: SceneObject, context: GpuContext): GpuObject {
  const { geometry } = sceneObject;
  switch (geometry.kind) {
    case "points":
      return createGpuPoints(geometry, context);
    case "lines":
      return createGpuLines(geometry, context);
    case "shapes":
      return createGpuShapes(geometry, context);
    case "mesh":
      return createGpuMesh(geometry, context);
    case "image":
      return createGpuImage(geometry, context);
  }
}

function writeMark(marks: Int32Array, slot: number, sceneObject: SceneObject, mark: Mark): void {
  if (mark.entityPath !== sceneObject.entityPath) return;
  const range =
    mark.instance === undefined ? [0, sceneObject.geometry.count - 1] : elementsOfInstance(sceneObject, mark.instance);
  if (range === undefined) return;
  marks.set(range, slot * 2);
}

/** Mean stretch of the matrix: radii in scene units grow with it. */
function modelScale(m: ArrayLike<number>): number {
  const at = (i: number): number => m[i]!;
  const determinant =
    at(0) * (at(5) * at(10) - at(9) * at(6)) - at(4) * (at(1) * at(10) - at(9) * at(2)) + at(8) * (at(1) * at(6) - at(5) * at(2));
  return Math.cbrt(Math.abs(determinant));
}
