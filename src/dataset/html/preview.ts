import type { PlainValue } from "../../core/index.js";

/** Small pictures in tables, as data URLs. */

/** Larger encoded images are not put into a page: a table may have many. */
const MAX_ENCODED_BYTES = 128 * 1024;
const THUMBNAIL_HEIGHT = 54;
const THUMBNAIL_WIDTH = 96;
/** Numbers of `ColorModel` → channels of a pixel, and where red, green and blue are among them. */
const MODELS: Readonly<Record<number, ColorModel>> = {
  1: { channels: 1, rgb: [0, 0, 0] },
  2: { channels: 3, rgb: [0, 1, 2] },
  3: { channels: 4, rgb: [0, 1, 2] },
  4: { channels: 3, rgb: [2, 1, 0] },
  5: { channels: 4, rgb: [2, 1, 0] },
};
/** Of depth and class images, which have none. */
const MEASURED: ColorModel = { channels: 1, rgb: [0, 0, 0] };
/** Numbers of `ChannelDatatype` → how to read a channel. */
const CHANNELS: Readonly<Record<number, Channel>> = {
  6: { size: 1, read: (view, at) => view.getUint8(at) },
  8: { size: 2, read: (view, at) => view.getUint16(at, true) },
  34: { size: 4, read: (view, at) => view.getFloat32(at, true) },
};
const CHANNEL_U8 = 6;

interface ColorModel {
  readonly channels: number;
  readonly rgb: readonly [number, number, number];
}

interface Channel {
  readonly size: number;
  readonly read: (view: DataView, at: number) => number;
}

/** The image as a URL when the bytes are those of a picture that browsers show. */
export function encodedImage(bytes: Uint8Array): string | undefined {
  const kind = mediaType(bytes);
  if (kind === undefined || bytes.length > MAX_ENCODED_BYTES) return undefined;
  return `data:${kind};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")}`;
}

function mediaType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF8")) return "image/gif";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  return undefined;
}

/**
 * A thumbnail of plain pixels. Depth images and such go from black, their smallest value, to white.
 *
 * @param format a value of `ImageFormat`
 */
export function rawImage(bytes: Uint8Array, format: PlainValue): string | undefined {
  if (typeof format !== "object" || format === null || !("width" in format) || !("height" in format)) return undefined;
  const [width, height] = [Number(format.width), Number(format.height)];
  const number = Number(format.color_model ?? 0);
  const model = number === 0 ? MEASURED : MODELS[number];
  const channel = CHANNELS[Number(format.channel_datatype ?? CHANNEL_U8)];
  if ((format.pixel_format ?? null) !== null || model === undefined || channel === undefined) return undefined;
  if (width < 1 || height < 1 || bytes.length < width * height * model.channels * channel.size) return undefined;
  const scale = Math.min(1, THUMBNAIL_WIDTH / width, THUMBNAIL_HEIGHT / height);
  const [outWidth, outHeight] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const valueAt = (x: number, y: number, color: number): number => {
    const pixel = Math.floor((y * height) / outHeight) * width + Math.floor((x * width) / outWidth);
    return channel.read(view, (pixel * model.channels + (model.rgb[color] ?? 0)) * channel.size);
  };
  const isMeasured = model === MEASURED || channel.size > 1;
  return bitmap(outWidth, outHeight, isMeasured ? stretched(outWidth, outHeight, valueAt) : valueAt);
}

type ValueAt = (x: number, y: number, color: number) => number;

/** The values from 0 to 255; what is no number is 0. */
function stretched(width: number, height: number, valueAt: ValueAt): ValueAt {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = valueAt(x, y, 0);
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const scale = high > low ? 255 / (high - low) : 0;
  return (x, y, color) => {
    const value = (valueAt(x, y, color) - low) * scale;
    return Number.isFinite(value) ? Math.min(255, Math.max(0, value)) : 0;
  };
}

/** A BMP file: plain rows from below, padded to 4 bytes, blue first. */
function bitmap(width: number, height: number, channelAt: ValueAt): string {
  const HEADER = 54;
  const rowBytes = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(HEADER + rowBytes * height);
  file.write("BM", 0, "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(HEADER, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) file[HEADER + (height - 1 - y) * rowBytes + 3 * x + c] = channelAt(x, y, 2 - c);
    }
  }
  return `data:image/bmp;base64,${file.toString("base64")}`;
}
