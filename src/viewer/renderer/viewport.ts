/** One view's canvas: shows a scene from a camera, tells what lies under the pointer. The only door between views and WebGL. */
import { LinearFilter, OrthographicCamera, PerspectiveCamera, Scene, Vector3, Vector4, WebGLRenderTarget } from "three";
import {
  center,
  depthRangeOf,
  diagonal,
  eyeOf,
  FIELD_OF_VIEW_RAD,
  instanceOfElement,
  invertAffine,
  type OrbitCamera,
  type PanZoom,
  type SpatialScene,
  transformBounds,
  transformPoint,
  type Vec3,
  viewFromCamera,
} from "../views/spatial/index.js";
import { Backdrop } from "./backdrop.js";
import { Copier } from "./copier.js";
import { GpuScene, type Mark } from "./gpu-scene.js";
import { LOOKS } from "./look.js";
import { Picker } from "./picker.js";
import { type FrameClient, getSharedGl, type SharedGl } from "./shared-gl.js";

/** From where the scene is seen. */
export type Camera =
  | { readonly kind: "orbit"; readonly orbit: OrbitCamera }
  | { readonly kind: "pan-zoom"; readonly panZoom: PanZoom };

export interface Picked {
  readonly entityPath: string;
  readonly instance: number;
  /** Whether the instance is all there is of it: a picture, or a whole mesh. */
  readonly isWhole: boolean;
  /** In the view's space. */
  readonly position: Vec3;
  /** For pictures: column and row of the pixel. */
  readonly pixel?: readonly [number, number];
}

export interface ViewportOptions {
  readonly canvas: HTMLCanvasElement;
  readonly dimensions: 2 | 3;
  /** Called after each frame; project label positions then. */
  readonly onFrame: () => void;
}

/** Drawn elements up to which edges are smoothed by drawing four samples per pixel. */
const MAX_SMOOTH_SOFTWARE = 60_000;
const MAX_SMOOTH = 1_000_000;
const SAMPLES = 4;
/** Points a scene may hold. */
const POINT_BUDGET_SOFTWARE = 200_000;
const POINT_BUDGET = 2_000_000;

export class Viewport implements FrameClient {
  /** How many points a scene for this viewport may have. */
  readonly pointBudget: number;
  readonly #gl: SharedGl;
  readonly #options: ViewportOptions;
  readonly #scene = new Scene();
  readonly #gpu: GpuScene;
  readonly #backdrop: Backdrop;
  readonly #copier = new Copier();
  readonly #picker = new Picker();
  readonly #perspective = new PerspectiveCamera((FIELD_OF_VIEW_RAD * 180) / Math.PI);
  readonly #flat = new OrthographicCamera();
  readonly #observer: IntersectionObserver;
  #smooth: WebGLRenderTarget | undefined;
  #content: SpatialScene | undefined;
  #camera: Camera | undefined;
  #width = 0;
  #height = 0;
  #pixelRatio = 1;
  #isOnScreen = true;
  #isDisposed = false;

