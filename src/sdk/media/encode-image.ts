import { type ImageEncoding, type RawImage, RerunError } from "../../core/index.js";

/** The part of `sharp` used here. */
type Sharp = (
  pixels: Uint8Array | Uint16Array,
  options: { readonly raw: { readonly width: number; readonly height: number; readonly channels: 1 | 3 } },
) => Pipeline;

interface Pipeline {
  toColourspace(space: string): Pipeline;
  jpeg(options: { readonly quality: number }): Pipeline;
  png(options: { readonly compressionLevel: number; readonly adaptiveFiltering: boolean }): Pipeline;
  toBuffer(): Promise<Buffer>;
}

let loading: Promise<Sharp> | undefined;

/**
 * The image as a JPEG or PNG file, made off the event loop's turn by `sharp`.
 *
 * @throws RerunError `Unsupported` when the optional package `sharp` is not installed
 */
export async function encodeImage(image: RawImage, encoding: ImageEncoding): Promise<Uint8Array> {
  loading ??= loadSharp();
  const sharp = await loading;
  const { width, height, channels, pixels } = image;
  const space = channels === 3 ? "srgb" : pixels instanceof Uint16Array ? "grey16" : "b-w";
  const raw = sharp(pixels, { raw: { width, height, channels } }).toColourspace(space);
  const encoded =
    encoding.format === "jpeg"
      ? raw.jpeg({ quality: encoding.quality })
      : raw.png({ compressionLevel: encoding.compressionLevel, adaptiveFiltering: true });
  const buffer = await encoded.toBuffer();
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

async function loadSharp(): Promise<Sharp> {
  try {
    return ((await import("sharp")) as unknown as { readonly default: Sharp }).default;
  } catch (cause) {
    loading = undefined;
    const install = "images are encoded by the package sharp, which cannot be loaded: npm install sharp";
    throw new RerunError("Unsupported", install, { cause });
  }
}
