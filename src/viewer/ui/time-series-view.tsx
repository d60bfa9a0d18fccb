import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatNumber, type TimeRange } from "../../core/index.js";
import { formatTimeShort } from "../state/format-time.js";
import { formatCount } from "../state/format-value.js";
import { currentTimeline, moveTo } from "../state/time-control.js";
import { planSeries, SCALARS, type SeriesPoints, type SeriesSpec, seriesPoints } from "../views/time-series.js";
import { useElementSize } from "./element-size.js";
import type { PlotSpan } from "./plot-canvas.js";
import { usePlotChart } from "./plot-chart.js";
import { Legend } from "./plot-legend.js";
import { nearestSeries, type SeriesHit, usePlotPointer } from "./plot-pointer.js";
import { useLoadedSeries } from "./plot-series.js";
import type { ViewProps } from "./view-props.js";
import { useViewer } from "./viewer-context.js";

/** Scalars over time. The time cursor can be dragged; drag zooms, double click shows everything. */
export function TimeSeriesView(props: ViewProps): JSX.Element {
  const { spec, query, theme, hasFocus, noData, onStateLine, onFirstFrame, onSelect, resetRequest } = props;
  const { model } = useViewer();
  const box = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const counts = useRef(new Map<string, number>());
  const { width, height } = useElementSize(box);
  const [zoom, setZoom] = useState<TimeRange | undefined>(undefined);
  const [switched, setSwitched] = useState<ReadonlySet<string>>(new Set());
  const [, redraw] = useState({});
  const [tip, setTip] = useState<{ readonly x: number; readonly y: number; readonly text: string } | undefined>(undefined);
  useEffect(() => setZoom(undefined), [resetRequest, query.timeline]);

  const timeline = currentTimeline(model.time.value);
  const all = planSeries(spec, query, counts.current);
  const isOff = (one: SeriesSpec): boolean => one.isVisible === switched.has(one.id);
  const series = useStable(all.filter((one) => !isOff(one)));
  const moving = useStable(series.filter((one) => staticValue(props, one) === undefined));
  const full = useStable(dataRange(props, model.recording.chunksOf.bind(model.recording)));
  const shown = zoom ?? full;
  const loaded = useLoadedSeries(moving, query.timeline, shown, Math.round(width));

  useEffect(() => {
    for (const one of moving) {
      const known = loaded?.replies.get(one.id)?.numInstances ?? 0;
      if (known <= (counts.current.get(one.entityPath) ?? 0)) continue;
      counts.current.set(one.entityPath, known);
      redraw({});
    }
  }, [loaded]);

  // What is drawn lags behind what is asked: points keep the range they were asked for.
  const span = useMemo<PlotSpan>(
    () => spanOf(shown, query.timeline === undefined ? undefined : timeline?.type),
    [shown, query.timeline, timeline?.type],
  );
  const points = useMemo(() => {
    const bucket = loaded === undefined ? 0 : Number(loaded.range.max - loaded.range.min) / Math.max(1, loaded.buckets);
    return series.map((one): SeriesPoints => {
      const constant = staticValue(props, one);
      if (constant !== undefined) return { x: Float64Array.of(span.min, span.max), y: Float64Array.of(constant, constant) };
      const reply = loaded?.replies.get(one.id);
      return reply === undefined ? NO_POINTS : seriesPoints(reply, one, span.base, bucket);
    });
  }, [series, loaded, span]);

  const plot = usePlotChart({ box, cursor, width, height, theme, series, span, points, time: query.time, setZoom });
  useEffect(() => {
    if (plot.current !== undefined && points.some(({ x }) => x.length > 0)) onFirstFrame();
  }, [points, width > 0 && height > 0]);

  const reduced = [...(loaded?.replies.values() ?? [])].filter((reply) => reply.isReduced);
  const total = reduced.reduce((sum, reply) => sum + reply.numPoints, 0);
  const hasNoPoints = full === undefined && series.length > 0 && moving.length === series.length;
  const line =
    (all.length === 0 || hasNoPoints) && !query.isPending
      ? noData
      : reduced.length > 0
        ? `min and max of ${formatCount(total)} points`
        : undefined;
  useEffect(() => onStateLine(line), [line]);

  const nearest = (event: MouseEvent): SeriesHit | undefined => {
    const chart = plot.current;
    return chart === undefined ? undefined : nearestSeries(chart, series, points, event);
  };
  const describe = ({ spec: one, x, y }: SeriesHit): string => {
    const time =
      timeline === undefined ? "" : ` at ${formatTimeShort(span.base + BigInt(Math.round(x)), timeline.type, timeline.range)}`;
    return `${one.name} ${formatNumber(y)}${time}`;
  };
  usePlotPointer(box, cursor, plot, hasFocus, {
    onHover: (event) => {
      const hit = event === undefined ? undefined : nearest(event);
      const frame = box.current?.getBoundingClientRect();
      if (hit === undefined || event === undefined || frame === undefined) setTip(undefined);
      else setTip({ x: event.clientX - frame.left, y: event.clientY - frame.top, text: describe(hit) });
    },
    onClick: (event) => {
      const hit = nearest(event)?.spec;
      const item = hit === undefined ? undefined : { entityPath: hit.entityPath, instance: hit.instance };
      onSelect(item, event.ctrlKey || event.metaKey);
    },
    onReset: () => setZoom(undefined),
    onMoveTime: (x) => model.setTime(moveTo(model.time.value, span.base + BigInt(Math.round(x)))),
    onZoom: (at, factor) => {
      const [from, to] = [at - (at - span.min) * factor, at + (span.max - at) * factor];
      if (to - from >= 2) setZoom({ min: span.base + BigInt(Math.round(from)), max: span.base + BigInt(Math.round(to)) });
    },
  });

  return (
    <div class="plot" ref={box} role="img" aria-label={`Plot of ${series.map(({ name }) => name).join(", ")}`}>
      <div class="cursor" ref={cursor} style={{ display: "none" }} />
      <Legend
        series={all}
        isOff={isOff}
        toggle={(id) => {
          const next = new Set(switched);
          if (!next.delete(id)) next.add(id);
          setSwitched(next);
        }}
      />
      {tip !== undefined && (
        <div
          class="tip"
          style={{
            top: `${tip.y + 8}px`,
            ...(tip.x > width / 2 ? { right: `${width - tip.x + 10}px` } : { left: `${tip.x + 12}px` }),
          }}
        >
          {tip.text}
        </div>
      )}
    </div>
  );
}

