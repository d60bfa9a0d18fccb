/** Where entities are: transforms composed along the entity tree and along named frames, seen from a view's origin. */
import { parentPath } from "../../../core/index.js";
import { readText } from "./cells.js";
import type { EntityReader } from "./entity-index.js";
import { identity, invertAffine, type Mat4, multiply } from "./mat4.js";
import { type Pinhole, readPinhole } from "./pinhole.js";
import { readTransform3D } from "./transform3d.js";

/** Placement of an entity; `undefined` members mean it cannot be shown in the view. */
export interface Placement {
  readonly viewFromEntity: Mat4;
  /** The nearest camera at or above the entity, and where it is. */
  readonly camera?: { readonly entityPath: string; readonly pinhole: Pinhole; readonly viewFromCamera: Mat4 };
}

interface Frame {
  /** Name of the frame this one hangs on; `undefined` = a root. */
  readonly parent: string | undefined;
  readonly parentFromFrame: Mat4 | undefined;
}

interface Resolved {
  readonly root: string;
  readonly rootFromFrame: Mat4;
}

const IMPLICIT = "tf#";

/**
 * Resolves placements for one query. In 2D, the space of a camera's image ends at the camera: what is above it places the
 * camera in the world and says nothing about pixels.
 */
export class TransformTree {
  readonly #reader: EntityReader;
  readonly #dimensions: 2 | 3;
  readonly #explicit = new Map<string, Frame>();
  readonly #resolved = new Map<string, Resolved | undefined>();
  readonly #pinholes = new Map<string, Pinhole | undefined>();
  readonly #origin: Resolved | undefined;
  readonly #originFromRoot: Mat4 | undefined;

  constructor(reader: EntityReader, origin: string, dimensions: 2 | 3) {
    this.#reader = reader;
    this.#dimensions = dimensions;
    this.#collectNamedFrames();
    this.#origin = this.#resolve(this.#frameOf(origin), 0);
    this.#originFromRoot = this.#origin && invertAffine(this.#origin.rootFromFrame);
  }

  /** Where the entity is in the view; `undefined` when nothing connects it to the view's origin. */
  place(entityPath: string): Placement | undefined {
    const viewFromEntity = this.#viewFromFrame(this.#frameOf(entityPath));
    if (viewFromEntity === undefined) return undefined;
    for (let path: string | undefined = entityPath; path !== undefined; path = parentPath(path)) {
      const pinhole = this.pinholeAt(path);
      if (pinhole === undefined) continue;
      const viewFromCamera = this.#viewFromFrame(this.#frameOf(path));
      if (viewFromCamera === undefined) return undefined;
      return { viewFromEntity, camera: { entityPath: path, pinhole, viewFromCamera } };
    }
    return { viewFromEntity };
  }

  /** The camera logged at the entity. */
  pinholeAt(entityPath: string): Pinhole | undefined {
    if (!this.#pinholes.has(entityPath)) this.#pinholes.set(entityPath, readPinhole(this.#reader, entityPath));
    return this.#pinholes.get(entityPath);
  }

  #viewFromFrame(name: string): Mat4 | undefined {
    const resolved = this.#resolve(name, 0);
    if (resolved === undefined || this.#originFromRoot === undefined) return undefined;
    if (resolved.root === this.#origin?.root) return multiply(this.#originFromRoot, resolved.rootFromFrame);
    // Pixels of another camera's image than the origin's: shown as they are.
    return this.#dimensions === 2 ? resolved.rootFromFrame : undefined;
  }

  #frameOf(entityPath: string): string {
    return readText(this.#reader.cell(entityPath, "CoordinateFrame:frame")) ?? IMPLICIT + entityPath;
  }

  #collectNamedFrames(): void {
    for (const component of ["Transform3D:child_frame", "Transform3D:parent_frame"]) {
      for (const path of this.#reader.pathsWith(component)) {
        const child = readText(this.#reader.cell(path, "Transform3D:child_frame")) ?? IMPLICIT + path;
        const parent = readText(this.#reader.cell(path, "Transform3D:parent_frame")) ?? implicitParent(path);
        this.#explicit.set(child, { parent, parentFromFrame: usable(this.#reader, path) });
      }
    }
  }

  #frame(name: string): Frame {
    const explicit = this.#explicit.get(name);
    if (explicit !== undefined) return explicit;
    const path = name.startsWith(IMPLICIT) ? name.slice(IMPLICIT.length) : undefined;
    const parent = path === undefined ? undefined : implicitParent(path);
    if (path === undefined || parent === undefined) return { parent: undefined, parentFromFrame: identity() };
    if (this.#dimensions === 2 && this.pinholeAt(path) !== undefined) return { parent: undefined, parentFromFrame: identity() };
    const isNamed =
      this.#reader.cell(path, "Transform3D:child_frame") !== undefined ||
      this.#reader.cell(path, "Transform3D:parent_frame") !== undefined;
    return { parent, parentFromFrame: isNamed ? identity() : usable(this.#reader, path) };
  }

  #resolve(name: string, depth: number): Resolved | undefined {
    if (this.#resolved.has(name)) return this.#resolved.get(name);
    // Frames that hang on each other in a ring would never end: they are placed nowhere.
    if (depth > 256) return undefined;
    const frame = this.#frame(name);
    let result: Resolved | undefined;
    if (frame.parent === undefined) {
      result = { root: name, rootFromFrame: identity() };
    } else {
      const parent = this.#resolve(frame.parent, depth + 1);
      if (parent !== undefined && frame.parentFromFrame !== undefined) {
        result = { root: parent.root, rootFromFrame: multiply(parent.rootFromFrame, frame.parentFromFrame) };
      }
    }
    this.#resolved.set(name, result);
    return result;
  }
}

function usable(reader: EntityReader, path: string): Mat4 | undefined {
  const transform = readTransform3D(reader, path);
  if (transform === undefined) return identity();
  return transform === "unusable" ? undefined : transform;
}

function implicitParent(path: string): string | undefined {
  const parent = parentPath(path);
  return parent === undefined ? undefined : IMPLICIT + parent;
}
