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
  readonly #color: Uint8Array;
  readonly #depth: Float32Array;

  constructor(width: number, height: number, background: Rgba) {
    this.width = width;
    this.height = height;
    this.#w = width * OVERSAMPLING;
    this.#h = height * OVERSAMPLING;
    this.#color = new Uint8Array(this.#w * this.#h * 4);
    this.#depth = new Float32Array(this.#w * this.#h).fill(Number.POSITIVE_INFINITY);
    for (let at = 0; at < this.#color.length; at += 4) this.#color.set(background, at);
  }

  /** A disc of `radius` pixels. */
  point([x, y, depth]: ScreenPoint, radius: number, color: Rgba): void {
    const cx = x * OVERSAMPLING;
    const cy = y * OVERSAMPLING;
    const r = Math.max(1, radius * OVERSAMPLING);
    for (let py = Math.ceil(cy - r); py <= cy + r; py++) {
      for (let px = Math.ceil(cx - r); px <= cx + r; px++) {
        if ((px - cx) ** 2 + (py - cy) ** 2 <= r * r) this.#set(px, py, depth, color);
      }
    }
  }

  line(a: ScreenPoint, b: ScreenPoint, color: Rgba): void {
    const steps = Math.ceil(Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])) * OVERSAMPLING);
    if (!(steps <= MAX_STEPS)) return;
    for (let i = 0; i <= steps; i++) {
      const t = steps === 0 ? 0 : i / steps;
      const x = Math.round((a[0] + (b[0] - a[0]) * t) * OVERSAMPLING);
      const y = Math.round((a[1] + (b[1] - a[1]) * t) * OVERSAMPLING);
      const depth = a[2] + (b[2] - a[2]) * t;
      this.#set(x, y, depth, color);
      this.#set(x + 1, y + 1, depth, color);
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
    const left = Math.max(0, Math.floor(Math.min(ax, bx, cx)));
    const right = Math.min(this.#w - 1, Math.ceil(Math.max(ax, bx, cx)));
    const top = Math.max(0, Math.floor(Math.min(ay, by, cy)));
    const bottom = Math.min(this.#h - 1, Math.ceil(Math.max(ay, by, cy)));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area;
        const v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area;
        const w = 1 - u - v;
        if (u >= -1e-6 && v >= -1e-6 && w >= -1e-6) this.#set(x, y, u * a[2] + v * b[2] + w * c[2], color);
      }
    }
  }

  /** The picture, with five bits a channel: the eye does not see it, and the file is half as large. */
  pixels(): Pixels {
    const rgba = new Uint8Array(this.width * this.height * 4).fill(255);
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let dy = 0; dy < OVERSAMPLING; dy++) {
            for (let dx = 0; dx < OVERSAMPLING; dx++) {
              sum += this.#color[((y * OVERSAMPLING + dy) * this.#w + x * OVERSAMPLING + dx) * 4 + c] ?? 0;
            }
          }
          const bits = Math.round((sum / OVERSAMPLING ** 2) * (31 / 255));
          rgba[(y * this.width + x) * 4 + c] = Math.round(bits * (255 / 31));
        }
      }
    }
    return { width: this.width, height: this.height, rgba };
  }

  #set(x: number, y: number, depth: number, color: Rgba): void {
    if (x < 0 || y < 0 || x >= this.#w || y >= this.#h) return;
    const at = y * this.#w + x;
    if (!(depth <= (this.#depth[at] ?? 0))) return;
    this.#depth[at] = depth;
    this.#color.set(color, at * 4);
  }
}

const MAX_STEPS = 20_000;
