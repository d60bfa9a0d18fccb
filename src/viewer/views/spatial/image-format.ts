/** What the bytes of an image mean. */
import { halfToNumber, isValidAt } from "../../../core/index.js";
import type { ComponentCell } from "../../state/view-query.js";
import { cellLength, numberAt, structField } from "./cells.js";

export type ColorModel = "L" | "RGB" | "RGBA" | "BGR" | "BGRA";
export type ChannelDatatype = "U8" | "I8" | "U16" | "I16" | "U32" | "I32" | "U64" | "I64" | "F16" | "F32" | "F64";

/** Pixel formats that are no plain interleaved channels. */
export interface PixelFormat {
  readonly layout: "planar444" | "planar422" | "planar420" | "luma" | "nv12" | "yuy2" | "bayer";
  /** Whether luma is 16 … 235 and chroma 16 … 240. */
  readonly isLimited: boolean;
  readonly matrix: "bt601" | "bt709";
  /** Channel (0 = red) of the four pixels of a Bayer tile, row by row. */
  readonly bayer?: readonly [number, number, number, number];
}

export interface ImageFormat {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat | undefined;
  readonly colorModel: ColorModel;
  readonly datatype: ChannelDatatype;
}

const COLOR_MODELS: Readonly<Record<number, ColorModel>> = { 1: "L", 2: "RGB", 3: "RGBA", 4: "BGR", 5: "BGRA" };
const DATATYPES: Readonly<Record<number, ChannelDatatype>> = {
  6: "U8",
  7: "I8",
  8: "U16",
  9: "I16",
  10: "U32",
  11: "I32",
  12: "U64",
  13: "I64",
  33: "F16",
  34: "F32",
  35: "F64",
};
const BYTES: Readonly<Record<ChannelDatatype, number>> = {
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

function yuv(layout: PixelFormat["layout"], isLimited: boolean, matrix: "bt601" | "bt709" = "bt709"): PixelFormat {
  return { layout, isLimited, matrix };
}

function bayer(...tile: [number, number, number, number]): PixelFormat {
  return { layout: "bayer", isLimited: false, matrix: "bt709", bayer: tile };
}

const PIXEL_FORMATS: Readonly<Record<number, PixelFormat>> = {
  20: yuv("planar420", true),
  26: yuv("nv12", true, "bt601"),
  27: yuv("yuy2", true, "bt601"),
  30: yuv("luma", false),
  39: yuv("planar444", true),
  40: yuv("planar444", false),
  41: yuv("luma", true),
  44: yuv("planar420", false),
  49: yuv("planar422", true),
  50: yuv("planar422", false),
  128: bayer(0, 1, 1, 2),
  129: bayer(2, 1, 1, 0),
  130: bayer(1, 2, 0, 1),
  131: bayer(1, 0, 2, 1),
};

/** Largest width or height that is drawn: what WebGL 2 guarantees is less, what browsers have is this. */
const MAX_SIDE = 16_384;

/** The format in the cell, or the reason why it cannot be drawn. */
export function readImageFormat(cell: ComponentCell | undefined): ImageFormat | string {
  if (cell === undefined || cellLength(cell) === 0) return "the image has no format";
  const value = (name: string): number | undefined => {
    const array = structField(cell.values, name);
    return array === undefined || !isValidAt(array, cell.start) ? undefined : numberAt(array, cell.start);
  };
  const [width, height] = [value("width") ?? 0, value("height") ?? 0];
  if (!(width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE)) return `the image is ${width}×${height} pixels`;
  const pixelFormat = value("pixel_format");
  if (pixelFormat !== undefined && PIXEL_FORMATS[pixelFormat] === undefined) return `unknown pixel format ${pixelFormat}`;
  const [model, datatype] = [value("color_model") ?? 1, value("channel_datatype") ?? 6];
  const [colorModel, channel] = [COLOR_MODELS[model], DATATYPES[datatype]];
  if (colorModel === undefined) return `unknown color model ${model}`;
  if (channel === undefined) return `unknown channel datatype ${datatype}`;
  return {
    width,
    height,
    pixelFormat: pixelFormat === undefined ? undefined : PIXEL_FORMATS[pixelFormat],
    colorModel,
    datatype: channel,
  };
}

/** Number of channels of a color model. */
export function channelCount(model: ColorModel): number {
  return model === "L" ? 1 : model === "RGB" || model === "BGR" ? 3 : 4;
}

/** Bytes an image of this format has. */
export function imageBytes(format: ImageFormat): number {
  const pixels = format.width * format.height;
  switch (format.pixelFormat?.layout) {
    case undefined:
      return pixels * channelCount(format.colorModel) * BYTES[format.datatype];
    case "planar444":
      return pixels * 3;
    case "planar422":
    case "yuy2":
      return pixels * 2;
    case "planar420":
    case "nv12":
      return Math.floor((pixels * 3) / 2);
    case "luma":
    case "bayer":
      return pixels;
  }
}

/** Reads channel values by index, whatever the alignment of the bytes. Missing bytes throw. */
export function channelReader(bytes: Uint8Array, datatype: ChannelDatatype): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (datatype) {
    case "U8":
      return (i) => bytes[i] as number;
    case "I8":
      return (i) => view.getInt8(i);
    case "U16":
      return (i) => view.getUint16(i * 2, true);
    case "I16":
      return (i) => view.getInt16(i * 2, true);
    case "F16":
      return (i) => halfToNumber(view.getUint16(i * 2, true));
    case "U32":
      return (i) => view.getUint32(i * 4, true);
    case "I32":
      return (i) => view.getInt32(i * 4, true);
    case "F32":
      return (i) => view.getFloat32(i * 4, true);
    case "U64":
      return (i) => Number(view.getBigUint64(i * 8, true));
    case "I64":
      return (i) => Number(view.getBigInt64(i * 8, true));
    case "F64":
      return (i) => view.getFloat64(i * 8, true);
  }
}
