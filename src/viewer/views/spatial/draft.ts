/** What builders hand back: geometries of one entity in its own space, before they are placed in a view. */
import { entityColor } from "../../../core/index.js";
import type { ComponentCell } from "../../state/view-query.js";
import { type Annotations, NO_ANNOTATIONS } from "./annotations.js";
import { readBoolean, readFloats, readTexts, readUint32 } from "./cells.js";
import type { DrawCache } from "./draw-cache.js";
import type { EntityReader } from "./entity-index.js";
import type { Vec3 } from "./mat4.js";
import type { Geometry } from "./scene.js";

export interface Draft {
  readonly geometries: readonly Geometry[];
  readonly labels: readonly DraftLabel[];
  /** Instances drawn and instances there are. */
  readonly shown: number;
  readonly total: number;
}

export interface DraftLabel {
  readonly instance: number;
  readonly text: string;
  /** In the entity's space. */
  readonly position: Vec3;
  readonly color: number;
  readonly anchor: "above" | "center";
}

export const NO_DRAFT: Draft = { geometries: [], labels: [], shown: 0, total: 0 };

/** What every builder gets: one entity to draw, and where its values come from. */
export interface EntityContext {
  readonly reader: EntityReader;
  readonly cache: DrawCache;
  readonly entityPath: string;
  readonly annotations: Annotations;
  /** Unit vector that points up in the view. */
  readonly up: Vec3;
  /** Instances this entity may draw. */
  readonly budget: number;
}

/** Radii of what has none, in UI points (negative by Rerun's convention), as measured on pictures of the real viewer. */
export const DEFAULT_POINT_RADIUS = -1.5;
export const DEFAULT_LINE_RADIUS = -1.5;
export const DEFAULT_ARROW_RADIUS = -1.15;
/** Of lines that only outline something: solids, cameras, skeletons. */
export const DEFAULT_OUTLINE_RADIUS = -0.75;

/** Entities with more instances show no labels unless told to. */
const MAX_AUTO_LABELS = 30;
/** Labels one entity can have at most. */
const MAX_LABELS = 200;

/** The cells of an archetype's components, and one key for all of them. */
export function readCells<const Names extends readonly string[]>(
  context: EntityContext,
  archetype: string,
  names: Names,
): { readonly cells: { readonly [K in Names[number]]: ComponentCell | undefined }; readonly key: string } {
  const cells = Object.fromEntries(names.map((name) => [name, context.reader.cell(context.entityPath, `${archetype}:${name}`)]));
  const usesAnnotations = cells.class_ids !== undefined || cells.keypoint_ids !== undefined;
  const parts = [archetype, context.entityPath, ...names.map((name) => cells[name]?.key ?? "")];
  if (usesAnnotations) parts.push(context.annotations.key);
  return { cells: cells as { readonly [K in Names[number]]: ComponentCell | undefined }, key: parts.join("|") };
}

interface StyleCells {
  readonly colors?: ComponentCell | undefined;
  readonly class_ids?: ComponentCell | undefined;
  readonly keypoint_ids?: ComponentCell | undefined;
  readonly labels?: ComponentCell | undefined;
  readonly show_labels?: ComponentCell | undefined;
}

/**
 * Packed colours of `count` instances, or one for all: what was logged (the last one repeats), else the classes' colours,
 * else the entity's own.
 */
export function resolveColors(context: EntityContext, cells: StyleCells, count: number): Uint32Array {
  const logged = readUint32(cells.colors);
  if (logged.length > 0) return stretchColors(logged, count);
  const classIds = readUint32(cells.class_ids);
  const keypointIds = readUint32(cells.keypoint_ids);
  if (classIds.length === 0 && keypointIds.length === 0) return Uint32Array.of(entityColor(context.entityPath));
  const distinct = Math.min(count, Math.max(classIds.length, keypointIds.length));
  const colors = Uint32Array.from({ length: distinct }, (_, i) =>
    context.annotations.color(clampedItem(classIds, i) ?? 0, clampedItem(keypointIds, i)),
  );
  return stretchColors(colors, count);
}

/** Radii of `count` instances, or one for all; values that are not finite become the default. */
export function resolveRadii(cell: ComponentCell | undefined, count: number, defaultRadius: number): Float32Array {
  const logged = readFloats(cell, 1);
  if (logged.length === 0) return Float32Array.of(defaultRadius);
  const length = logged.length === 1 ? 1 : count;
  if (logged.length >= length && logged.every(Number.isFinite)) return logged.subarray(0, length);
  return Float32Array.from({ length }, (_, i) => {
    const radius = logged[Math.min(i, logged.length - 1)] as number;
    return Number.isFinite(radius) ? radius : defaultRadius;
  });
}

/**
 * Labels of the instances at `positionOf`; one label for several instances stands in the middle of `middle`.
 * Without texts of their own, instances show the names of their classes.
 */
export function resolveLabels(
  context: EntityContext,
  cells: StyleCells,
  count: number,
  colors: Uint32Array,
  positionOf: (instance: number) => Vec3 | undefined,
  middle: () => Vec3,
  anchor: "above" | "center" = "above",
): readonly DraftLabel[] {
  const show = readBoolean(cells.show_labels);
  if (show === false || (show === undefined && count > MAX_AUTO_LABELS)) return [];
  const texts = readTexts(cells.labels);
  const colorOf = (i: number): number => colors[Math.min(i, colors.length - 1)] ?? 0;
  if (texts.length === 1 && count > 1) {
    return texts[0] === "" ? [] : [{ instance: 0, text: texts[0] as string, position: middle(), color: colorOf(0), anchor }];
  }
  const classIds = readUint32(cells.class_ids);
  const keypointIds = readUint32(cells.keypoint_ids);
  const hasClasses = (classIds.length > 0 || keypointIds.length > 0) && context.annotations !== NO_ANNOTATIONS;
  const labels: DraftLabel[] = [];
  for (let i = 0; i < count && labels.length < MAX_LABELS; i++) {
    const named = hasClasses ? context.annotations.label(clampedItem(classIds, i) ?? 0, clampedItem(keypointIds, i)) : undefined;
    const text = texts[i] ?? named;
    const position = text === undefined || text === "" ? undefined : positionOf(i);
    if (text !== undefined && position?.every(Number.isFinite))
      labels.push({ instance: i, text, position, color: colorOf(i), anchor });
    if (!hasClasses && i >= texts.length) break;
  }
  return labels;
}

/** Item `index` of a list whose last item repeats; `undefined` when it has none. */
export function clampedItem(values: ArrayLike<number>, index: number): number | undefined {
  return values.length === 0 ? undefined : values[Math.min(index, values.length - 1)];
}

/** Picks the values of `instances` out of a list with one value per instance or one for all. */
export function pick<T extends Float32Array | Uint32Array>(values: T, instances: Uint32Array, make: (length: number) => T): T {
  if (values.length <= 1) return values;
  const out = make(instances.length);
  for (let i = 0; i < instances.length; i++) out[i] = values[Math.min(instances[i] as number, values.length - 1)] as number;
  return out;
}

function stretchColors(colors: Uint32Array, count: number): Uint32Array {
  if (colors.length <= 1) return colors;
  if (colors.length >= count) return colors.subarray(0, count);
  const out = new Uint32Array(count).fill(colors[colors.length - 1] as number);
  out.set(colors);
  return out;
}
