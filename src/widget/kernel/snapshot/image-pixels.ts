/** Thumbnails of logged images. */
import { COLORMAP_TURBO, classColor, colormapTable, halfToNumber, unpackColor, valueAt } from "../../../core/index.js";
import type { Pixels } from "./png.js";
import { decodePng } from "./png.js";
import type { Cell, SnapshotSource } from "./source.js";
import { numbersOf } from "./values.js";

/** What can be shown of an image entity. */
export interface Thumbnail {
  /** Size of the image itself. */
  readonly width: number;
  readonly height: number;
  /** Reduced pixels; absent when the format needs a decoder that is not here. */
  readonly pixels?: Pixels;
  /** The file itself, when it may be embedded and a browser can read it. */
  readonly file?: { readonly mediaType: string; readonly bytes: Uint8Array };
}

interface Format {
  readonly width: number;
  readonly height: number;
  readonly colorModel: number;
  readonly datatype: number;
  readonly pixelFormat: number | undefined;
}

/** Archetypes with an image, in the order in which one is preferred when an entity has several. */
const IMAGES = ["Image", "DepthImage", "SegmentationImage"] as const;
type ImageKind = (typeof IMAGES)[number];

/** Files that need a browser's decoder are put into the picture as they are, up to this size altogether. */
const MAX_FILE_BYTES = 96 * 1024;

export function imageEntities(source: SnapshotSource): string[] {
  const found = new Set([...IMAGES.map((kind) => `${kind}:buffer`), "EncodedImage:blob"].flatMap((c) => source.entitiesWith(c)));
  return source.entities().filter((path) => found.has(path));
}

/** The entities whose files fit into the picture, the first ones first. */
export function embeddedFiles(source: SnapshotSource): ReadonlySet<string> {
  let left = MAX_FILE_BYTES;
  const fitting = source.entitiesWith("EncodedImage:blob").filter((path) => {
    const file = bytesOf(source.latest(path, "EncodedImage:blob"));
    if (file === undefined || file.length > left || jpegSize(file) === undefined) return false;
    left -= file.length;
    return true;
  });
  return new Set(fitting);
}

/** @param isEmbedded whether a file that cannot be decoded here may be given whole */
export function thumbnail(
  source: SnapshotSource,
  entityPath: string,
  maxWidth: number,
  maxHeight: number,
  isEmbedded: boolean,
): Thumbnail | undefined {
  for (const kind of IMAGES) {
    const buffer = bytesOf(source.latest(entityPath, `${kind}:buffer`));
    const format = readFormat(source.latest(entityPath, `${kind}:format`));
    if (buffer === undefined || format === undefined) continue;
    const { width, height } = format;
    const read = pixelReader(kind, format, buffer, depthLook(source, entityPath));
    return read === undefined ? { width, height } : { width, height, pixels: reduce(width, height, maxWidth, maxHeight, read) };
  }
  const file = bytesOf(source.latest(entityPath, "EncodedImage:blob"));
  return file === undefined ? undefined : encodedThumbnail(file, maxWidth, maxHeight, isEmbedded);
}

function encodedThumbnail(file: Uint8Array, maxWidth: number, maxHeight: number, isEmbedded: boolean): Thumbnail | undefined {
  const decoded = decodePng(file);
  if (decoded !== undefined) {
    const { width, height, rgba } = decoded;
    const read = (x: number, y: number) => rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4);
    return { width, height, pixels: reduce(width, height, maxWidth, maxHeight, read) };
  }
  const size = jpegSize(file);
  if (size === undefined) return undefined;
  return isEmbedded ? { ...size, file: { mediaType: "image/jpeg", bytes: file } } : size;
}

/** Width and height of a JPEG file, from its frame header. */
export function jpegSize(file: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  if (file[0] !== 0xff || file[1] !== 0xd8) return undefined;
  for (let at = 2; at + 9 < file.length; ) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1] ?? 0;
    const u16 = (i: number) => (file[at + i] ?? 0) * 256 + (file[at + i + 1] ?? 0);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: u16(7), height: u16(5) };
    at += 2 + u16(2);
  }
  return undefined;
}

function bytesOf(cell: Cell | undefined): Uint8Array | undefined {
  if (cell === undefined || cell.start >= cell.end) return undefined;
  const { offsets, children, values } = cell.values;
  const [from = 0, to = 0] = [offsets?.[cell.start], offsets?.[cell.start + 1]];
  const all = values ?? children?.[0]?.values;
  return all instanceof Uint8Array ? all.subarray(from, to) : undefined;
}

function readFormat(cell: Cell | undefined): Format | undefined {
  if (cell === undefined || cell.start >= cell.end) return undefined;
  const value = valueAt(cell.values, cell.start) as Record<string, unknown> | null;
  const number = (name: string) => (typeof value?.[name] === "number" ? (value[name] as number) : undefined);
  const [width = 0, height = 0] = [number("width"), number("height")];
  if (width <= 0 || height <= 0) return undefined;
  const colorModel = number("color_model") ?? COLOR_L;
  return { width, height, colorModel, datatype: number("channel_datatype") ?? U8, pixelFormat: number("pixel_format") };
}

/** How depths become colours. */
interface DepthLook {
  readonly colors: Uint32Array;
  readonly range: readonly [number, number] | undefined;
}

