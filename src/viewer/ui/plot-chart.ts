import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { TimeRange } from "../../core/index.js";
import type { Theme } from "../state/theme.js";
import { plotColumns } from "../views/plot-data.js";
import type { SeriesPoints, SeriesSpec } from "../views/time-series.js";
import { createPlot, type PlotSpan, setPlotData } from "./plot-canvas.js";

/** What a plot shows, and where. */
export interface ChartProps {
  readonly box: RefObject<HTMLElement | null>;
  /** The line at the current time. */
  readonly cursor: RefObject<HTMLElement | null>;
  /** Of the box, in pixels; 0 until it is known. */
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly series: readonly SeriesSpec[];
  readonly span: PlotSpan;
  /** One for each series. */
  readonly points: readonly SeriesPoints[];
  /** The current time. */
  readonly time: bigint | undefined;
  setZoom(range: TimeRange): void;
}

/** Keeps a chart in the box as the props say, and frees it with the view. Another series or theme is another chart. */
export function usePlotChart(props: ChartProps): RefObject<uPlot | undefined> {
  const { box, width, height, theme, series, points } = props;
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const hasSize = width > 0 && height > 0;
  const styleKey = JSON.stringify(series);
  useEffect(() => {
    const parent = box.current;
    if (parent === null || !hasSize) return;
    const style = getComputedStyle(parent);
    const colors = { line: style.getPropertyValue("--line"), text: style.getPropertyValue("--muted") };
    const span = (): PlotSpan => latest.current.span;
    const timeAt = (x: number): bigint => span().base + BigInt(Math.round(x));
    const chart = createPlot(
      parent,
      series,
      colors,
      { width, height },
      {
        span,
        onZoom: (min, max) => latest.current.setZoom({ min: timeAt(min), max: timeAt(max) }),
        onDraw: (drawn) => placeCursor(latest.current, drawn),
      },
    );
    plot.current = chart;
    return () => {
      plot.current = undefined;
      chart.destroy();
    };
  }, [styleKey, theme, hasSize]);
  useEffect(() => {
    if (hasSize) plot.current?.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    if (plot.current !== undefined) setPlotData(plot.current, plotColumns(points));
  }, [points, styleKey, theme, hasSize]);
  useEffect(() => placeCursor(latest.current, plot.current));
  return plot;
}

/** Puts the line where the chart has the current time; outside of what is shown there is none. */
function placeCursor({ cursor, span, time }: ChartProps, chart: uPlot | undefined): void {
  const line = cursor.current;
  if (line === null || chart === undefined) return;
  const x = time === undefined ? Number.NaN : Number(time - span.base);
  const isInside = x >= span.min && x <= span.max;
  line.style.display = isInside ? "" : "none";
  if (!isInside) return;
  const { left, top, height } = chart.bbox;
  line.style.left = `${left / devicePixelRatio + chart.valToPos(x, "x")}px`;
  line.style.top = `${top / devicePixelRatio}px`;
  line.style.height = `${height / devicePixelRatio}px`;
}
