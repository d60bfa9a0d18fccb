import { describe, RerunError } from "../../core/index.js";
import { enumName, enumValue } from "../encode/enums.js";
import { isListLike } from "../encode/numbers.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { type Shaped, shapedFrom } from "../encode/tensors.js";
import { bytesOf, halfFloatBits, typedArrayName } from "../encode/typed-arrays.js";
import {
  ChannelDatatype,
  type ChannelDatatypeLike,
  ColorModel,
  type ColorModelLike,
  PixelFormat,
  type PixelFormatLike,
} from "../gen/enums.js";
import type { DepthImageFields, ImageFields, SegmentationImageFields } from "../gen/fields.js";
import type { BlobLike, NdArray, NestedNumbers } from "../likes.js";

/** Pixels, rows top to bottom: nested lists or numbers with a shape. */
export type ImageLike = NestedNumbers | NdArray;

/** Pixels as the bytes of a known format, with any options of `Image`. */
export interface ImageBytes extends ImageOptions {
  readonly bytes: BlobLike;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** Options of `Image`. */
export interface ImageOptions extends Omit<ImageFields, "buffer" | "format"> {
  /** What the channels are. Default: L, RGB or RGBA by their number. */
  readonly colorModel?: ColorModelLike | undefined;
  /** Type of each channel; only with bytes. */
  readonly datatype?: ChannelDatatypeLike | undefined;
  /** Layout of the bytes, instead of `colorModel` and `datatype`; only with bytes. */
  readonly pixelFormat?: PixelFormatLike | undefined;
}

/** Options of `DepthImage`. */
export type DepthImageOptions = Omit<DepthImageFields, "buffer" | "format">;
/** Options of `SegmentationImage`. */
export type SegmentationImageOptions = Omit<SegmentationImageFields, "buffer" | "format">;

const DATATYPES: Readonly<Record<string, keyof typeof ChannelDatatype>> = {
  Uint8Array: "U8",
  Uint16Array: "U16",
  Uint32Array: "U32",
  BigUint64Array: "U64",
  Int8Array: "I8",
  Int16Array: "I16",
  Int32Array: "I32",
  BigInt64Array: "I64",
  Float32Array: "F32",
  Float64Array: "F64",
};
const CHANNELS: Readonly<Record<string, number>> = { L: 1, RGB: 3, BGR: 3, RGBA: 4, BGRA: 4 };

/** Buffer and format of an image. @throws RerunError `InvalidArgument` on a shape that is no image, or bytes without format */
export function imageFields(image: ImageLike | ImageBytes | undefined, options: ImageOptions): ImageFields {
  const given = isBytes(image) ? { ...image, ...options } : options;
  if (isBytes(given)) return fromBytes(given);
  const { colorModel, datatype, pixelFormat, ...fields } = given;
  const shaped = shapedImage("Image", image);
  const shape = trimmed(shaped.shape, 2);
  const [height, width, channels = 1] = shape;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new RerunError(
      "InvalidArgument",
      `Image: expected shape [height, width] or [height, width, channels], got [${shaped.shape.join(", ")}]`,
    );
  }
  const { bytes, channelDatatype } = pixelsOf(shaped, "Image");
  const format = { width, height, colorModel: modelOf(channels, colorModel), channelDatatype };
  return { ...fields, buffer: bytes, format: format as NonNullable<ImageFields["format"]> };
}

/** Buffer and format of a depth image. @throws RerunError `InvalidArgument` unless there are two dimensions */
export function depthImageFields(image: ImageLike, options: DepthImageOptions): DepthImageFields {
  return { ...options, ...plane("DepthImage", image) };
}

/** Buffer and format of a segmentation image. @throws RerunError `InvalidArgument` unless there are two dimensions */
export function segmentationImageFields(image: ImageLike, options: SegmentationImageOptions): SegmentationImageFields {
  return { ...options, ...plane("SegmentationImage", image) };
}

