import type { SeriesPoints } from "./time-series.js";

/** Columns as uPlot takes them: one ascending x for all, then the y of each series; `undefined` = no point there, `null` = a gap. */
export type PlotColumns = readonly [number[], ...(number | null | undefined)[][]];

/** Brings series with times of their own onto one x. */
export function plotColumns(series: readonly SeriesPoints[]): PlotColumns {
  const xs = commonX(series);
  const columns = series.map(({ x, y }) => {
    const column: (number | null | undefined)[] = new Array(xs.length);
    let at = 0;
    for (let i = 0; i < x.length; i++) {
      while (at < xs.length && (xs[at] ?? 0) < (x[i] ?? 0)) at++;
      const value = y[i];
      column[at] = value === undefined || Number.isNaN(value) ? null : value;
    }
    return column;
  });
  return [xs, ...columns];
}

/** Index of the x nearest to `at`; -1 when there is none. */
export function nearestIndex(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return x.length === 0 ? -1 : 0;
  if (low === x.length) return low - 1;
  return at - (x[low - 1] ?? 0) <= (x[low] ?? 0) - at ? low - 1 : low;
}

function commonX(series: readonly SeriesPoints[]): number[] {
  const first = series[0]?.x;
  if (first === undefined) return [];
  if (series.every(({ x }) => x.length === first.length && x.every((value, i) => value === first[i]))) return Array.from(first);
  const all = new Set<number>();
  for (const { x } of series) for (const value of x) all.add(value);
  return [...all].sort((a, b) => a - b);
}
