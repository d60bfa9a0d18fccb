import uPlot from "uplot";
import { formatNumber, type TimeType } from "../../core/index.js";
import { formatTick } from "../state/format-time.js";
import { traceMarker } from "../views/markers.js";
import type { PlotColumns } from "../views/plot-data.js";
import type { SeriesSpec } from "../views/time-series.js";
import { tickStep, ticksBetween } from "../views/time-ticks.js";

/** Where x = 0 lies and what part of the timeline is shown, in numbers relative to it. */
export interface PlotSpan {
  readonly base: bigint;
  readonly min: number;
  readonly max: number;
  /** `undefined` when nothing depends on time. */
  readonly type: TimeType | undefined;
}

export interface PlotColors {
  readonly line: string;
  readonly text: string;
}

export interface PlotEvents {
  span(): PlotSpan;
  onZoom(min: number, max: number): void;
  onDraw(plot: uPlot): void;
}

const TICK_PX = 58;
const LABEL_CHAR_PX = 6;
const LABEL_GAP_PX = 16;
const FONT_PX = 10;
/** Room beside the plot, for half of the last label. */
const RIGHT_PX = 10;

/** A plot with our axes and styles; the caller owns it and destroys it. */
export function createPlot(
  parent: HTMLElement,
  series: readonly SeriesSpec[],
  colors: PlotColors,
  size: { readonly width: number; readonly height: number },
  events: PlotEvents,
): uPlot {
  const font = `${FONT_PX}px ${getComputedStyle(parent).fontFamily}`;
  const common = { stroke: colors.text, font, ticks: { show: false }, gap: 4 };
  return new uPlot(
    {
      ...size,
      padding: [6, RIGHT_PX, 0, 0],
      legend: { show: false },
      scales: { x: { time: false, range: () => [events.span().min, events.span().max] }, y: { range: yRange } },
      axes: [
        {
          ...common,
          show: true,
          size: 18,
          grid: { show: false },
          splits: (plot) => xTicks(events.span(), plot.bbox.width / devicePixelRatio).map(([x]) => x),
          values: (plot) => xTicks(events.span(), plot.bbox.width / devicePixelRatio).map(([, label]) => label),
        },
        {
          ...common,
          // At least two ticks also where a plot is low.
          space: (_plot, _axis, _min, _max, heightPx) => Math.max(15, Math.min(26, heightPx / 4)),
          size: (_, values) => Math.max(24, ...(values ?? []).map((value) => value.length * 5.7 + 10)),
          grid: { stroke: colors.line, width: 1 },
          values: (_, splits) => splits.map((value) => formatNumber(value)),
        },
      ],
      series: [{}, ...series.map(seriesOptions)],
      cursor: {
        x: false,
        y: false,
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false, dist: 5 },
        bind: { dblclick: () => null },
      },
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 5) return;
            events.onZoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        drawSeries: [(plot, at) => drawMarkers(plot, at, series[at - 1])],
        draw: [(plot) => events.onDraw(plot)],
      },
    },
    [[]],
    parent,
  );
}

/** Hands the columns over; uPlot's own type knows no read-only arrays. */
export function setPlotData(plot: uPlot, columns: PlotColumns): void {
  plot.setData(columns as unknown as uPlot.AlignedData);
}

function seriesOptions(spec: SeriesSpec): uPlot.Series {
  const { stepped } = uPlot.paths;
  const align = spec.interpolation === "stepBefore" ? -1 : 1;
  const paths = spec.interpolation === "linear" || stepped === undefined ? undefined : stepped({ align });
  return {
    stroke: spec.color,
    width: spec.widthPx,
    spanGaps: false,
    points: { show: false, fill: spec.color },
    ...(paths === undefined ? {} : { paths }),
  };
}

function yRange(_: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) {
    const pad = Math.abs(min) * 0.1 || 1;
    return [min - pad, max + pad];
  }
  const pad = (max - min) * 0.06;
  return [min - pad, max + pad];
}

function xTicks(span: PlotSpan, widthPx: number): readonly (readonly [number, string])[] {
  const { type, base, min, max } = span;
  if (type === undefined || widthPx <= 0) return [];
  const stepFor = (labelPx: number): number => tickStep(((max - min) / widthPx) * labelPx, type);
  // How long the labels are depends on the step: fractions of a second need more room than hours.
  const sample = formatTick(base + BigInt(Math.ceil(min)), type, stepFor(TICK_PX));
  const step = stepFor(Math.max(TICK_PX, sample.length * LABEL_CHAR_PX + LABEL_GAP_PX));
  const ticks = ticksBetween(base + BigInt(Math.ceil(min)), base + BigInt(Math.floor(max)), step, type);
  return ticks.map((tick) => {
    const x = Number(tick - base);
    const label = formatTick(tick, type, step);
    const endPx = ((x - min) / (max - min)) * widthPx + (label.length * LABEL_CHAR_PX) / 2;
    return [x, endPx > widthPx + RIGHT_PX ? "" : label]; // a label that would be cut is left out
  });
}

/** Markers of a points series; a line of a single point is drawn as one, else it could not be seen. */
function drawMarkers(plot: uPlot, at: number, spec: SeriesSpec | undefined): void {
  const xs = plot.data[0];
  const ys = plot.data[at];
  if (spec === undefined || ys === undefined) return;
  const present: number[] = [];
  for (let i = 0; i < ys.length; i++) if (ys[i] !== null && ys[i] !== undefined) present.push(i);
  const marker = spec.marker ?? (present.length === 1 ? "circle" : undefined);
  if (marker === undefined) return;
  const path = new Path2D();
  let isFilled = true;
  for (const i of present) {
    const x = plot.valToPos(xs[i] ?? 0, "x", true);
    const y = plot.valToPos(ys[i] ?? 0, "y", true);
    isFilled = traceMarker(path, marker, x, y, spec.markerPx * devicePixelRatio);
  }
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = spec.color;
  ctx.strokeStyle = spec.color;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  if (isFilled) ctx.fill(path);
  else ctx.stroke(path);
  ctx.restore();
}
