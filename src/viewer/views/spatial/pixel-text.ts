/** The value of the pixel under the cursor, exactly as recorded, as text for a tooltip. */
import type { ViewQuery } from "../../state/view-query.js";
import { findAnnotations } from "./annotations.js";
import { readBytes, readNumber } from "./cells.js";
import { defaultMeter } from "./depth-cloud.js";
import { EntityReader } from "./entity-index.js";
import { type ImageFormat, readImageFormat } from "./image-format.js";
import { valuesOfPixel } from "./image-pixels.js";
import { checkLength } from "./images.js";

/** What the pixel at (`x`, `y`) of the entity's image says. */
export interface PixelText {
  readonly x: number;
  readonly y: number;
  /** For instance `R 200  G 12  B 255`, `1.24 m (1240)` or `7 chair`. */
  readonly text: string;
}

/**
 * The value of the entity's image at a position of its space; `undefined` outside of it, or when the entity has no raw image.
 * Class names come from the annotation context.
 */
export function pixelTextAt(
  query: ViewQuery,
  entityPath: string,
  position: readonly [number, number, number],
): PixelText | undefined {
  const reader = new EntityReader(query);
  const [x, y] = [Math.floor(position[0]), Math.floor(position[1])];
  for (const archetype of ["SegmentationImage", "Image", "DepthImage"] as const) {
    const bytes = readBytes(reader.cell(entityPath, `${archetype}:buffer`));
    const format = readImageFormat(reader.cell(entityPath, `${archetype}:format`));
    if (bytes === undefined || typeof format === "string" || checkLength(bytes, format) !== undefined) continue;
    const values = valuesOfPixel(bytes, format, x, y);
    const [first] = values;
    if (first === undefined) return undefined;
    if (archetype === "SegmentationImage") {
      const label = findAnnotations(reader, entityPath, new Map()).label(first);
      return { x, y, text: label === undefined ? String(first) : `${first} ${label}` };
    }
    if (archetype === "DepthImage") {
      const meter = readNumber(reader.cell(entityPath, "DepthImage:meter")) ?? defaultMeter(format.datatype);
      return { x, y, text: meter === 1 ? `${short(first)} m` : `${short(first / meter)} m (${short(first)})` };
    }
    return { x, y, text: values.map((value, i) => `${channelName(format, i)}${short(value)}`).join("  ") };
  }
  return undefined;
}

function channelName(format: ImageFormat, index: number): string {
  const layout = format.pixelFormat?.layout;
  if (layout === "bayer" || layout === "luma") return "";
  const names = layout === undefined ? format.colorModel : "YUV";
  return names === "L" ? "" : `${names[index] ?? ""} `;
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
