/** Image bytes of every format to RGBA pixels, and the exact values behind one pixel. */
import { colormapTable } from "../../../core/index.js";
import { type ChannelDatatype, channelCount, channelReader, type ImageFormat } from "./image-format.js";
import { rgbOfPixel, yuvOfPixel } from "./yuv.js";

export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Colours of an `Image`: 8-bit RGBA, rows top to bottom. `bytes` must be as long as the format says. */
export function imageToRgba(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  const pixels = format.width * format.height;
  const out = new Uint8Array(pixels * 4);
  if (format.pixelFormat !== undefined) {
    for (let i = 0; i < pixels; i++) {
      const [r, g, b] = rgbOfPixel(bytes, format, format.pixelFormat, i % format.width, Math.floor(i / format.width));
      out[i * 4] = r;
      out[i * 4 + 1] = g;
      out[i * 4 + 2] = b;
      out[i * 4 + 3] = 255;
    }
    return out;
  }
  const channels = channelCount(format.colorModel);
  const isSwapped = format.colorModel === "BGR" || format.colorModel === "BGRA";
  const [red, green, blue] = channels === 1 ? [0, 0, 0] : isSwapped ? [2, 1, 0] : [0, 1, 2];
  const values = toBytes(bytes, format.datatype, pixels * channels);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 4) {
    out[to] = values[from + red] as number;
    out[to + 1] = values[from + green] as number;
    out[to + 2] = values[from + blue] as number;
    out[to + 3] = channels === 4 ? (values[from + 3] as number) : 255;
  }
  return out;
}

/** Channel values as bytes 0 … 255: bytes as they are, all others stretched from the range they are likely meant in. */
function toBytes(bytes: Uint8Array, datatype: ChannelDatatype, count: number): Uint8Array {
  if (datatype === "U8") return bytes;
  const read = channelReader(bytes, datatype);
  const range = guessRange(rangeOfValues(read, count), datatype);
  const scale = 255 / (range.max - range.min);
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = Math.max(0, Math.min(255, Math.round((read(i) - range.min) * scale)));
  return out;
}

/** Smallest and greatest finite value; 0 … 0 when there is none. */
export function rangeOfValues(read: (index: number) => number, count: number): ValueRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = read(i);
    if (value - value !== 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: 0, max: 0 } : { min, max };
}

/** Floats within 0 … 1 mean shares, values within 0 … 255 mean bytes, all others are stretched over their own range. */
export function guessRange({ min, max }: ValueRange, datatype: ChannelDatatype): ValueRange {
  if (datatype.startsWith("F") && min >= 0 && max <= 1) return { min: 0, max: 1 };
  if (min >= 0 && max <= 255) return { min: 0, max: 255 };
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}

/** Colours of a one-channel image by colour map over `range`. Values that are no numbers are see-through. */
export function scalarsToRgba(bytes: Uint8Array, format: ImageFormat, colormap: number, range: ValueRange): Uint8Array {
  const table = colormapTable(colormap);
  const read = channelReader(bytes, format.datatype);
  const scale = range.max > range.min ? 255 / (range.max - range.min) : 0;
  const out = new Uint8Array(format.width * format.height * 4);
  for (let i = 0; i < out.length / 4; i++) {
    const value = read(i);
    if (Number.isNaN(value)) continue;
    const index = Math.max(0, Math.min(255, Math.round((value - range.min) * scale)));
    writeColor(out, i, table[index] as number);
  }
  return out;
}

/** Colours of a segmentation image: `colorOf(classId)` for every pixel. */
export function classesToRgba(bytes: Uint8Array, format: ImageFormat, colorOf: (classId: number) => number): Uint8Array {
  const read = channelReader(bytes, format.datatype);
  const colors = new Map<number, number>();
  const out = new Uint8Array(format.width * format.height * 4);
  for (let i = 0; i < out.length / 4; i++) {
    const classId = read(i);
    let color = colors.get(classId);
    if (color === undefined) {
      color = Number.isNaN(classId) ? 0 : colorOf(classId);
      colors.set(classId, color);
    }
    writeColor(out, i, color);
  }
  return out;
}

/** The channel values of pixel (x, y) as they are in the recording; luma and chroma for such formats. */
export function valuesOfPixel(bytes: Uint8Array, format: ImageFormat, x: number, y: number): readonly number[] {
  if (!(x >= 0 && y >= 0 && x < format.width && y < format.height)) return [];
  if (format.pixelFormat?.bayer !== undefined || format.pixelFormat?.layout === "luma") return [bytes[y * format.width + x] ?? 0];
  if (format.pixelFormat !== undefined) return yuvOfPixel(bytes, format, format.pixelFormat, x, y);
  const channels = channelCount(format.colorModel);
  const read = channelReader(bytes, format.datatype);
  const first = (y * format.width + x) * channels;
  return Array.from({ length: channels }, (_, channel) => read(first + channel));
}

function writeColor(out: Uint8Array, pixel: number, color: number): void {
  out[pixel * 4] = color >>> 24;
  out[pixel * 4 + 1] = (color >>> 16) & 255;
  out[pixel * 4 + 2] = (color >>> 8) & 255;
  out[pixel * 4 + 3] = color & 255;
}
