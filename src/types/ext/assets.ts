import { describe, getHost, RerunError } from "../../core/index.js";
import type { AsComponents } from "../component-batch.js";
import { blobBytes } from "../encode/blobs.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { MEDIA_TYPE_OF_EXTENSION } from "../gen/constants.js";
import type { Asset3DFields, EncodedImageFields } from "../gen/fields.js";
import type { BlobLike } from "../likes.js";
import { videoFrameTimes } from "./mp4-times.js";

/** A file's bytes: read from `path`, or given. */
export interface AssetOptions {
  /** Path of the file, or its `file:` URL. Not with `contents`. */
  readonly path?: string | { readonly href: string } | undefined;
  /** The file's bytes. Not with `path`. */
  readonly contents?: BlobLike | undefined;
  /** Default: told by the extension of `path`; absent when that is unknown. */
  readonly mediaType?: string | undefined;
}

/** Options of `Asset3D`. */
export interface Asset3DOptions extends AssetOptions, Omit<Asset3DFields, "blob" | "mediaType"> {}

/** Options of `EncodedImage`. `contents` needs `mediaType`. */
export interface EncodedImageOptions extends AssetOptions, Omit<EncodedImageFields, "blob" | "mediaType"> {}

/** Media type by the extension of a path, in any case; `undefined` when it is unknown. */
export function mediaTypeOfPath(path: string): string | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(MEDIA_TYPE_OF_EXTENSION, extension) ? MEDIA_TYPE_OF_EXTENSION[extension] : undefined;
}

/** Bytes and media type of a file. */
export function assetFields(options: AssetOptions): { readonly blob?: BlobLike; readonly mediaType?: string | undefined } {
  return fileOf("Asset", options) ?? {};
}

/** Bytes and media type of a model file. */
export function asset3DFields({ path, contents, mediaType, ...fields }: Asset3DOptions): Asset3DFields {
  const file = fileOf("Asset3D", { path, contents, mediaType });
  return file === undefined ? {} : { ...fields, ...file };
}

/** Bytes and media type of an image file. */
export function encodedImageFields({ path, contents, mediaType, ...fields }: EncodedImageOptions): EncodedImageFields {
  if (contents !== undefined && path === undefined && mediaType === undefined) {
    reportProblem("EncodedImage.mediaType", "expected a media type with contents (image/png, …), got none. Nothing is logged");
    return {};
  }
  const file = fileOf("EncodedImage", { path, contents, mediaType });
  return file === undefined ? {} : { ...fields, ...file };
}

/** Times of the frames of the video that an archetype holds. @throws RerunError `CorruptFile`, `InvalidArgument` */
export function frameTimestampsOf({ layouts, data }: AsComponents): BigInt64Array {
  const index = layouts.findIndex((layout) => layout.descriptor.component === "AssetVideo:blob");
  const [layout, blob] = [layouts[index], data[index]];
  const bytes = layout === undefined || blob === undefined ? undefined : blobBytes(layout.type, blob);
  if (bytes === undefined) throw new RerunError("InvalidArgument", "readFrameTimestampsNanos: expected a video, got none");
  return videoFrameTimes(bytes);
}

function fileOf(
  archetype: string,
  options: AssetOptions,
): { readonly blob: BlobLike; readonly mediaType?: string | undefined } | undefined {
  const { path, contents, mediaType } = options;
  if ((path === undefined) === (contents === undefined)) {
    const came = path === undefined ? "none" : "both";
    reportProblem(archetype, `expected exactly one of path and contents, got ${came}. Nothing is logged`);
    return undefined;
  }
  if (contents !== undefined) return { blob: contents, mediaType };
  try {
    const text = pathText(path);
    return { blob: readFile(text), mediaType: mediaType ?? mediaTypeOfPath(text) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    reportProblem(`${archetype}.path`, `${error.message}. Nothing is logged`, error);
    return undefined;
  }
}

function pathText(path: unknown): string {
  if (typeof path === "string") return path;
  if (typeof path === "object" && path !== null && "href" in path && String(path.href).startsWith("file:")) {
    return decodeURIComponent(new URL(String(path.href)).pathname);
  }
  throw new BadInput(`expected a path, got ${describe(path)}`);
}

function readFile(path: string): Uint8Array {
  const host = getHost();
  if (host === undefined) throw new RerunError("Unsupported", `files cannot be read here: give contents instead of path ${path}`);
  return host.readFile(path);
}