  /** @throws when the browser has no WebGL 2 */
  constructor(options: ViewportOptions) {
    this.#options = options;
    this.#gl = getSharedGl();
    this.#gl.add(this);
    this.pointBudget = this.#gl.isSoftware ? POINT_BUDGET_SOFTWARE : POINT_BUDGET;
    this.#scene.matrixWorldAutoUpdate = false;
    this.#gpu = new GpuScene(this.#scene, {
      dimensions: options.dimensions,
      maxPointSize: this.#gl.maxPointSize,
      isSoftware: this.#gl.isSoftware,
    });
    this.#backdrop = new Backdrop(options.dimensions);
    this.#scene.add(...this.#backdrop.objects);
    for (const camera of [this.#perspective, this.#flat]) {
      camera.matrixAutoUpdate = false;
      camera.matrixWorldAutoUpdate = false;
    }
    this.#observer = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.some((entry) => entry.isIntersecting);
      if (this.#isOnScreen) this.requestFrame();
    });
    this.#observer.observe(options.canvas);
    this.setTheme("light");
  }

  get isOnScreen(): boolean {
    return this.#isOnScreen && !this.#isDisposed;
  }

  /** Objects uploaded to the GPU so far. */
  get numUploads(): number {
    return this.#gpu.numUploads;
  }

  /** The same scene again costs nothing. */
  setScene(scene: SpatialScene): void {
    if (scene === this.#content) return;
    this.#content = scene;
    this.#gpu.setObjects(scene.objects);
    this.requestFrame();
  }

  setCamera(camera: Camera): void {
    this.#camera = camera;
    this.requestFrame();
  }

  setTheme(theme: "light" | "dark"): void {
    const look = LOOKS[theme];
    this.#backdrop.setLook(look, this.#options.dimensions);
    this.#gpu.frame.uHoverColor.value = new Vector4(...look.hover, 0.35);
    this.#gpu.frame.uSelectColor.value = new Vector4(...look.accent, 0.75);
    this.requestFrame();
  }

  setMarks(hovered: Mark | undefined, selected: readonly Mark[]): void {
    if (this.#gpu.setMarks(hovered, selected)) this.requestFrame();
  }

  /** CSS pixels, and device pixels per CSS pixel. */
  setSize(width: number, height: number, devicePixelRatio: number): void {
    // A software rasterizer has no time for more pixels than the page has.
    const pixelRatio = this.#gl.isSoftware ? Math.min(1, devicePixelRatio) : devicePixelRatio;
    const [w, h] = [Math.max(1, Math.round(width * pixelRatio)), Math.max(1, Math.round(height * pixelRatio))];
    if (w === this.#width && h === this.#height && pixelRatio === this.#pixelRatio) return;
    this.#width = w;
    this.#height = h;
    this.#pixelRatio = pixelRatio;
    this.requestFrame();
  }

  requestFrame(): void {
    if (!this.#isDisposed) this.#gl.requestFrame(this);
  }

  drawFrame(gl: SharedGl): void {
    if (this.#isDisposed || this.#content === undefined || this.#camera === undefined || this.#width < 2 || this.#height < 2)
      return;
    const { canvas } = this.#options;
    if (canvas.width !== this.#width || canvas.height !== this.#height) {
      canvas.width = this.#width;
      canvas.height = this.#height;
    }
    const camera = this.#placeCamera(this.#width, this.#height);
    this.#prepare(camera);
    this.#gpu.useMaterials("draw");
    for (const object of this.#backdrop.objects) object.visible = true;
    const isSmooth = this.#options.dimensions === 3 && this.#numElements() <= (gl.isSoftware ? MAX_SMOOTH_SOFTWARE : MAX_SMOOTH);
    this.#gpu.frame.uSmooth.value = isSmooth || this.#options.dimensions === 2 ? 1 : 0;
    gl.ensureSize(this.#width, this.#height);
    if (isSmooth) this.#drawSmooth(gl, camera);
    else this.#drawPlain(gl, camera);
    const context = canvas.getContext("2d", { alpha: false });
    context?.drawImage(gl.canvas, 0, gl.canvas.height - this.#height, this.#width, this.#height, 0, 0, this.#width, this.#height);
    this.#options.onFrame();
  }

  /** What lies at a place in CSS pixels from the upper left corner; nothing while the context is lost. */
  pick(x: number, y: number): Picked | undefined {
    if (this.#content === undefined || this.#camera === undefined || this.#gl.isLost || this.#isDisposed || this.#width < 2)
      return undefined;
    const camera = this.#placeCamera(this.#width, this.#height);
    this.#prepare(camera);
    this.#gpu.useMaterials("pick");
    for (const object of this.#backdrop.objects) object.visible = false;
    this.#gpu.frame.uViewport.value.set(this.#picker.drawnSize, this.#picker.drawnSize);
    const at = { x: x * this.#pixelRatio, y: y * this.#pixelRatio, width: this.#width, height: this.#height };
    const hit = this.#picker.pick(this.#gl, this.#scene, camera, at, (id) => this.#objectOf(id)?.geometry.kind === "image");
    const object = hit === undefined ? undefined : this.#objectOf(hit.object);
    if (hit === undefined || object === undefined) return undefined;
    return {
      entityPath: object.entityPath,
      instance: instanceOfElement(object, hit.element),
      isWhole: object.geometry.kind === "image" || (object.geometry.kind === "mesh" && object.instance === 0),
      position: hit.position,
      ...(object.geometry.kind === "image" ? pixelAt(object, hit.position) : {}),
    };
  }

  /** Place on the canvas in CSS pixels; `undefined` behind the camera. */
  project(position: Vec3): readonly [number, number] | undefined {
    const camera = this.#options.dimensions === 3 ? this.#perspective : this.#flat;
    const point = new Vector3(...position).applyMatrix4(camera.matrixWorldInverse);
    if (this.#options.dimensions === 3 && point.z >= 0) return undefined;
    point.applyMatrix4(camera.projectionMatrix);
    return [((point.x + 1) / 2) * (this.#width / this.#pixelRatio), ((1 - point.y) / 2) * (this.#height / this.#pixelRatio)];
  }

  /** Frees everything this view has on the GPU. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#observer.disconnect();
    this.#gpu.dispose();
    this.#backdrop.dispose();
    this.#copier.dispose();
    this.#picker.dispose();
    this.#smooth?.dispose();
    this.#gl.remove(this);
  }

  #objectOf(id: number): SpatialScene["objects"][number] | undefined {
    return this.#gpu.objects[id - 1]?.sceneObject;
  }

  #numElements(): number {
    return this.#gpu.objects.reduce((sum, { sceneObject }) => sum + sceneObject.geometry.count, 0);
  }

  #drawPlain(gl: SharedGl, camera: PerspectiveCamera | OrthographicCamera): void {
    gl.renderer.setRenderTarget(null);
    gl.renderer.setViewport(0, 0, this.#width, this.#height);
    gl.renderer.setClearColor(0, 1);
    gl.renderer.clear();
    gl.renderer.render(this.#scene, camera);
  }

  #drawSmooth(gl: SharedGl, camera: PerspectiveCamera | OrthographicCamera): void {
    this.#smooth ??= new WebGLRenderTarget(this.#width, this.#height, {
      samples: SAMPLES,
      generateMipmaps: false,
      minFilter: LinearFilter,
    });
    this.#smooth.setSize(this.#width, this.#height);
    gl.renderer.setRenderTarget(this.#smooth);
    gl.renderer.setClearColor(0, 1);
    gl.renderer.clear();
    gl.renderer.render(this.#scene, camera);
    gl.renderer.setRenderTarget(null);
    gl.renderer.setViewport(0, 0, this.#width, this.#height);
    this.#copier.copy(gl.renderer, this.#smooth.texture);
  }

  #placeCamera(width: number, height: number): PerspectiveCamera | OrthographicCamera {
    if (this.#camera?.kind === "pan-zoom") {
      const { centerX, centerY, scale } = this.#camera.panZoom;
      const [halfX, halfY] = [width / this.#pixelRatio / scale / 2, height / this.#pixelRatio / scale / 2];
      Object.assign(this.#flat, {
        left: centerX - halfX,
        right: centerX + halfX,
        top: centerY - halfY,
        bottom: centerY + halfY,
        near: -1e5,
        far: 1e5,
      });
      this.#flat.updateProjectionMatrix();
      return this.#flat;
    }
    const orbit = this.#camera?.orbit;
    if (orbit !== undefined && this.#content !== undefined) {
      const [near, far] = depthRangeOf(orbit, this.#content.bounds);
      this.#perspective.aspect = width / height;
      this.#perspective.near = near;
      this.#perspective.far = far;
      this.#perspective.matrixWorld.fromArray(viewFromCamera(orbit));
      this.#perspective.matrixWorldInverse.copy(this.#perspective.matrixWorld).invert();
      this.#perspective.updateProjectionMatrix();
      this.#backdrop.placeGrid(orbit, this.#content.up);
    }
    return this.#perspective;
  }

  #prepare(camera: PerspectiveCamera | OrthographicCamera): void {
    const { frame } = this.#gpu;
    const pixelsPerUnit = (camera.projectionMatrix.elements[5]! * this.#height) / 2;
    frame.uViewport.value.set(this.#width, this.#height);
    frame.uUiScale.value = this.#pixelRatio;
    frame.uPixelsPerUnit.value = Math.abs(pixelsPerUnit);
    frame.uNear.value = camera.near;
    const eye = this.#camera?.kind === "orbit" ? eyeOf(this.#camera.orbit) : undefined;
    for (const { sceneObject, gpu } of this.#gpu.objects) {
      if (gpu.prepare === undefined) continue;
      let distance = 1;
      if (eye !== undefined) {
        const bounds = transformBounds(sceneObject.geometry.bounds, sceneObject.viewFromEntity);
        const middle = center(bounds);
        const away = Math.hypot(middle[0] - eye[0], middle[1] - eye[1], middle[2] - eye[2]);
        distance = Math.max(camera.near, away - diagonal(bounds) / 2);
      }
      const modelScale = gpu.uniforms.uModelScale.value;
      gpu.prepare({ pixelsPerUnit: frame.uPixelsPerUnit.value, distance, modelScale, uiScale: this.#pixelRatio });
    }
  }
}

function pixelAt(object: SpatialScene["objects"][number], position: Vec3): Pick<Picked, "pixel"> {
  const entityFromView = invertAffine(object.viewFromEntity);
  if (entityFromView === undefined) return {};
  const [x, y] = transformPoint(entityFromView, position);
  return { pixel: [Math.floor(x), Math.floor(y)] };
}
