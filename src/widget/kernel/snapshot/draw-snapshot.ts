/**
 * A still picture of a recording as one self-contained SVG, drawn without a browser: it stands for the viewer where there is no
 * kernel, in saved and exported notebooks.
 */
import type { Chunk } from "../../../chunk/index.js";
import { isAtOrBelow, parentPath, type RecordingInfo } from "../../../core/index.js";
import type { ViewerOptions } from "../../wire.js";
import { embeddedFiles, imageEntities } from "./image-pixels.js";
import { documentPanel, imagePanel, logPanel, panelName, plotName, plotPanel } from "./panels.js";
import { encodeDrawing } from "./png.js";
import { drawScene, spaces3D } from "./scene3d.js";
import { SnapshotSource } from "./source.js";
import { COLORS, escapeXml, imageAt, px, type Rect, shorten, textAt } from "./svg.js";

interface Panel {
  readonly name: string;
  readonly draw: (rect: Rect, quality: number) => string;
}

const WIDTH = 860;
const BAR = 28;
const TITLE = 18;
const MAX_PANELS = 9;
const MAX_BYTES = 160_000;
const MIN_QUALITY = 0.15;

/**
 * HTML with the picture, of at most about 160 kB.
 *
 * @param chunks all chunks of the recording
 */
export function drawSnapshot(chunks: Iterable<Chunk>, info: RecordingInfo, options: ViewerOptions): string {
  const source = new SnapshotSource(chunks, options.timeline);
  const height = heightOf(options);
  let quality = 1;
  let svg = drawSvg(source, info, height, quality);
  // The size of the pictures in it goes with the square of the quality, about: two more tries come close to the limit.
  for (let tries = 0; tries < 3 && svg.length > MAX_BYTES; tries++) {
    quality = Math.max(MIN_QUALITY, quality * Math.min(0.85, Math.sqrt(MAX_BYTES / svg.length) * 0.92));
    svg = drawSvg(source, info, height, quality);
  }
  return wrap(svg.length <= MAX_BYTES ? svg : drawSvg(source, info, height, MIN_QUALITY));
}

/** The same with a sentence in place of the views: there is nothing in memory to draw. */
export function drawPlaceholder(name: string, sentence: string, options: ViewerOptions): string {
  const body = textAt(12, BAR + 24, sentence, { color: COLORS.muted });
  return wrap(drawFrame(name, heightOf(options), body, "Run the cell to interact."));
}

function heightOf({ height }: ViewerOptions): number {
  return Math.min(600, Math.max(200, height));
}

function wrap(svg: string): string {
  return `<div data-rerun-viewer="snapshot" style="max-width:${WIDTH}px">${svg}</div>`;
}

function drawSvg(source: SnapshotSource, info: RecordingInfo, height: number, quality: number): string {
  const name = info.name ?? info.applicationId;
  const panels = choosePanels(source);
  const body = { x: 0, y: BAR, width: WIDTH, height: height - 2 * BAR };
  const drawn = arrange(panels, body).map(([panel, rect], i) => drawPanel(panel, rect, panels.length > 1, i, quality));
  const empty = textAt(12, BAR + 24, "Nothing was logged yet.", { color: COLORS.muted });
  const numEntities = source.entities().length;
  const counts = `${numEntities} ${numEntities === 1 ? "entity" : "entities"}, ${source.numRows} ${source.numRows === 1 ? "row" : "rows"}`;
  return drawFrame(
    name,
    height,
    panels.length === 0 ? empty : drawn.join(""),
    `Still picture: ${counts}. Run the cell to interact.`,
  );
}

