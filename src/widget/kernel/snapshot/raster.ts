/** A small depth-buffered rasterizer for the 3D part of the picture. */
import type { Pixels } from "./png.js";
import type { Rgba } from "./values.js";

/** Screen x, y in pixels and depth, smaller = nearer. */
export type ScreenPoint = readonly [x: number, y: number, depth: number];

/** Pictures are drawn at twice their size and averaged: smooth edges. */
const OVERSAMPLING = 2;

export class Raster {
  readonly width: number;
  readonly height: number;
  readonly #w: number;
  readonly #h: number;
  /** Red, green, blue in the lowest bytes. */
  readonly #color: Uint32Array;
  readonly #depth: Float32Array;
  /** First and last column of each row that was drawn on; the last is smaller when there is none. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** One pixel of the picture. */
  readonly #background: Uint8Array;

  constructor(width: number, height: number, background: Rgba) {
    this.width = width;
    this.height = height;
    this.#w = width * OVERSAMPLING;
    this.#h = height * OVERSAMPLING;
    this.#color = new Uint32Array(this.#w * this.#h).fill(pack(background, 1));
    this.#depth = new Float32Array(this.#w * this.#h).fill(Number.POSITIVE_INFINITY);
    this.#left = new Int32Array(this.#h).fill(this.#w);
    this.#right = new Int32Array(this.#h).fill(-1);
    const [red, green, blue] = background;
    this.#background = Uint8Array.from([FIVE_BITS[red] ?? 0, FIVE_BITS[green] ?? 0, FIVE_BITS[blue] ?? 0, 255]);
  }

  /** A ball of `radius` pixels, darker towards its edge. */
  point([x, y, depth]: ScreenPoint, radius: number, color: Rgba): void {
    const cx = x * OVERSAMPLING;
    const cy = y * OVERSAMPLING;
    const r = Math.min(MAX_RADIUS, Math.max(1, radius * OVERSAMPLING));
    for (let py = Math.ceil(cy - r); py <= cy + r; py++) {
      for (let px = Math.ceil(cx - r); px <= cx + r; px++) {
        const part = ((px - cx) ** 2 + (py - cy) ** 2) / (r * r);
        if (part <= 1) this.#set(px, py, depth, pack(color, 1 - EDGE_SHADE * part * part));
      }
    }
  }

  line(a: ScreenPoint, b: ScreenPoint, color: Rgba): void {
    const steps = Math.ceil(Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])) * OVERSAMPLING);
    if (!(steps <= MAX_STEPS)) return;
    const packed = pack(color, 1);
    for (let i = 0; i <= steps; i++) {
      const t = steps === 0 ? 0 : i / steps;
      const x = Math.round((a[0] + (b[0] - a[0]) * t) * OVERSAMPLING);
      const y = Math.round((a[1] + (b[1] - a[1]) * t) * OVERSAMPLING);
      const depth = a[2] + (b[2] - a[2]) * t;
      this.#set(x, y, depth, packed);
      this.#set(x + 1, y + 1, depth, packed);
    }
  }

  triangle(a: ScreenPoint, b: ScreenPoint, c: ScreenPoint, color: Rgba): void {
    const [ax, ay, bx, by, cx, cy] = [a[0], a[1], b[0], b[1], c[0], c[1]].map((v) => v * OVERSAMPLING) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (!(Math.abs(area) > 1e-9)) return;
    const packed = pack(color, 1);
    const left = Math.max(0, Math.floor(Math.min(ax, bx, cx)));
    const right = Math.min(this.#w - 1, Math.ceil(Math.max(ax, bx, cx)));
    const top = Math.max(0, Math.floor(Math.min(ay, by, cy)));
    const bottom = Math.min(this.#h - 1, Math.ceil(Math.max(ay, by, cy)));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area;
        const v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area;
        const w = 1 - u - v;
        if (u >= -1e-6 && v >= -1e-6 && w >= -1e-6) this.#set(x, y, u * a[2] + v * b[2] + w * c[2], packed);
      }
    }
  }

  /**
   * The picture, with five bits a channel: the eye does not see it, and the file is half as large. Only what was drawn on is
   * looked at pixel by pixel: the rest is background, and this runs once, before its code is compiled.
   */
  pixels(): Pixels {
    const rgba = new Uint8Array(Buffer.alloc(this.width * this.height * 4, this.#background));
    for (let y = 0; y < this.height; y++) {
      const [above, below] = [y * OVERSAMPLING, y * OVERSAMPLING + 1];
      const left = Math.floor(Math.min(this.#left[above] ?? 0, this.#left[below] ?? 0) / OVERSAMPLING);
      const right = Math.floor(Math.max(this.#right[above] ?? 0, this.#right[below] ?? 0) / OVERSAMPLING);
      for (let x = left; x <= right; x++) this.#average(x, y, rgba);
    }
    return { width: this.width, height: this.height, rgba };
  }

  #average(x: number, y: number, rgba: Uint8Array): void {
    const color = this.#color;
    const above = y * OVERSAMPLING * this.#w + x * OVERSAMPLING;
    const below = above + this.#w;
    const a = color[above] ?? 0;
    const b = color[above + 1] ?? 0;
    const c = color[below] ?? 0;
    const d = color[below + 1] ?? 0;
    const at = (y * this.width + x) * 4;
    for (let channel = 0; channel < 3; channel++) {
      const shift = channel * 8;
      const sum = ((a >>> shift) & 255) + ((b >>> shift) & 255) + ((c >>> shift) & 255) + ((d >>> shift) & 255);
      rgba[at + channel] = FIVE_BITS[sum >>> 2] ?? 0;
    }
  }

  #set(x: number, y: number, depth: number, color: number): void {
    if (x < 0 || y < 0 || x >= this.#w || y >= this.#h) return;
    const at = y * this.#w + x;
    if (!(depth <= (this.#depth[at] ?? 0))) return;
    this.#depth[at] = depth;
    this.#color[at] = color;
    if (x < (this.#left[y] ?? 0)) this.#left[y] = x;
    if (x > (this.#right[y] ?? 0)) this.#right[y] = x;
  }
}

const MAX_STEPS = 20_000;
const MAX_RADIUS = 200;
/** How much darker the edge of a ball is than its middle. */
const EDGE_SHADE = 0.35;
const FIVE_BITS: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) =>
  Math.round(Math.round((value * 31) / 255) * (255 / 31)),
);

function pack([r, g, b]: Rgba, brightness: number): number {
  return (r * brightness) | ((g * brightness) << 8) | ((b * brightness) << 16);
}
