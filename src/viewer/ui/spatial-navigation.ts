/** Where a spatial view looks from: fits the data at first, then follows the user and nothing else. */

import type { Camera } from "../renderer/index.js";
import {
  type Bounds,
  EMPTY_BOUNDS,
  fitBounds,
  focusOn,
  isEmpty,
  orbitAround,
  panBy,
  panned,
  rolled,
  rotated,
  type SpatialScene,
  transformBounds,
  union,
  type ViewSize,
  zoomAt,
  zoomed,
} from "../views/spatial/index.js";

const RADIANS_PER_PIXEL = 0.006;

export class SpatialNavigation {
  #camera: Camera | undefined;
  #scene: SpatialScene | undefined;
  #size: ViewSize = { width: 0, height: 0 };
  /** What the camera was last made to show whole. */
  #fitted: Bounds = EMPTY_BOUNDS;
  /** Until the user moves the camera or the data are complete, it follows what there is to see. */
  #isFree = true;
  /** Whether a scene was seen with all its data: from then on new data do not move the camera. */
  #isSettled = false;

  /** `undefined` until there is something to see and a size to see it in. */
  get camera(): Camera | undefined {
    return this.#camera;
  }

  /** A view that the user has not moved shows in its new size what it showed before. */
  setSize(size: ViewSize): void {
    const isSame = size.width === this.#size.width && size.height === this.#size.height;
    this.#size = size;
    if (isSame) return;
    if (this.#camera === undefined) this.reset();
    else if (this.#isFree) this.#fit(this.#fitted);
  }

  /** @param isComplete whether no data of this scene are still on their way */
  setScene(scene: SpatialScene, isComplete: boolean): void {
    const hadData = this.#scene?.hasData === true && !isEmpty(this.#scene.bounds);
    this.#scene = scene;
    if (this.#camera === undefined || !hadData || (this.#isFree && !this.#isSettled)) this.reset();
    if (isComplete && scene.hasData) this.#isSettled = true;
  }

  /** Looks at everything, as at first. */
  reset(): void {
    if (this.#scene !== undefined) this.#fit(this.#scene.bounds);
  }

  /** Looks at the entity and what is below it. Returns whether there is any. */
  focus(isFocused: (entityPath: string) => boolean): boolean {
    const objects = this.#scene?.objects.filter((object) => isFocused(object.entityPath)) ?? [];
    const bounds = objects.reduce<Bounds>(
      (all, object) => union(all, transformBounds(object.geometry.bounds, object.viewFromEntity)),
      EMPTY_BOUNDS,
    );
    if (isEmpty(bounds) || this.#camera === undefined) return false;
    this.#isFree = false;
    const aspect = this.#size.width / Math.max(1, this.#size.height);
    this.#camera =
      this.#camera.kind === "orbit"
        ? { kind: "orbit", orbit: focusOn(this.#camera.orbit, bounds, aspect) }
        : { kind: "pan-zoom", panZoom: fitBounds(bounds, this.#size) };
    return true;
  }

  drag(kind: "turn" | "move" | "roll", dx: number, dy: number): void {
    if (this.#camera === undefined) return;
    this.#isFree = false;
    if (this.#camera.kind === "pan-zoom") {
      this.#camera = { kind: "pan-zoom", panZoom: panBy(this.#camera.panZoom, dx, dy) };
      return;
    }
    const { orbit } = this.#camera;
    const moved =
      kind === "turn"
        ? rotated(orbit, dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL)
        : kind === "move"
          ? panned(orbit, dx, dy, this.#size.height)
          : rolled(orbit, dx * RADIANS_PER_PIXEL);
    this.#camera = { kind: "orbit", orbit: moved };
  }

  zoom(factor: number, x: number, y: number): void {
    if (this.#camera === undefined) return;
    this.#isFree = false;
    const { width, height } = this.#size;
    this.#camera =
      this.#camera.kind === "pan-zoom"
        ? { kind: "pan-zoom", panZoom: zoomAt(this.#camera.panZoom, factor, x - width / 2, y - height / 2) }
        : {
            kind: "orbit",
            orbit: zoomed(this.#camera.orbit, 1 / factor, (x / width) * 2 - 1, 1 - (y / height) * 2, width / height),
          };
  }

  #fit(bounds: Bounds): void {
    const scene = this.#scene;
    if (scene === undefined || this.#size.width < 2 || this.#size.height < 2) return;
    this.#isFree = true;
    this.#fitted = bounds;
    const aspect = this.#size.width / this.#size.height;
    this.#camera =
      scene.dimensions === 3
        ? { kind: "orbit", orbit: orbitAround(bounds, scene.up, scene.forward, aspect) }
        : { kind: "pan-zoom", panZoom: fitBounds(bounds, this.#size) };
  }
}
