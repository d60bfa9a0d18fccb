import { getHost, type ImageEncoding, type PlainValue, plainValues, type RawImage, RerunError } from "../../core/index.js";
import type { AsComponents, ComponentData, ComponentLayout } from "../component-batch.js";
import { blobBytes } from "../encode/blobs.js";
import { enumName } from "../encode/enums.js";
import { instancesToArray } from "../encode/instances.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { ChannelDatatype, ColorModel } from "../gen/enums.js";
import type { EncodedDepthImageFields, EncodedImageFields } from "../gen/fields.js";

/** Options of `Image.compress`. */
export interface JpegOptions {
  /** 1..100: greater is better and larger. Default 95. */
  readonly jpegQuality?: number | undefined;
}

/** Options of `DepthImage.compress`. */
export interface PngOptions {
  /** 0 (none) .. 9 (smallest and slowest). Default 6. */
  readonly compressLevel?: number | undefined;
}

/** The fields of the JPEG; `undefined` when the image cannot be one, which is a warning (an error in strict mode). */
export async function jpegFields(
  image: AsComponents,
  { jpegQuality = 95 }: JpegOptions,
): Promise<EncodedImageFields | undefined> {
  const encoding = { format: "jpeg", quality: checked("jpegQuality", jpegQuality, 1, 100) } as const;
  const blob = await encoded("Image.compress", encoding, () => colorPixels(image));
  if (blob === undefined) return undefined;
  return { ...kept(image, "Image", ["opacity", "drawOrder", "magnificationFilter"]), blob, mediaType: "image/jpeg" };
}

/** The fields of the PNG; `undefined` when the image cannot be one, which is a warning (an error in strict mode). */
export async function pngFields(
  image: AsComponents,
  { compressLevel = 6 }: PngOptions,
): Promise<EncodedDepthImageFields | undefined> {
  const encoding = { format: "png", compressionLevel: checked("compressLevel", compressLevel, 0, 9) } as const;
  const blob = await encoded("DepthImage.compress", encoding, () => depthPixels(image));
  if (blob === undefined) return undefined;
  const others = ["meter", "colormap", "depthRange", "pointFillRatio", "drawOrder", "magnificationFilter"] as const;
  return { ...kept(image, "DepthImage", others), blob, mediaType: "image/png" };
}

function checked(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RerunError("InvalidArgument", `compress: ${name}: expected a whole number ${min}..${max}, got ${String(value)}`);
}

async function encoded(place: string, encoding: ImageEncoding, pixels: () => RawImage): Promise<Uint8Array | undefined> {
  try {
    const image = pixels();
    const encode = getHost()?.encodeImage;
    if (encode === undefined) throw new RerunError("Unsupported", "images cannot be encoded here");
    return await encode(image, encoding);
  } catch (error) {
    if (!(error instanceof RerunError)) throw error;
    reportProblem(place, `${error.message}. The image stays as it is`, error);
    return undefined;
  }
}

function colorPixels(image: AsComponents): RawImage {
  const { width, height, colorModel, datatype, bytes } = partsOf(image, "Image");
  if (colorModel !== "L" && colorModel !== "RGB" && colorModel !== "BGR") {
    throw new BadInput(`expected the color model L, RGB or BGR for a JPEG, got ${colorModel ?? "another format"}`);
  }
  if (datatype !== "U8") throw new BadInput(`expected the datatype U8 for a JPEG, got ${datatype ?? "none"}`);
  const channels = colorModel === "L" ? 1 : 3;
  checkSize(bytes, width * height * channels);
  return { width, height, channels, pixels: colorModel === "BGR" ? swapped(bytes) : bytes };
}

function depthPixels(image: AsComponents): RawImage {
  const { width, height, datatype, bytes } = partsOf(image, "DepthImage");
  if (datatype !== "U8" && datatype !== "U16") {
    throw new BadInput(`expected the datatype U8 or U16 for a PNG, got ${datatype ?? "none"}`);
  }
  checkSize(bytes, width * height * (datatype === "U8" ? 1 : 2));
  // A copy: the buffer need not lie at an even address.
  const pixels = datatype === "U8" ? bytes : new Uint16Array(bytes.slice().buffer);
  return { width, height, channels: 1, pixels };
}

function checkSize(bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected || expected === 0) {
    throw new BadInput(`expected ${expected === 0 ? "some pixels" : `${expected} bytes of pixels`}, got ${bytes.length} bytes`);
  }
}

/** BGR as RGB. */
function swapped(bytes: Uint8Array): Uint8Array {
  const pixels = bytes.slice();
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    pixels[i] = bytes[i + 2] ?? 0;
    pixels[i + 2] = bytes[i] ?? 0;
  }
  return pixels;
}

interface ImageParts {
  readonly width: number;
  readonly height: number;
  readonly colorModel: string | undefined;
  readonly datatype: string | undefined;
  readonly bytes: Uint8Array;
}

function partsOf(image: AsComponents, archetype: string): ImageParts {
  const format = valuesOf(image, `${archetype}:format`)?.[0];
  const blob = fieldOf(image, `${archetype}:buffer`);
  if (typeof format !== "object" || format === null || blob === undefined) {
    throw new BadInput("expected an image with pixels and a format, got one without");
  }
  const members = format as { readonly [member: string]: PlainValue };
  const colorModel = members["color_model"];
  return {
    width: Number(members["width"]),
    height: Number(members["height"]),
    colorModel: typeof colorModel === "number" ? enumName(ColorModel, colorModel) : undefined,
    datatype: enumName(ChannelDatatype, Number(members["channel_datatype"] ?? 0)),
    bytes: blobBytes(blob.layout.type, blob.data) ?? new Uint8Array(0),
  };
}

/** The values of fields that the encoded image has as well. */
function kept<Key extends string>(image: AsComponents, archetype: string, keys: readonly Key[]): Partial<Record<Key, never>> {
  const fields: Partial<Record<Key, never>> = {};
  for (const key of keys) {
    const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const values = valuesOf(image, `${archetype}:${name}`);
    if (values !== undefined) fields[key] = values as never;
  }
  return fields;
}

function fieldOf(
  { layouts, data }: AsComponents,
  component: string,
): { readonly layout: ComponentLayout; readonly data: ComponentData } | undefined {
  const index = layouts.findIndex((layout) => layout.descriptor.component === component);
  const [layout, value] = [layouts[index], data[index]];
  return layout === undefined || value === undefined ? undefined : { layout, data: value };
}

function valuesOf(image: AsComponents, component: string): readonly PlainValue[] | undefined {
  const field = fieldOf(image, component);
  return field === undefined ? undefined : plainValues(instancesToArray(field.layout.type, field.data));
}
