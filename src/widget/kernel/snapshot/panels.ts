/** The flat parts of the picture: images, plots, log lines, documents. Each gives SVG text inside its rectangle. */
import { entityColor, isAtOrBelow, lastPart, parentPath, seriesColor, unpackColor } from "../../../core/index.js";
import { numbers2D, thumbnail } from "./image-pixels.js";
import { encodePng } from "./png.js";
import type { SnapshotSource } from "./source.js";
import { COLORS, css, imageAt, px, type Rect, shorten, textAt } from "./svg.js";
import { colorsOf, countOf, numbersOf, textOf } from "./values.js";

const LINE_HEIGHT = 15;
const MAX_SHAPES = 200;
const MAX_SERIES = 8;

/** @param maxPixels width of the thumbnail at most */
export function imagePanel(
  source: SnapshotSource,
  entityPath: string,
  rect: Rect,
  maxPixels: number,
  isEmbedded: boolean,
): string {
  const image = thumbnail(
    source,
    entityPath,
    Math.min(maxPixels, rect.width),
    Math.min(maxPixels * 0.75, rect.height),
    isEmbedded,
  );
  if (image === undefined) return textAt(rect.x + 8, rect.y + 18, "Image", { color: COLORS.muted });
  const scale = Math.min(rect.width / image.width, rect.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const place = { x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 2, width, height };
  const outline = `<rect x="${px(place.x)}" y="${px(place.y)}" width="${px(width)}" height="${px(height)}" fill="#eef0f2"/>`;
  const size = textAt(place.x + 8, place.y + 18, `${image.width} × ${image.height} pixels`, { color: COLORS.muted });
  const picture =
    image.pixels !== undefined
      ? imageAt(place, "image/png", encodePng(image.pixels))
      : image.file !== undefined
        ? imageAt(place, image.file.mediaType, image.file.bytes)
        : outline + size;
  return picture + overlays(source, entityPath, place, scale);
}

/** 2D shapes at, below and beside the image. */
function overlays(source: SnapshotSource, imagePath: string, place: Rect, scale: number): string {
  const near = parentPath(imagePath) ?? imagePath;
  const origin = near === "/" ? imagePath : near;
  return source
    .entities()
    .filter((path) => isAtOrBelow(path, origin))
    .map((path) => shapes(source, path, (v, i) => px((i % 2 === 0 ? place.x : place.y) + v * scale), scale))
    .join("");
}

function shapes(source: SnapshotSource, path: string, at: (value: number, axis: number) => string, scale: number): string {
  const parts: string[] = [];
  const halves = numbers2D(source, path, "Boxes2D:half_sizes");
  const centers = numbers2D(source, path, "Boxes2D:centers");
  const boxColor = colorsOf(source.latest(path, "Boxes2D:colors"), halves.length / 2, entityColor(path));
  for (let i = 0; i < Math.min(halves.length / 2, MAX_SHAPES); i++) {
    const [hw = 0, hh = 0, cx = 0, cy = 0] = [halves[i * 2], halves[i * 2 + 1], centers[i * 2], centers[i * 2 + 1]];
    const size = `width="${px(hw * 2 * scale)}" height="${px(hh * 2 * scale)}"`;
    parts.push(
      `<rect x="${at(cx - hw, 0)}" y="${at(cy - hh, 1)}" ${size} fill="none" stroke="${css(boxColor(i))}" stroke-width="1.5"/>`,
    );
  }
  const points = numbers2D(source, path, "Points2D:positions");
  const pointColor = colorsOf(source.latest(path, "Points2D:colors"), points.length / 2, entityColor(path));
  for (let i = 0; i < Math.min(points.length / 2, MAX_SHAPES); i++) {
    parts.push(
      `<circle cx="${at(points[i * 2] ?? 0, 0)}" cy="${at(points[i * 2 + 1] ?? 0, 1)}" r="2" fill="${css(pointColor(i))}"/>`,
    );
  }
  const strips = source.latest(path, "LineStrips2D:strips");
  const child = strips?.values.children?.[0];
  if (strips !== undefined && child !== undefined) {
    const color = colorsOf(source.latest(path, "LineStrips2D:colors"), countOf(strips), entityColor(path));
    for (let i = strips.start; i < Math.min(strips.end, strips.start + MAX_SHAPES); i++) {
      const [start = 0, end = 0] = [strips.values.offsets?.[i], strips.values.offsets?.[i + 1]];
      const flat = numbersOf({ values: child, start, end }, 2);
      parts.push(`<polyline points="${Array.from(flat, at).join(" ")}" fill="none" stroke="${css(color(i - strips.start))}"/>`);
    }
  }
  return parts.join("");
}

/** Scalars of the entities over the timeline, one line each. */
export function plotPanel(source: SnapshotSource, entityPaths: readonly string[], rect: Rect): string {
  const lines = entityPaths.slice(0, MAX_SERIES).flatMap((path) => seriesOf(source, path, entityPaths));
  const finite = lines.flatMap((line) => line.values).filter(Number.isFinite);
  if (finite.length === 0) return textAt(rect.x + 8, rect.y + 18, "No finite values", { color: COLORS.muted });
  const times = lines.flatMap((line) => line.times);
  const [t0, t1] = [minOf(times), maxOf(times)];
  const [v0, v1] = [minOf(finite), maxOf(finite)];
  const plot = { x: rect.x + 44, y: rect.y + 8, width: rect.width - 54, height: rect.height - 20 };
  const x = (t: number) => plot.x + ((t - t0) / (t1 - t0 || 1)) * plot.width;
  const y = (v: number) => plot.y + plot.height - ((v - v0) / (v1 - v0 || 1)) * plot.height;
  const grid = roundValues(v0, v1).map((v) => {
    const rule = `<path d="M${px(plot.x)} ${px(y(v))}h${px(plot.width)}" stroke="${COLORS.line}"/>`;
    return rule + textAt(rect.x + 4, y(v) + 4, shortNumber(v), { color: COLORS.muted });
  });
  const drawn = lines.map(({ color, times: ts, values }) => {
    const points = reduceSeries(ts, values, Math.round(plot.width / 2)).filter((p) => Number.isFinite(p[1]));
    const d = points.map(([t, v], i) => `${i === 0 ? "M" : "L"}${px(x(t))} ${px(y(v))}`).join("");
    return `<path d="${d}" fill="none" stroke="${color}" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>`;
  });
  return grid.join("") + drawn.join("");
}

/** Round numbers from `low` to `high`, two to six of them; the number itself when they are one. */
function roundValues(low: number, high: number): number[] {
  const least = (high - low) / 5;
  if (!(least > 0) || !Number.isFinite(least)) return [low];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

interface Line {
  readonly color: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

function seriesOf(source: SnapshotSource, path: string, entityPaths: readonly string[]): Line[] {
  const rows = source.rows(path, "Scalars:scalars");
  const first = rows[0]?.time ?? 0n;
  const cells = rows.map((row) => numbersOf(row.cell, 1));
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);
  const logged = source.latest(path, "SeriesLines:colors");
  const color = (i: number) =>
    logged === undefined ? unpackColor(seriesColor(entityPaths, path, i)) : colorsOf(logged, width, 0)(i);
  const times = rows.map((row) => Number(row.time - first) + Number(first));
  return Array.from({ length: Math.min(width, MAX_SERIES) }, (_, i) => ({
    color: css(color(i)),
    times,
    values: cells.map((cell) => cell[i] ?? Number.NaN),
  }));
}

/** At most two points for each bucket: its smallest and its greatest value. */
function reduceSeries(times: readonly number[], values: readonly number[], buckets: number): (readonly [number, number])[] {
  const all = times.map((t, i) => [t, values[i] ?? Number.NaN] as const);
  if (all.length <= buckets * 2) return all;
  const out: (readonly [number, number])[] = [];
  const perBucket = Math.ceil(all.length / buckets);
  for (let start = 0; start < all.length; start += perBucket) {
    const bucket = all.slice(start, start + perBucket).filter((p) => Number.isFinite(p[1]));
    if (bucket.length === 0) continue;
    const low = bucket.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = bucket.reduce((a, b) => (b[1] > a[1] ? b : a));
    out.push(...(low[0] <= high[0] ? [low, high] : [high, low]));
  }
  return out;
}

const LEVEL_COLORS: { readonly [level: string]: string } = {
  WARN: "#b35c00",
  ERROR: "#c1121f",
  CRITICAL: "#c1121f",
  INFO: "#0a7d4f",
};

/** The last lines of all logs. */
export function logPanel(source: SnapshotSource, entityPaths: readonly string[], rect: Rect): string {
  const lines = entityPaths.flatMap((path) => {
    const rows = source.rows(path, "TextLog:text");
    const levels = new Map(source.rows(path, "TextLog:level").map((row) => [row.time, textOf(row.cell)]));
    return rows.map((row) => ({ time: row.time, text: textOf(row.cell) ?? "", level: levels.get(row.time) ?? "" }));
  });
  lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const shown = lines.slice(-Math.max(1, Math.floor((rect.height - 6) / LINE_HEIGHT)));
  return shown
    .map(({ text, level }, i) => {
      const y = rect.y + 15 + i * LINE_HEIGHT;
      const label = textAt(rect.x + 8, y, level, { color: LEVEL_COLORS[level] ?? COLORS.muted });
      return (level === "" ? "" : label) + textAt(rect.x + (level === "" ? 8 : 64), y, shorten(text, rect.width - 76));
    })
    .join("");
}

/** The first lines of a document, without its marks. */
export function documentPanel(source: SnapshotSource, entityPath: string, rect: Rect): string {
  const text = textOf(source.latest(entityPath, "TextDocument:text")) ?? "";
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(0, Math.max(1, Math.floor((rect.height - 6) / LINE_HEIGHT)));
  return shown
    .map((line, i) => {
      const plain = line.replaceAll(/^#+\s*|[*_`]/g, "");
      const options = line.startsWith("#") ? { weight: 600 } : {};
      return textAt(rect.x + 8, rect.y + 15 + i * LINE_HEIGHT, shorten(plain, rect.width - 16), options);
    })
    .join("");
}

/** Name of a plot: its parent entity, and its series where it has one. */
export function plotName(entityPaths: readonly string[]): string {
  const [only = "/"] = entityPaths;
  const parent = parentPath(only) ?? "/";
  const isOne = entityPaths.length === 1 && parent !== "/";
  return isOne ? `${lastPart(parent)}/${lastPart(only)}` : panelName(entityPaths);
}

/** Name of a panel of several entities: their common parent, else the first. */
export function panelName(entityPaths: readonly string[]): string {
  const first = entityPaths[0] ?? "/";
  const parent = parentPath(first);
  if (entityPaths.length === 1 || parent === undefined || parent === "/") return lastPart(first);
  return lastPart(parent);
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

function minOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function maxOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