/** The bytes of the pixels, not copied when they are in a typed array, and the type of a channel. */
export function pixelsOf(
  shaped: Shaped,
  place: string,
): { readonly bytes: Uint8Array; readonly channelDatatype: keyof typeof ChannelDatatype } {
  const bits = halfFloatBits(shaped.values);
  if (bits !== undefined) return { bytes: bytesOf(bits), channelDatatype: "F16" };
  const array = shaped.values as ArrayBufferView;
  const channelDatatype = DATATYPES[typedArrayName(array) ?? ""];
  if (channelDatatype === undefined) throw new BadInput(`${place}: expected numbers, got ${describe(array)}`);
  return { bytes: bytesOf(array), channelDatatype };
}

function plane(archetype: string, image: ImageLike): Pick<DepthImageFields, "buffer" | "format"> {
  const shaped = shapedImage(archetype, image);
  const shape = trimmed(shaped.shape, 2);
  if (shape.length !== 2) {
    throw new RerunError("InvalidArgument", `${archetype}: expected shape [height, width], got [${shaped.shape.join(", ")}]`);
  }
  const { bytes, channelDatatype } = pixelsOf(shaped, archetype);
  return { buffer: bytes, format: { width: shape[1] ?? 0, height: shape[0] ?? 0, channelDatatype } };
}

function shapedImage(archetype: string, image: unknown): Shaped {
  try {
    if (image === undefined || image === null) throw new BadInput("expected pixels or bytes, got none");
    return shapedFrom(image);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new RerunError("InvalidArgument", `${archetype}: ${error.message}`, { cause: error });
  }
}

/** Without leading and trailing dimensions of one, as long as there are more than two. */
function trimmed(shape: readonly number[], rank: number): readonly number[] {
  let start = 0;
  let end = shape.length;
  while (end - start > rank && shape[start] === 1) start += 1;
  while (end - start > rank && shape[end - 1] === 1) end -= 1;
  return shape.slice(start, end);
}

function modelOf(channels: number, colorModel: ColorModelLike | undefined): ColorModelLike | undefined {
  if (colorModel === undefined) {
    const guess = channels === 1 ? "L" : channels === 3 ? "RGB" : channels === 4 ? "RGBA" : undefined;
    if (guess === undefined) reportProblem("Image", `expected 1, 3 or 4 channels, got ${channels}`);
    return guess;
  }
  const value = enumArgument("Image.colorModel", ColorModel, colorModel);
  const name = enumName(ColorModel, value) ?? "";
  if (CHANNELS[name] !== channels) {
    reportProblem("Image.colorModel", `expected ${CHANNELS[name]} channels for ${name}, got ${channels}`);
  }
  return value;
}

function isBytes(image: unknown): image is ImageBytes {
  return typeof image === "object" && image !== null && !isListLike(image) && "bytes" in image;
}

function fromBytes(image: ImageBytes): ImageFields {
  const { bytes, width, height, pixelFormat, colorModel, datatype, ...fields } = image;
  for (const [name, size] of Object.entries({ width, height })) {
    if (!Number.isInteger(size) || size < 0 || size > 0xffffffff) {
      throw new RerunError(
        "InvalidArgument",
        `Image.${name}: expected a whole number of pixels with bytes, got ${describe(size)}`,
      );
    }
  }
  if (pixelFormat !== undefined) {
    if (colorModel !== undefined || datatype !== undefined) {
      throw new RerunError("InvalidArgument", "Image: expected pixelFormat, or colorModel and datatype, got both");
    }
    const format = { width, height, pixelFormat: enumArgument("Image.pixelFormat", PixelFormat, pixelFormat) };
    return { ...fields, buffer: bytes, format };
  }
  if (colorModel === undefined || datatype === undefined) {
    throw new RerunError("InvalidArgument", "Image: expected pixelFormat, or colorModel and datatype with bytes, got less");
  }
  const format = {
    width,
    height,
    colorModel: enumArgument("Image.colorModel", ColorModel, colorModel),
    channelDatatype: enumArgument("Image.datatype", ChannelDatatype, datatype),
  };
  return { ...fields, buffer: bytes, format };
}

function enumArgument(place: string, table: Readonly<Record<string, number>>, value: unknown): number {
  try {
    return enumValue(table, value);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new RerunError("InvalidArgument", `${place}: ${error.message}`, { cause: error });
  }
}
