import type { PlainValue } from "../../core/index.js";

/** Small pictures in tables, as data URLs. */

/** Larger encoded images are not put into a page: a table may have many. */
const MAX_ENCODED_BYTES = 128 * 1024;
const THUMBNAIL_HEIGHT = 48;
const THUMBNAIL_WIDTH = 96;
/** Numbers of `ColorModel` → where red, green and blue lie in a pixel. */
const MODELS: Readonly<Record<number, { readonly size: number; readonly rgb: readonly [number, number, number] }>> = {
  1: { size: 1, rgb: [0, 0, 0] },
  2: { size: 3, rgb: [0, 1, 2] },
  3: { size: 4, rgb: [0, 1, 2] },
  4: { size: 3, rgb: [2, 1, 0] },
  5: { size: 4, rgb: [2, 1, 0] },
};
const CHANNEL_U8 = 6;

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

/** A thumbnail of plain pixels with 8 bits a channel. @param format a value of `ImageFormat` */
export function rawImage(bytes: Uint8Array, format: PlainValue): string | undefined {
  if (typeof format !== "object" || format === null || !("width" in format) || !("height" in format)) return undefined;
  const [width, height] = [Number(format.width), Number(format.height)];
  const model = MODELS[Number(format.color_model ?? 0)];
  const isPlain = (format.pixel_format ?? null) === null && Number(format.channel_datatype ?? CHANNEL_U8) === CHANNEL_U8;
  if (!isPlain || model === undefined || width < 1 || height < 1 || bytes.length < width * height * model.size) return undefined;
  const scale = Math.min(1, THUMBNAIL_WIDTH / width, THUMBNAIL_HEIGHT / height);
  const [outWidth, outHeight] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  return bitmap(outWidth, outHeight, (x, y, channel) => {
    const at = Math.floor((y * height) / outHeight) * width + Math.floor((x * width) / outWidth);
    return bytes[at * model.size + (model.rgb[channel] ?? 0)] ?? 0;
  });
}

/** A BMP file: plain rows from below, padded to 4 bytes, blue first. */
function bitmap(width: number, height: number, channelAt: (x: number, y: number, channel: number) => number): string {
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