const NO_POINTS: SeriesPoints = { x: new Float64Array(), y: new Float64Array() };

/** The same object as before as long as its content is the same. */
function useStable<T>(value: T): T {
  const kept = useRef(value);
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `${member}n` : member));
  const keptText = useRef(text);
  if (keptText.current !== text) {
    kept.current = value;
    keptText.current = text;
  }
  return kept.current;
}

/** The value of a series that was logged static: the same at all times. */
function staticValue(props: ViewProps, spec: SeriesSpec): number | undefined {
  const cell = props.query.latestAt(spec.entityPath, SCALARS);
  if (cell === undefined || cell.time !== undefined) return undefined;
  const value = cell.values.values?.[cell.start + spec.instance];
  return value === undefined ? undefined : Number(value);
}

/** First and last time of anything in the plot. */
function dataRange(
  props: ViewProps,
  chunksOf: (entityPath: string, component: string) => readonly { readonly timelines: ReadonlyMap<string, TimeRange> }[],
): TimeRange | undefined {
  const { timeline } = props.query;
  if (timeline === undefined) return undefined;
  let range: TimeRange | undefined;
  for (const entityPath of props.spec.entities) {
    for (const chunk of chunksOf(entityPath, SCALARS)) {
      const own = chunk.timelines.get(timeline);
      if (own === undefined) continue;
      range ??= own;
      if (own.min < range.min) range = { min: own.min, max: range.max };
      if (own.max > range.max) range = { min: range.min, max: own.max };
    }
  }
  return range;
}

function spanOf(range: TimeRange | undefined, type: PlotSpan["type"]): PlotSpan {
  if (range === undefined) return { base: 0n, min: 0, max: 1, type: undefined };
  const width = Number(range.max - range.min);
  const pad = width > 0 ? 0 : type === "sequence" ? 1 : 5e8;
  return { base: range.min, min: -pad, max: width + pad, type };
}
