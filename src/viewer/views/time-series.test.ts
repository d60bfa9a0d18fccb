import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeriesReply } from "../../link/client.js";
import { formatTick } from "../state/format-time.js";
import { traceMarker } from "./markers.js";
import { nearestIndex, plotColumns } from "./plot-data.js";
import { type SeriesSpec, seriesPoints } from "./time-series.js";
import { tickStep, ticksBetween } from "./time-ticks.js";

const SPEC: SeriesSpec = {
  id: "/s#0",
  entityPath: "/s",
  instance: 0,
  name: "s",
  color: "#fff",
  widthPx: 1,
  interpolation: "linear",
  aggregation: "minMax",
  marker: undefined,
  markerPx: 3,
  isVisible: true,
};

function reply(times: readonly bigint[], min: readonly number[], max: readonly number[] = min): SeriesReply {
  const isReduced = max !== min;
  return {
    times: BigInt64Array.from(times),
    min: Float64Array.from(min),
    max: Float64Array.from(max),
    numPoints: times.length,
    isReduced,
    numInstances: 1,
  };
}

describe("points of a series", () => {
  test("raw ones are as they were logged, relative to the base, nanoseconds exact", () => {
    const base = 1_763_905_979_550_081_000n;
    const points = seriesPoints(reply([base, base + 1n, base + 3n], [1, 2, 3]), SPEC, base, 10);
    expect([...points.x]).toEqual([0, 1, 3]);
    expect([...points.y]).toEqual([1, 2, 3]);
  });

  test("of a bucket are its smallest and greatest value, or what is asked for", () => {
    const reduced = reply([0n, 10n], [1, 3], [2, 3]);
    expect([...seriesPoints(reduced, SPEC, 0n, 10).y]).toEqual([1, 2, 3]);
    expect([...seriesPoints(reduced, { ...SPEC, aggregation: "max" }, 0n, 10).y]).toEqual([2, 3]);
    expect([...seriesPoints(reduced, { ...SPEC, aggregation: "min" }, 0n, 10).y]).toEqual([1, 3]);
    expect([...seriesPoints(reduced, { ...SPEC, aggregation: "middle" }, 0n, 10).y]).toEqual([1.5, 3]);
  });

  test("step in the middle between two points", () => {
    const points = seriesPoints(reply([0n, 10n, 20n], [1, 2, 3]), { ...SPEC, interpolation: "stepMid" }, 0n, 1);
    expect([...points.x]).toEqual([0, 5, 15, 20]);
    expect([...points.y]).toEqual([1, 2, 3, 3]);
  });

  test("always ascend, also when rows have the same time", () => {
    const points = seriesPoints(reply([5n, 5n, 5n], [1, 2, 3]), SPEC, 0n, 1);
    expect((points.x[1] ?? 0) > (points.x[0] ?? 0) && (points.x[2] ?? 0) > (points.x[1] ?? 0)).toBe(true);
  });
});

describe("columns for the plot", () => {
  test("bring series with times of their own onto one x, gaps stay gaps", () => {
    const [x, a, b] = plotColumns([
      { x: Float64Array.of(0, 2, 4), y: Float64Array.of(1, Number.NaN, 3) },
      { x: Float64Array.of(1, 2), y: Float64Array.of(7, 8) },
    ]);
    expect(x).toEqual([0, 1, 2, 4]);
    expect(a).toEqual([1, undefined, null, 3]);
    expect([...(b ?? [])]).toEqual([undefined, 7, 8, undefined]);
  });

  test("the nearest point is the nearest", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1 }),
        fc.integer({ min: -60, max: 60 }),
        (xs, at) => {
          const sorted = Float64Array.from(xs).sort();
          const found = sorted[nearestIndex(sorted, at)] ?? Number.NaN;
          expect(Math.abs(found - at)).toBe(Math.min(...sorted.map((x) => Math.abs(x - at))));
        },
      ),
    );
    expect(nearestIndex(new Float64Array(), 0)).toBe(-1);
  });
});

describe("ticks", () => {
  test.each([
    [0.2, "sequence", 1],
    [13, "sequence", 20],
    [3e9, "duration", 5e9],
    [40e9, "timestamp", 60e9],
    [0.03e9, "duration", 0.05e9],
  ] as const)("at least %s of a %s is %s", (least, type, step) => {
    expect(tickStep(least, type)).toBeCloseTo(step, 3);
  });

  test("lie at multiples, before zero too, and never are too many", () => {
    expect(ticksBetween(-7n, 12n, 5, "sequence")).toEqual([-5n, 0n, 5n, 10n]);
    expect(ticksBetween(0n, 10n ** 18n, 1, "sequence")).toHaveLength(100);
  });

  test.each([
    [20, ["1999-12-01", "2000-01-01", "2000-02-01", "2000-03-01"]],
    [40, ["2000-01-01", "2000-03-01"]],
    [100, ["2000-01-01"]],
  ])("of timestamps at least %s days apart lie on first days of months", (days, dates) => {
    const [from, to] = ["1999-11-20", "2000-03-02"].map((date) => BigInt(Date.parse(date)) * 1_000_000n);
    const ticks = ticksBetween(from ?? 0n, to ?? 0n, tickStep(days * 86_400e9, "timestamp"), "timestamp");
    expect(ticks.map((tick) => new Date(Number(tick / 1_000_000n)).toISOString().slice(0, 10))).toEqual(dates);
  });

  test("of years lie on round years, before 1970 too", () => {
    const [from, to] = [-2_000_000_000_000_000_000n, 2_000_000_000_000_000_000n];
    const ticks = ticksBetween(from, to, tickStep(15 * 365 * 86_400e9, "timestamp"), "timestamp");
    expect(ticks.map((tick) => formatTick(tick, "timestamp", 1e18))).toEqual(["1920", "1940", "1960", "1980", "2000", "2020"]);
  });
});

test("line markers are stroked, the others filled", () => {
  const path = { moveTo() {}, lineTo() {}, arc() {}, closePath() {} } as unknown as Path2D;
  expect((["cross", "plus", "asterisk"] as const).map((marker) => traceMarker(path, marker, 0, 0, 1))).toEqual([
    false,
    false,
    false,
  ]);
  expect(
    (["circle", "diamond", "square", "up", "down", "left", "right"] as const).every((marker) =>
      traceMarker(path, marker, 0, 0, 1),
    ),
  ).toBe(true);
});
