/**
 * One WebGL context for all views of a page: browsers allow few of them. Every view is a plain canvas that gets a copy of
 * what was drawn for it. Nothing is drawn unless a view asks for a frame, and views outside of the window wait.
 */
import { LinearSRGBColorSpace, NoToneMapping, WebGLRenderer } from "three";

/** A view that wants to be drawn. */
export interface FrameClient {
  /** Whether drawing would be seen. */
  readonly isOnScreen: boolean;
  /** Draws now, in one go. */
  drawFrame(gl: SharedGl): void;
}

/** How long the context outlives its last view, for layouts that change. */
const LINGER_MS = 5000;
/** Bumped when two versions of this module on one page could no longer share a context. */
const KEY = Symbol.for("rerun-ts.viewer.gl.1");
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

export class SharedGl {
  readonly renderer: WebGLRenderer;
  readonly canvas: HTMLCanvasElement;
  /** Whether pixels are computed by the CPU: budgets are smaller then. */
  readonly isSoftware: boolean;
  /** Largest square a point can be drawn as, in pixels. */
  readonly maxPointSize: number;
  /** Frames drawn so far, over all views. */
  numFrames = 0;
  #isLost = false;
  readonly #clients = new Set<FrameClient>();
  readonly #waiting = new Set<FrameClient>();
  #frame: number | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.width = 16;
    this.canvas.height = 16;
    this.renderer = new WebGLRenderer({
      canvas: this.canvas,
      antialias: false,
      alpha: false,
      powerPreference: "high-performance",
    });
    // Shaders here write the colours that shall be seen: no conversion, no tone mapping.
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.toneMapping = NoToneMapping;
    this.renderer.autoClear = false;
    this.renderer.info.autoReset = false;
    const context = this.renderer.getContext();
    const info = context.getExtension("WEBGL_debug_renderer_info");
    const name = info === null ? "" : String(context.getParameter(info.UNMASKED_RENDERER_WEBGL));
    this.isSoftware = SOFTWARE.test(name);
    this.maxPointSize = (context.getParameter(context.ALIASED_POINT_SIZE_RANGE) as Float32Array)[1] ?? 1;
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.#isLost = true;
    });
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.#isLost = false;
      for (const client of this.#clients) this.requestFrame(client);
    });
  }

  /** Joins the views that share the context. */
  add(client: FrameClient): void {
    this.#clients.add(client);
    clearTimeout(this.#linger);
  }

  /** Leaves; when nobody is left for a while the context is given back. */
  remove(client: FrameClient): void {
    this.#clients.delete(client);
    this.#waiting.delete(client);
    if (this.#clients.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#dispose(), LINGER_MS);
  }

  /** Has the view drawn with the next frame of the browser; asking again before that changes nothing. */
  requestFrame(client: FrameClient): void {
    this.#waiting.add(client);
    this.#frame ??= requestAnimationFrame(() => this.#drawFrames());
  }

  /** The canvas in at least that size. It grows only: changing the size costs more than a frame. */
  ensureSize(width: number, height: number): void {
    if (this.canvas.width >= width && this.canvas.height >= height) return;
    this.renderer.setSize(Math.max(this.canvas.width, width), Math.max(this.canvas.height, height), false);
  }

  /** Whether drawing is possible now; a lost context comes back by itself and then draws all views. */
  get isLost(): boolean {
    return this.#isLost;
  }

  #drawFrames(): void {
    this.#frame = undefined;
    if (this.#isLost) return;
    const clients = [...this.#waiting].filter((client) => client.isOnScreen);
    for (const client of clients) {
      this.#waiting.delete(client);
      this.numFrames++;
      client.drawFrame(this);
    }
  }

  #dispose(): void {
    if (this.#clients.size > 0) return;
    if (holder()[KEY] === this) delete holder()[KEY];
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}

/** The page's context, made now if there is none. @throws when the browser has no WebGL 2 */
export function getSharedGl(): SharedGl {
  const existing = holder()[KEY];
  if (existing !== undefined) return existing;
  const made = new SharedGl();
  holder()[KEY] = made;
  return made;
}

function holder(): { [KEY]?: SharedGl } {
  return globalThis as unknown as { [KEY]?: SharedGl };
}
