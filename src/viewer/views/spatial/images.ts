/** `Image`, `EncodedImage`, `DepthImage` and `SegmentationImage` as pictures. */
import { COLORMAP_TURBO } from "../../../core/index.js";
import type { ComponentCell } from "../../state/view-query.js";
import { readBytes, readFloats, readNumber, readText } from "./cells.js";
import { type EntityContext, readCells } from "./draft.js";
import { channelReader, type ImageFormat, imageBytes, readImageFormat } from "./image-format.js";
import { classesToRgba, imageToRgba, rangeOfValues, scalarsToRgba, type ValueRange } from "./image-pixels.js";
import type { ImageGeometry, Pixels } from "./scene.js";

/** Decodes image files outside the pure code. */
export interface ImageDecoder {
  /**
   * The decoded picture of `key`, or what keeps it away. While it is `pending` the decoder works on it and has the scene
   * built again when it is done; then `stale` may be the entity's picture before.
   */
  decode(request: {
    readonly key: string;
    readonly entityPath: string;
    readonly bytes: Uint8Array;
    readonly mediaType: string | undefined;
  }): DecodeResult;
}

export type DecodeResult =
  | { readonly state: "done"; readonly pixels: Pixels }
  | { readonly state: "pending"; readonly stale?: Pixels }
  | { readonly state: "failed"; readonly reason: string };

/** A picture to draw, or why there is none: `pending` = it is being decoded; `undefined` = no such data. */
export type PictureDraft =
  | { readonly geometry: ImageGeometry; readonly archetype: ImageArchetype }
  | { readonly problem: string }
  | "pending"
  | undefined;

export type ImageArchetype = "Image" | "EncodedImage" | "DepthImage" | "SegmentationImage";
export const IMAGE_ARCHETYPES: readonly ImageArchetype[] = ["DepthImage", "Image", "EncodedImage", "SegmentationImage"];

const LINEAR_FILTERS = [2, 3];

/** The entity's picture of that archetype. `opacity` is used when none is logged. */
export function draftPicture(
  context: EntityContext,
  archetype: ImageArchetype,
  opacity: number,
  decoder: ImageDecoder,
): PictureDraft {
  const names = ["buffer", "format", "blob", "media_type", "opacity", "magnification_filter", "colormap", "depth_range"] as const;
  const { cells, key } = readCells(context, archetype, names);
  const isEncoded = archetype === "EncodedImage";
  const bytes = readBytes(isEncoded ? cells.blob : cells.buffer);
  if (bytes === undefined) return undefined;
  const look = {
    filter: LINEAR_FILTERS.includes(readNumber(cells.magnification_filter) ?? 1),
    opacity: readNumber(cells.opacity) ?? opacity,
  };
  const geometryOf = (pixels: Pixels): ImageGeometry => ({
    kind: "image",
    count: 1,
    width: pixels.width,
    height: pixels.height,
    pixels,
    filter: look.filter ? "linear" : "nearest",
    opacity: Math.max(0, Math.min(1, look.opacity)),
    bounds: { min: [0, 0, 0], max: [pixels.width, pixels.height, 0] },
  });
  if (isEncoded) {
    const decodeKey = `${context.entityPath}|${cells.blob?.key}|${cells.media_type?.key}`;
    const result = decoder.decode({
      key: decodeKey,
      entityPath: context.entityPath,
      bytes,
      mediaType: readText(cells.media_type),
    });
    if (result.state === "failed") return { problem: result.reason };
    const pixels = result.state === "done" ? result.pixels : result.stale;
    if (pixels === undefined) return "pending";
    const name = result.state === "done" ? key : `${key}|stale|${context.reader.query.time}`;
    return { archetype, geometry: context.cache.get(`${name}|${look.opacity}`, () => geometryOf(pixels)) };
  }
  const format = readImageFormat(cells.format);
  const problem = typeof format === "string" ? format : checkLength(bytes, format);
  if (typeof format === "string" || problem !== undefined) return { problem: problem ?? "" };
  const annotationKey = archetype === "SegmentationImage" ? context.annotations.key : "";
  const pixels = context.cache.get(`${key}|${annotationKey}|pixels`, () => ({
    kind: "rgba" as const,
    width: format.width,
    height: format.height,
    data: toRgba(context, archetype, bytes, format, cells.colormap, cells.depth_range),
  }));
  return { archetype, geometry: context.cache.get(`${key}|${annotationKey}|${look.opacity}`, () => geometryOf(pixels)) };
}

/** Why the bytes cannot hold an image of that format; `undefined` when they can. */
export function checkLength(bytes: Uint8Array, format: ImageFormat): string | undefined {
  const expected = imageBytes(format);
  return bytes.length >= expected
    ? undefined
    : `the image has ${bytes.length} bytes, ${format.width}×${format.height} pixels need ${expected}`;
}

/** What the colours of a depth image span: as logged, else from 0 to the greatest depth there is. */
export function depthRange(bytes: Uint8Array, format: ImageFormat, cell: ComponentCell | undefined): ValueRange {
  const [min, max] = readFloats(cell, 2);
  if (min !== undefined && max !== undefined && Number.isFinite(min) && Number.isFinite(max)) return { min, max };
  const range = rangeOfValues(channelReader(bytes, format.datatype), format.width * format.height);
  return { min: Math.min(0, range.min), max: range.max };
}

function toRgba(
  context: EntityContext,
  archetype: ImageArchetype,
  bytes: Uint8Array,
  format: ImageFormat,
  colormap: ComponentCell | undefined,
  range: ComponentCell | undefined,
): Uint8Array {
  switch (archetype) {
    case "DepthImage":
      return scalarsToRgba(bytes, format, readNumber(colormap) ?? COLORMAP_TURBO, depthRange(bytes, format, range));
    case "SegmentationImage":
      return classesToRgba(bytes, format, (id) => context.annotations.color(id));
    default:
      return imageToRgba(bytes, format);
  }
}
