/** PNG files, as far as small pictures need them. */
import { deflateSync, inflateSync } from "node:zlib";

/** Pixels as RGBA, four bytes each, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const MAX_PIXELS = 64 * 1024 * 1024;
/** Channels by colour type: grey, RGB, palette, grey with alpha, RGBA. */
const CHANNELS: { readonly [colorType: number]: number } = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** An RGB file when every pixel is opaque, else an RGBA one. */
export function encodePng(pixels: Pixels): Uint8Array {
  const { width, height, rgba } = pixels;
  const channels = isOpaque(rgba) ? 3 : 4;
  const stride = width * channels;
  const rows = new Uint8Array((stride + 1) * height);
  let row = new Uint8Array(stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = x * channels;
      row[to] = rgba[from] ?? 0;
      row[to + 1] = rgba[from + 1] ?? 0;
      row[to + 2] = rgba[from + 2] ?? 0;
      if (channels === 4) row[to + 3] = rgba[from + 3] ?? 0;
    }
    writeFiltered(rows.subarray(y * (stride + 1), (y + 1) * (stride + 1)), row, above, channels);
    [row, above] = [above, row];
  }
  return pngFile(pixels, channels, rows);
}

/**
 * An RGBA file of a drawing, which is few colours and much background. Rows as they are compress better then than differences
 * do, and no loop looks at each byte: this runs once, before its code is compiled, and a cell waits for it.
 */
export function encodeDrawing(pixels: Pixels): Uint8Array {
  const { width, height, rgba } = pixels;
  const stride = width * 4;
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return pngFile(pixels, 4, rows);
}

/** @param rows each with the number of its filter before it */
function pngFile({ width, height }: Pixels, channels: 3 | 4, rows: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, channels === 3 ? 2 : 6], 8);
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(rows, { level: 6 })),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

function isOpaque(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

const FILTER_NONE = 0;
const FILTER_UP = 2;
const FILTER_PAETH = 4;

/** Writes a row with the filter that leaves the smallest numbers, its number first: those compress best. */
function writeFiltered(out: Uint8Array, row: Uint8Array, above: Uint8Array, step: number): void {
  let [none, up, paethSum] = [0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const [value = 0, over = 0] = [row[i], above[i]];
    none += size(value);
    up += size(value - over);
    const guess = i < step ? over : paeth(row[i - step] ?? 0, over, above[i - step] ?? 0);
    out[i + 1] = value - guess;
    paethSum += size(value - guess);
  }
  out[0] = none <= up && none <= paethSum ? FILTER_NONE : up <= paethSum ? FILTER_UP : FILTER_PAETH;
  if (out[0] === FILTER_NONE) out.set(row, 1);
  else if (out[0] === FILTER_UP) for (let i = 0; i < row.length; i++) out[i + 1] = (row[i] ?? 0) - (above[i] ?? 0);
}

/** Of a difference as a byte with sign. */
function size(difference: number): number {
  const byte = difference & 255;
  return byte < 128 ? byte : 256 - byte;
}

function predict(filter: number | undefined, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  return filter === 4 ? paeth(left, up, upLeft) : 0;
}

/**
 * Reads files of 8 bits a channel that are not interlaced.
 *
 * @returns `undefined` for any other file, and for damaged ones
 */
export function decodePng(file: Uint8Array): Pixels | undefined {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const data: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  for (let at = 8; at + 12 <= file.length; ) {
    const size = view.getUint32(at);
    const body = file.subarray(at + 8, at + 8 + size);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (type === "PLTE") palette = body;
    else if (type === "tRNS") transparency = body;
    else if (type === "IDAT") data.push(body);
    at += 12 + size;
  }
  if (file.length < 29) return undefined;
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const channels = CHANNELS[file[25] ?? -1];
  if (file[24] !== 8 || file[28] !== 0 || channels === undefined || width * height > MAX_PIXELS) return undefined;
  const raw = unfilter(data, width * channels, height, channels);
  if (raw === undefined) return undefined;
  return { width, height, rgba: toRgba(raw, channels, file[25] === 3 ? { palette, transparency } : undefined) };
}

function unfilter(data: readonly Uint8Array[], stride: number, height: number, step: number): Uint8Array | undefined {
  let rows: Uint8Array;
  try {
    rows = inflateSync(Buffer.concat(data), { maxOutputLength: (stride + 1) * height });
  } catch {
    return undefined; // damaged: there is no picture
  }
  if (rows.length !== (stride + 1) * height) return undefined;
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    const at = y * stride;
    for (let i = 0; i < stride; i++) {
      const left = i >= step ? (out[at + i - step] ?? 0) : 0;
      const up = y > 0 ? (out[at + i - stride] ?? 0) : 0;
      const upLeft = i >= step && y > 0 ? (out[at + i - stride - step] ?? 0) : 0;
      out[at + i] = (rows[y * (stride + 1) + 1 + i] ?? 0) + predict(filter, left, up, upLeft);
    }
  }
  return out;
}

function paeth(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft;
  const a = Math.abs(guess - left);
  const b = Math.abs(guess - up);
  const c = Math.abs(guess - upLeft);
  return a <= b && a <= c ? left : b <= c ? up : upLeft;
}

function toRgba(
  raw: Uint8Array,
  channels: number,
  indexed: { readonly palette: Uint8Array | undefined; readonly transparency: Uint8Array | undefined } | undefined,
): Uint8Array {
  const count = raw.length / channels;
  const rgba = new Uint8Array(count * 4).fill(255);
  for (let i = 0; i < count; i++) {
    const first = raw[i * channels] ?? 0;
    if (indexed !== undefined) {
      for (let c = 0; c < 3; c++) rgba[i * 4 + c] = indexed.palette?.[first * 3 + c] ?? 0;
      rgba[i * 4 + 3] = indexed.transparency?.[first] ?? 255;
    } else {
      const isGrey = channels < 3;
      for (let c = 0; c < 3; c++) rgba[i * 4 + c] = isGrey ? first : (raw[i * channels + c] ?? 0);
      if (channels % 2 === 0) rgba[i * 4 + 3] = raw[i * channels + channels - 1] ?? 255;
    }
  }
  return rgba;
}

function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(body.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(body, 8);
  view.setUint32(body.length + 8, checksum(chunk.subarray(4, body.length + 8)));
  return chunk;
}

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