function depthLook(source: SnapshotSource, entityPath: string): DepthLook {
  const [colormap = COLORMAP_TURBO] = numbersOf(source.latest(entityPath, "DepthImage:colormap"), 1);
  const [low = Number.NaN, high = Number.NaN] = numbersOf(source.latest(entityPath, "DepthImage:depth_range"), 2);
  const isLogged = Number.isFinite(low) && Number.isFinite(high);
  return { colors: colormapTable(colormap), range: isLogged ? [low, high] : undefined };
}

type ReadPixel = (x: number, y: number) => ArrayLike<number>;

function pixelReader(kind: ImageKind, format: Format, buffer: Uint8Array, look: DepthLook): ReadPixel | undefined {
  const { width, height, colorModel } = format;
  if (format.pixelFormat !== undefined) {
    if (!LUMA_FIRST.has(format.pixelFormat) || buffer.length < width * height) return undefined;
    return (x, y) => grey(buffer[y * width + x] ?? 0); // brightness alone: enough for a thumbnail
  }
  const channels = kind === "Image" ? (CHANNELS[colorModel] ?? 1) : 1;
  const read = valueReader(buffer, format.datatype, width * height * channels);
  if (read === undefined) return undefined;
  if (kind === "SegmentationImage") return (x, y) => unpackColor(classColor(read(y * width + x)));
  if (kind === "DepthImage") {
    const [least, high] = look.range ?? rangeOf(read, width * height);
    const low = look.range === undefined ? Math.min(0, least) : least;
    const scale = high > low ? 255 / (high - low) : 0;
    return (x, y) => {
      const value = read(y * width + x);
      if (Number.isNaN(value)) return TRANSPARENT;
      return unpackColor(look.colors[Math.max(0, Math.min(255, Math.round((value - low) * scale)))] ?? 0);
    };
  }
  const [low, high] = format.datatype === U8 ? [0, 255] : rangeOf(read, width * height * channels);
  const scale = 255 / (high - low || 1);
  const at = (x: number, y: number, c: number) => (read((y * width + x) * channels + c) - low) * scale;
  if (channels === 1) return (x, y) => grey(at(x, y, 0));
  const order = colorModel === COLOR_BGR || colorModel === COLOR_BGRA ? [2, 1, 0] : [0, 1, 2];
  return (x, y) => [...order.map((c) => at(x, y, c)), channels === 4 ? at(x, y, 3) : 255];
}

function grey(value: number): readonly number[] {
  return [value, value, value, 255];
}

function rangeOf(read: (index: number) => number, count: number): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const step = Math.ceil(count / 100_000);
  for (let i = 0; i < count; i += step) {
    const value = read(i);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The average of the pixels behind each pixel of the thumbnail (of four of them, to be quick). */
function reduce(width: number, height: number, maxWidth: number, maxHeight: number, read: ReadPixel): Pixels {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const rgba = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (const [dx, dy] of SAMPLES) {
          const sx = Math.min(width - 1, Math.floor(((x + dx) / w) * width));
          const sy = Math.min(height - 1, Math.floor(((y + dy) / h) * height));
          sum += read(sx, sy)[c] ?? 255;
        }
        rgba[(y * w + x) * 4 + c] = Math.min(255, Math.max(0, sum / SAMPLES.length));
      }
    }
  }
  return { width: w, height: h, rgba };
}

const SAMPLES = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;
const TRANSPARENT: readonly number[] = [0, 0, 0, 0];

const U8 = 6;
const COLOR_L = 1;
const COLOR_BGR = 4;
const COLOR_BGRA = 5;
const CHANNELS: { readonly [colorModel: number]: number } = { 1: 1, 2: 3, 3: 4, 4: 3, 5: 4 };
/** Planar formats and NV12: the first plane is the brightness of each pixel. */
const LUMA_FIRST: ReadonlySet<number> = new Set([20, 26, 30, 39, 40, 41, 44, 49, 50]);

/** Reads element `index`; `undefined` when the bytes are too few or the type is unknown. Bytes may lie anywhere: no alignment. */
function valueReader(bytes: Uint8Array, datatype: number, count: number): ((index: number) => number) | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readers: { readonly [datatype: number]: readonly [size: number, read: (at: number) => number] } = {
    6: [1, (at) => view.getUint8(at)],
    7: [1, (at) => view.getInt8(at)],
    8: [2, (at) => view.getUint16(at, true)],
    9: [2, (at) => view.getInt16(at, true)],
    10: [4, (at) => view.getUint32(at, true)],
    11: [4, (at) => view.getInt32(at, true)],
    12: [8, (at) => Number(view.getBigUint64(at, true))],
    13: [8, (at) => Number(view.getBigInt64(at, true))],
    33: [2, (at) => halfToNumber(view.getUint16(at, true))],
    34: [4, (at) => view.getFloat32(at, true)],
    35: [8, (at) => view.getFloat64(at, true)],
  };
  const reader = readers[datatype];
  if (reader === undefined || bytes.length < count * reader[0]) return undefined;
  const [size, read] = reader;
  return (index) => read(index * size);
}

/** Boxes, points and lines over an image, as `numbersOf` gives them. */
export function numbers2D(source: SnapshotSource, path: string, component: string): Float64Array {
  return numbersOf(source.latest(path, component), 2);
}
