import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { nearestIndex } from "../views/plot-data.js";
import type { SeriesPoints, SeriesSpec } from "../views/time-series.js";

const HIT_PX = 18;
const CLICK_PX = 4;

/** A point of a series near the pointer; x and y as in the plot's data. */
export interface SeriesHit {
  readonly spec: SeriesSpec;
  readonly x: number;
  readonly y: number;
}

export interface PlotPointerEvents {
  /** `undefined` = the pointer left, or a button is down. */
  onHover(event: PointerEvent | undefined): void;
  onClick(event: MouseEvent): void;
  onReset(): void;
  onMoveTime(x: number): void;
  /** Zooms by `factor` (< 1 = closer) around x. */
  onZoom(x: number, factor: number): void;
}

/** The series whose point at the pointer's x is nearest to the pointer, if one is near. */
export function nearestSeries(
  plot: uPlot,
  series: readonly SeriesSpec[],
  points: readonly (SeriesPoints | undefined)[],
  event: MouseEvent,
): SeriesHit | undefined {
  const area = plot.over.getBoundingClientRect();
  const at = plot.posToVal(event.clientX - area.left, "x");
  let best: SeriesHit | undefined;
  let bestPx = HIT_PX;
  series.forEach((spec, i) => {
    const own = points[i];
    const index = own === undefined ? -1 : nearestIndex(own.x, at);
    const [x, y] = [own?.x[index], own?.y[index]];
    if (x === undefined || y === undefined) return;
    const [left, top] = [area.left + plot.valToPos(x, "x"), area.top + plot.valToPos(y, "y")];
    const distance = Math.hypot(left - event.clientX, top - event.clientY);
    if (distance < bestPx) {
      bestPx = distance;
      best = { spec, x, y };
    }
  });
  return best;
}

/**
 * What the pointer does in a plot: hover and click, double click to show everything, the cursor line to move in time.
 * The wheel zooms only in a view that has the focus; else it scrolls the page.
 */
export function usePlotPointer(
  box: RefObject<HTMLElement | null>,
  cursor: RefObject<HTMLElement | null>,
  plot: RefObject<uPlot | undefined>,
  hasFocus: boolean,
  events: PlotPointerEvents,
): void {
  const live = useRef(events);
  live.current = events;
  useEffect(() => {
    const [target, line] = [box.current, cursor.current];
    if (target === null || line === null) return;
    const page = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      element: HTMLElement,
      type: K,
      listen: (event: HTMLElementEventMap[K]) => void,
    ): void => element.addEventListener(type, listen, { signal: page.signal });
    const isOnPlot = (event: Event): boolean =>
      event.target instanceof Element && event.target.closest(".legend, .cursor") === null;
    let down = { x: 0, y: 0 };
    on(target, "pointermove", (event) => live.current.onHover(event.buttons === 0 && isOnPlot(event) ? event : undefined));
    on(target, "pointerleave", () => live.current.onHover(undefined));
    on(target, "pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    on(target, "click", (event) => {
      if (isOnPlot(event) && Math.hypot(event.clientX - down.x, event.clientY - down.y) <= CLICK_PX) live.current.onClick(event);
    });
    on(target, "dblclick", (event) => {
      if (isOnPlot(event)) live.current.onReset();
    });
    on(line, "pointerdown", (event) => {
      line.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    on(line, "mousedown", (event) => event.stopPropagation());
    on(line, "pointermove", (event) => {
      const chart = plot.current;
      if (chart === undefined || !line.hasPointerCapture(event.pointerId)) return;
      const area = chart.over.getBoundingClientRect();
      live.current.onMoveTime(chart.posToVal(Math.min(area.width, Math.max(0, event.clientX - area.left)), "x"));
    });
    return () => page.abort();
  }, [box, cursor, plot]);
  useEffect(() => {
    const target = box.current;
    if (target === null || !hasFocus) return;
    const onWheel = (event: WheelEvent): void => {
      const chart = plot.current;
      if (chart === undefined) return;
      event.preventDefault();
      const strength = Math.sign(event.deltaY) * Math.min(60, Math.abs(event.deltaY)) * 0.003;
      live.current.onZoom(chart.posToVal(event.clientX - chart.over.getBoundingClientRect().left, "x"), Math.exp(strength));
    };
    target.addEventListener("wheel", onWheel, { passive: false });
    return () => target.removeEventListener("wheel", onWheel);
  }, [box, plot, hasFocus]);
}
