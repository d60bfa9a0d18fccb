/** What lies under the pointer: draws ids instead of colours into a few pixels around it and reads them back. */
import {
  NearestFilter,
  type OrthographicCamera,
  type PerspectiveCamera,
  RGBAIntegerFormat,
  type Scene,
  UnsignedIntType,
  Vector3,
  WebGLRenderTarget,
} from "three";
import type { Vec3 } from "../views/spatial/index.js";
import type { SharedGl } from "./shared-gl.js";

/** Pixels read around the pointer, per side. */
const CROP = 9;
/** Pixels drawn around the pointer, per side: points whose middle is further away would be missing. */
const DRAWN = 129;
/** A picture under small things is chosen only when none of them is near the pointer. */
const PICTURE_PENALTY = 4;

export interface PickHit {
  /** Id that the object's uniform holds. */
  readonly object: number;
  /** Drawn element of the object. */
  readonly element: number;
  readonly position: Vec3;
}

export class Picker {
  readonly #target: WebGLRenderTarget;
  readonly #ids = new Uint32Array(CROP * CROP * 4);

  constructor() {
    this.#target = new WebGLRenderTarget(DRAWN, DRAWN, {
      format: RGBAIntegerFormat,
      type: UnsignedIntType,
      internalFormat: "RGBA32UI",
      minFilter: NearestFilter,
      magFilter: NearestFilter,
      generateMipmaps: false,
      depthBuffer: true,
    });
  }

  /** Side of the square of pixels that is drawn: what the clip space spans while picking. */
  get drawnSize(): number {
    return DRAWN;
  }

  /**
   * The hit nearest to pixel (`x`, `y`) of a view of `width` × `height` pixels; `y` counts from the top.
   * The scene must have its picking materials on.
   */
  pick(
    gl: SharedGl,
    scene: Scene,
    camera: PerspectiveCamera | OrthographicCamera,
    at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    isPicture: (object: number) => boolean,
  ): PickHit | undefined {
    const { renderer } = gl;
    const half = (DRAWN - 1) / 2;
    const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
    camera.setViewOffset(at.width, at.height, x - half, y - half, DRAWN, DRAWN);
    camera.updateProjectionMatrix();
    const first = half - (CROP - 1) / 2;
    this.#target.scissorTest = true;
    this.#target.scissor.set(first, first, CROP, CROP);
    renderer.setRenderTarget(this.#target);
    renderer.setClearColor(0, 0);
    renderer.clear(true, true, false);
    renderer.render(scene, camera);
    renderer.readRenderTargetPixels(this.#target, first, first, CROP, CROP, this.#ids);
    renderer.setRenderTarget(null);
    camera.clearViewOffset();
    camera.updateProjectionMatrix();
    return this.#nearest(camera, at, isPicture);
  }

  dispose(): void {
    this.#target.dispose();
  }

  #nearest(
    camera: PerspectiveCamera | OrthographicCamera,
    at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    isPicture: (object: number) => boolean,
  ): PickHit | undefined {
    const middle = (CROP - 1) / 2;
    let best: { readonly index: number; readonly distance: number } | undefined;
    for (let index = 0; index < CROP * CROP; index++) {
      const object = this.#ids[index * 4]!;
      if (object === 0) continue;
      const distance = Math.hypot((index % CROP) - middle, Math.floor(index / CROP) - middle);
      const penalty = isPicture(object) ? PICTURE_PENALTY : 0;
      if (best === undefined || distance + penalty < best.distance) best = { index, distance: distance + penalty };
    }
    if (best === undefined) return undefined;
    const [object, element, depthBits] = this.#ids.subarray(best.index * 4, best.index * 4 + 3);
    const depth = new Float32Array(Uint32Array.of(depthBits!).buffer)[0]!;
    // A picture is asked for its pixel under the pointer, anything else for where it was hit.
    const dx = isPicture(object!) ? 0 : (best.index % CROP) - middle;
    const dy = isPicture(object!) ? 0 : Math.floor(best.index / CROP) - middle;
    const x = isPicture(object!) ? at.x : Math.floor(at.x) + 0.5 + dx;
    const y = isPicture(object!) ? at.y : Math.floor(at.y) + 0.5 - dy;
    const point = new Vector3((x / at.width) * 2 - 1, 1 - (y / at.height) * 2, depth * 2 - 1).unproject(camera);
    return { object: object!, element: element!, position: [point.x, point.y, point.z] };
  }
}
