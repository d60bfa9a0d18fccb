import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { formatTime, type TimeRange } from "../../core/index.js";
import { dataDensity } from "../state/data-times.js";
import { fractionOf, moveTo, selectRange, type TimelineSpan, timeAt } from "../state/time-control.js";
import { useElementSize } from "./element-size.js";
import { useViewer } from "./viewer-context.js";

/** The whole timeline as a slider: ticks where data are, a handle at the current time. Shift and drag selects a range. */
export function TimeTrack(props: {
  readonly timeline: TimelineSpan;
  readonly time: bigint;
  readonly selection: TimeRange | undefined;
}): JSX.Element {
  const { model } = useViewer();
  const { timeline, time, selection } = props;
  const { range } = timeline;
  const track = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(track);
  const drag = useRef<{ readonly from: bigint; readonly isRange: boolean } | undefined>(undefined);
  const timeOf = (clientX: number): bigint => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? range.min : timeAt(range, (clientX - box.left) / box.width);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    track.current?.setPointerCapture(event.pointerId);
    const from = timeOf(event.clientX);
    drag.current = { from, isRange: event.shiftKey };
    if (!event.shiftKey) model.setTime(moveTo(model.time.value, from));
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current === undefined) return;
    const to = timeOf(event.clientX);
    const { from, isRange } = drag.current;
    if (!isRange) model.setTime(moveTo(model.time.value, to));
    else if (to !== from)
      model.setTime(selectRange(model.time.value, to < from ? { min: to, max: from } : { min: from, max: to }));
  };
  const part = fractionOf(range, time);
  const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;
  return (
    <div
      class="track"
      ref={track}
      role="slider"
      tabIndex={0}
      aria-label={`Time on ${timeline.name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part * 100)}
      aria-valuetext={formatTime(time, timeline.type)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      onDblClick={() => model.setTime(selectRange(model.time.value, undefined))}
    >
      <DensityTicks timeline={timeline} width={Math.round(width)} />
      <i />
      {selection !== undefined && (
        <span
          class="range"
          style={{
            left: percent(fractionOf(range, selection.min)),
            width: percent(fractionOf(range, selection.max) - fractionOf(range, selection.min)),
          }}
        />
      )}
      <em style={{ width: percent(part) }} />
      <b style={{ left: percent(part) }} />
    </div>
  );
}

const TICK_PX = 5;

function DensityTicks({ timeline, width }: { readonly timeline: TimelineSpan; readonly width: number }): JSX.Element {
  const { model } = useViewer();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { chunks } = model.index.value;
  const theme = model.theme.value;
  const ticks = Math.max(1, Math.floor(width / TICK_PX));
  const { min, max } = timeline.range;
  const density = useMemo(
    () => dataDensity(chunks.values(), timeline.name, { min, max }, ticks),
    [chunks, timeline.name, min, max, ticks],
  );
  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext("2d");
    if (target === null || context === null || context === undefined || width === 0) return;
    const scale = devicePixelRatio;
    target.width = Math.round(width * scale);
    target.height = Math.round(9 * scale);
    context.scale(scale, scale);
    context.fillStyle = getComputedStyle(target).getPropertyValue("--muted");
    const most = density.reduce((a, b) => Math.max(a, b), 1);
    density.forEach((rows, i) => {
      if (rows <= 0) return;
      const strength = Math.sqrt(rows / most);
      context.globalAlpha = 0.25 + 0.55 * strength;
      const height = 3 + 5 * strength;
      context.fillRect(((i + 0.5) / ticks) * width - 0.5, 8.5 - height, 1, height);
    });
  }, [density, width, ticks, theme]);
  return <canvas ref={canvas} />;
}
