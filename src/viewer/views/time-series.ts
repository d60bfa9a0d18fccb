import { lastPart, seriesColor, unpackColor, valueAt } from "../../core/index.js";
import type { SeriesReply } from "../../link/client.js";
import type { ComponentCell, ViewQuery, ViewSpec } from "../state/view-query.js";

export const SCALARS = "Scalars:scalars";

export type Interpolation = "linear" | "stepAfter" | "stepBefore" | "stepMid";
export type Aggregation = "minMax" | "min" | "max" | "middle";
export type Marker = "circle" | "diamond" | "square" | "cross" | "plus" | "up" | "down" | "left" | "right" | "asterisk";

const INTERPOLATIONS: readonly Interpolation[] = ["linear", "stepAfter", "stepBefore", "stepMid"];
const AGGREGATIONS: readonly Aggregation[] = ["minMax", "middle", "max", "min", "minMax", "minMax"];
const MARKERS: readonly Marker[] = ["circle", "diamond", "square", "cross", "plus", "up", "down", "left", "right", "asterisk"];

/** One line or row of markers of a plot, as it shall look. */
export interface SeriesSpec {
  /** Entity path and instance. */
  readonly id: string;
  readonly entityPath: string;
  readonly instance: number;
  readonly name: string;
  /** CSS colour. */
  readonly color: string;
  readonly widthPx: number;
  readonly interpolation: Interpolation;
  readonly aggregation: Aggregation;
  readonly marker: Marker | undefined;
  readonly markerPx: number;
  /** As logged by `visible_series`; the user's own choice comes on top. */
  readonly isVisible: boolean;
}

/**
 * The series of a plot at the current time: one per scalar of each visible entity, styled by `SeriesLines` and `SeriesPoints`.
 *
 * @param counts how many scalars an entity is known to have; grows by what the query holds
 */
export function planSeries(spec: ViewSpec, query: ViewQuery, counts: Map<string, number>): readonly SeriesSpec[] {
  const series: SeriesSpec[] = [];
  for (const entityPath of spec.entities) {
    if (!query.isVisible(entityPath)) continue;
    const now = query.latestAt(entityPath, SCALARS);
    const count = Math.max(1, counts.get(entityPath) ?? 0, now === undefined ? 0 : now.end - now.start);
    counts.set(entityPath, count);
    const components = new Set(
      query.entities.find(({ path }) => path === entityPath)?.components.map((c) => c.descriptor.component),
    );
    const read = (component: string): ComponentCell | undefined =>
      components.has(component) ? query.latestAt(entityPath, component) : undefined;
    const isPoints = [...components].some((component) => component.startsWith("SeriesPoints:"));
    const isLines = !isPoints || [...components].some((component) => component.startsWith("SeriesLines:"));
    const kind = isLines ? "SeriesLines" : "SeriesPoints";
    const colors = read(`${kind}:colors`);
    const names = read(`${kind}:names`);
    const visible = read(`${kind}:visible_series`);
    const widths = read("SeriesLines:widths");
    const markers = read("SeriesPoints:markers");
    const markerSizes = read("SeriesPoints:marker_sizes");
    const interpolation = numberAt(read("SeriesLines:interpolation_mode"), 0);
    const aggregation = numberAt(read("SeriesLines:aggregation_policy"), 0);
    for (let instance = 0; instance < count; instance++) {
      const own = unpackColor(seriesColor(spec.entities, entityPath, instance)).slice(0, 3);
      const color = numberAt(colors, instance);
      const name = textAt(names, instance);
      series.push({
        id: `${entityPath}#${instance}`,
        entityPath,
        instance,
        name: name ?? (count > 1 ? `${lastPart(entityPath)}[${instance}]` : lastPart(entityPath)),
        color: color === undefined ? `rgb(${own.join(" ")})` : `#${color.toString(16).padStart(8, "0")}`,
        widthPx: isLines ? (numberAt(widths, instance) ?? 1.5) : 0,
        interpolation: INTERPOLATIONS[(interpolation ?? 1) - 1] ?? "linear",
        aggregation: AGGREGATIONS[(aggregation ?? 5) - 1] ?? "minMax",
        marker: isPoints ? (MARKERS[(numberAt(markers, instance) ?? 1) - 1] ?? "circle") : undefined,
        markerPx: numberAt(markerSizes, instance) ?? 3,
        isVisible: booleanAt(visible, instance) ?? true,
      });
    }
  }
  return series;
}

/** Points of one line, ready to draw: x relative to `base`. */
export interface SeriesPoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The points of a reduced series. A bucket with two values gives two points half a bucket apart, less than a pixel.
 *
 * @param base time that becomes x = 0, so that nanoseconds stay exact enough as numbers
 */
export function seriesPoints(reply: SeriesReply, spec: SeriesSpec, base: bigint, bucketWidth: number): SeriesPoints {
  const count = reply.times.length;
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = Number((reply.times[i] ?? 0n) - base);
    const min = reply.min[i] ?? Number.NaN;
    const max = reply.max[i] ?? Number.NaN;
    if (!reply.isReduced || min === max || Number.isNaN(min) || spec.aggregation === "min") push(at, min);
    else if (spec.aggregation === "max") push(at, max);
    else if (spec.aggregation === "middle") push(at, (min + max) / 2);
    else {
      push(at, min);
      push(at + bucketWidth / 2, max);
    }
  }
  const last = x.length - 1;
  if (spec.interpolation === "stepMid" && last > 0) {
    // Steps between two points are steps after their middles; the last value lasts until the last point.
    const [endX, endY] = [x[last] ?? 0, y[last] ?? 0];
    for (let i = last; i > 0; i--) x[i] = ((x[i - 1] ?? 0) + (x[i] ?? 0)) / 2;
    push(endX, endY);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };

  function push(px: number, py: number): void {
    // Times of one row each can be equal; x has to ascend.
    const last = x[x.length - 1];
    x.push(last !== undefined && px <= last ? last + Math.max(1e-6, bucketWidth * 1e-6) : px);
    y.push(py);
  }
}

function numberAt(cell: ComponentCell | undefined, instance: number): number | undefined {
  const value = elementAt(cell, instance);
  return typeof value === "number" ? value : undefined;
}

function textAt(cell: ComponentCell | undefined, instance: number): string | undefined {
  // One name for several series would make them all alike: only the series it was given for has it.
  if (cell === undefined || instance >= cell.end - cell.start) return undefined;
  const value = valueAt(cell.values, cell.start + instance);
  return typeof value === "string" ? value : undefined;
}

function booleanAt(cell: ComponentCell | undefined, instance: number): boolean | undefined {
  const value = elementAt(cell, instance);
  return typeof value === "boolean" ? value : undefined;
}

/** The instance's value; the last one holds for all further instances. */
function elementAt(cell: ComponentCell | undefined, instance: number): unknown {
  if (cell === undefined || cell.end <= cell.start) return undefined;
  return valueAt(cell.values, Math.min(cell.start + instance, cell.end - 1));
}