/** The bars above and below, with what is between them. */
function drawFrame(name: string, height: number, inner: string, note: string): string {
  const bar = textAt(12, 18, shorten(name, 400), { weight: 600 });
  const foot = textAt(12, height - 10, note, { color: COLORS.muted });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="100%" role="img"`,
    ` aria-label="${escapeXml(`Rerun viewer of ${name}`)}"`,
    ' font-family="system-ui,sans-serif" font-size="11">',
    `<rect x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="4" fill="${COLORS.surface}" stroke="${COLORS.line}"/>`,
    bar,
    inner,
    `<path d="M0 ${BAR}h${WIDTH}M0 ${height - BAR}h${WIDTH}" stroke="${COLORS.line}"/>`,
    foot,
    "</svg>",
  ].join("");
}

function drawPanel(panel: Panel, rect: Rect, hasTitle: boolean, index: number, quality: number): string {
  const id = `rerun-ts-panel-${index}`;
  const inner = hasTitle ? { ...rect, y: rect.y + TITLE, height: rect.height - TITLE } : rect;
  const box = `x="${px(rect.x)}" y="${px(rect.y)}" width="${px(rect.width)}" height="${px(rect.height)}"`;
  const clip = `<clipPath id="${id}"><rect ${box}/></clipPath>`;
  const title = hasTitle ? textAt(rect.x + 8, rect.y + 13, shorten(panel.name, rect.width - 16), { color: COLORS.muted }) : "";
  const frame = `<rect ${box} fill="none" stroke="${COLORS.line}"/>`;
  return `${clip}<g clip-path="url(#${id})">${panel.draw(inner, quality)}${title}</g>${frame}`;
}

/** The same views a viewer would lay out: 3D, images, plots, documents, logs. */
function choosePanels(source: SnapshotSource): Panel[] {
  const panels: Panel[] = [];
  for (const space of spaces3D(source)) {
    panels.push({
      name: space.origin === "/" ? commonName(space.entities) : space.origin.slice(1),
      draw: (rect, quality) => {
        const pixels = drawScene(source, space, Math.round(rect.width * quality), Math.round(rect.height * quality));
        return imageAt(rect, "image/png", encodeDrawing(pixels));
      },
    });
  }
  const embedded = embeddedFiles(source);
  for (const path of imageEntities(source)) {
    panels.push({
      name: path.slice(1),
      draw: (rect, quality) => imagePanel(source, path, rect, Math.round(320 * quality), embedded.has(path)),
    });
  }
  for (const paths of byParent(source.entitiesWith("Scalars:scalars"))) {
    panels.push({ name: plotName(paths), draw: (rect) => plotPanel(source, paths, rect) });
  }
  for (const path of source.entitiesWith("TextDocument:text")) {
    panels.push({ name: path.slice(1), draw: (rect) => documentPanel(source, path, rect) });
  }
  const logs = source.entitiesWith("TextLog:text");
  if (logs.length > 0) panels.push({ name: panelName(logs), draw: (rect) => logPanel(source, logs, rect) });
  return panels.slice(0, MAX_PANELS);
}

function commonName(paths: readonly string[]): string {
  let common: string | undefined = paths[0];
  while (common !== undefined && !paths.every((path) => isAtOrBelow(path, common ?? "/"))) common = parentPath(common);
  return common === undefined || common === "/" ? "/" : common.slice(1);
}

function byParent(paths: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const parent = parentPath(path) ?? "/";
    groups.set(parent, [...(groups.get(parent) ?? []), path]);
  }
  return [...groups.values()];
}

/** The first panel large on the left, the others stacked on the right; more than three others in two columns. */
function arrange(panels: readonly Panel[], body: Rect): [Panel, Rect][] {
  const [first, ...others] = panels;
  if (first === undefined) return [];
  if (others.length === 0) return [[first, body]];
  const columns = others.length > 3 ? 2 : 1;
  const rows = Math.ceil(others.length / columns);
  const leftWidth = Math.round(body.width * (columns === 2 ? 0.46 : 0.58));
  const cell = { width: (body.width - leftWidth) / columns, height: body.height / rows };
  const placed = others.map((panel, i): [Panel, Rect] => {
    const x = body.x + leftWidth + (i % columns) * cell.width;
    return [panel, { x, y: body.y + Math.floor(i / columns) * cell.height, ...cell }];
  });
  return [[first, { ...body, width: leftWidth }], ...placed];
}
