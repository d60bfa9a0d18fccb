/** Luma and chroma, and raw sensor mosaics, to RGB: one pixel at a time, so that a tooltip and a texture agree. */
import type { ImageFormat, PixelFormat } from "./image-format.js";

/** Red, green, blue of pixel (x, y) as bytes, of an image in a `pixelFormat`. */
export function rgbOfPixel(
  bytes: Uint8Array,
  format: ImageFormat,
  pixels: PixelFormat,
  x: number,
  y: number,
): readonly [number, number, number] {
  if (pixels.bayer !== undefined) return demosaic(bytes, format, pixels.bayer, x, y);
  const [luma, u, v] = yuvOfPixel(bytes, format, pixels, x, y);
  return rgbFromYuv(luma, u, v, pixels);
}

/** Luma and the two chroma bytes as they lie in the buffer. */
export function yuvOfPixel(
  bytes: Uint8Array,
  format: ImageFormat,
  pixels: PixelFormat,
  x: number,
  y: number,
): readonly [number, number, number] {
  const { width, height } = format;
  const plane = width * height;
  const luma = y * width + x;
  const at = (index: number): number => bytes[index] ?? 0;
  switch (pixels.layout) {
    case "planar444":
      return [at(luma), at(luma + plane), at(luma + plane * 2)];
    case "planar422": {
      const chroma = Math.floor(luma / 2);
      const chromaPlane = Math.floor(plane / 2);
      return [at(luma), at(plane + chroma), at(plane + chromaPlane + chroma)];
    }
    case "planar420": {
      const chroma = Math.floor(y / 2) * Math.floor(width / 2) + Math.min(Math.floor(x / 2), Math.floor(width / 2) - 1);
      const chromaPlane = Math.floor(plane / 4);
      return [at(luma), at(plane + chroma), at(plane + chromaPlane + chroma)];
    }
    case "nv12": {
      const chroma = plane + Math.floor(y / 2) * width + (x & ~1);
      return [at(luma), at(chroma), at(chroma + 1)];
    }
    case "yuy2": {
      const pair = (luma & ~1) * 2;
      return [at(luma * 2), at(pair + 1), at(pair + 3)];
    }
    default:
      return [at(luma), 128, 128];
  }
}

function rgbFromYuv(luma: number, u: number, v: number, { isLimited, matrix }: PixelFormat): readonly [number, number, number] {
  const y = isLimited ? (luma - 16) / 219 : luma / 255;
  const cb = (u - 128) / (isLimited ? 224 : 255);
  const cr = (v - 128) / (isLimited ? 224 : 255);
  const [red, blue] = matrix === "bt601" ? [0.299, 0.114] : [0.2126, 0.0722];
  const green = 1 - red - blue;
  const r = y + 2 * (1 - red) * cr;
  const b = y + 2 * (1 - blue) * cb;
  return [byte(r), byte((y - red * r - blue * b) / green), byte(b)];
}

function byte(share: number): number {
  return Math.max(0, Math.min(255, Math.round(share * 255)));
}

/** Bilinear: a channel the pixel did not measure is the mean of the neighbours (within one pixel) that did. */
function demosaic(
  bytes: Uint8Array,
  format: ImageFormat,
  tile: readonly number[],
  x: number,
  y: number,
): readonly [number, number, number] {
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  const own = tile[(y & 1) * 2 + (x & 1)] as number;
  for (let py = Math.max(0, y - 1); py <= Math.min(format.height - 1, y + 1); py++) {
    for (let px = Math.max(0, x - 1); px <= Math.min(format.width - 1, x + 1); px++) {
      const channel = tile[(py & 1) * 2 + (px & 1)] as number;
      if (channel === own && (px !== x || py !== y)) continue;
      sums[channel] = (sums[channel] as number) + (bytes[py * format.width + px] ?? 0);
      counts[channel] = (counts[channel] as number) + 1;
    }
  }
  const mean = (channel: number): number => Math.round((sums[channel] as number) / Math.max(1, counts[channel] as number));
  return [mean(0), mean(1), mean(2)];
}
