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

  constructor(width: number, height: number, background: Rgba) {
    this.width = width;
    this.height = height;
    this.#w = width * OVERSAMPLING;
    this.#h = height * OVERSAMPLING;
    this.#color = new Uint32Array(this.#w * this.#h).fill(pack(background, 1));
    this.#depth = new Float32Array(this.#w * this.#h).fill(Number.POSITIVE_INFINITY);
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

  /** The picture, with five bits a channel: the eye does not see it, and the file is half as large. */
  pixels(): Pixels {
    const rgba = new Uint8Array(this.width * this.height * 4);
    const color = this.#color;
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const above = y * OVERSAMPLING * this.#w + x * OVERSAMPLING;
        const below = above + this.#w;
        const [a = 0, b = 0, c = 0, d = 0] = [color[above], color[above + 1], color[below], color[below + 1]];
        const at = (y * this.width + x) * 4;
        for (let shift = 0; shift < 24; shift += 8) {
          const sum = ((a >>> shift) & 255) + ((b >>> shift) & 255) + ((c >>> shift) & 255) + ((d >>> shift) & 255);
          rgba[at + shift / 8] = FIVE_BITS[sum >>> 2] ?? 0;
        }
        rgba[at + 3] = 255;
      }
    }
    return { width: this.width, height: this.height, rgba };
  }

  #set(x: number, y: number, depth: number, color: number): void {
    if (x < 0 || y < 0 || x >= this.#w || y >= this.#h) return;
    const at = y * this.#w + x;
    if (!(depth <= (this.#depth[at] ?? 0))) return;
    this.#depth[at] = depth;
    this.#color[at] = color;
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
