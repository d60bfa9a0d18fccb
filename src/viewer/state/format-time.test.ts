import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, formatTime, type TimeType } from "../../core/index.js";
import { formatTick, formatTimeShort, parseTime } from "./format-time.js";

describe("formatTime", () => {
  test.each<[bigint, TimeType, string]>([
    [59n, "sequence", "#59"],
    [-3n, "sequence", "#−3"],
    [1_204_113n, "sequence", "#1 204 113"],
    [0n, "duration", "0 s"],
    [1_250_000_000n, "duration", "1.25 s"],
    [123_500_000_001n, "duration", "2 min 03.500 000 001 s"],
    [-3_723_000_000_000n, "duration", "−1 h 02 min 03 s"],
    [93_784_000_000_000n, "duration", "1 d 02 h 03 min 04 s"],
    [1_763_905_979_550_081_000n, "timestamp", "2025-11-23 13:52:59.550 081Z"],
    [-1n, "timestamp", "1969-12-31 23:59:59.999 999 999Z"],
  ])("%s as %s is %s", (time, type, text) => {
    expect(formatTime(time, type)).toBe(text);
  });

  test("what is shown can be typed again: no nanosecond is lost", () => {
    const types = fc.constantFrom<TimeType>("sequence", "duration", "timestamp");
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 2n ** 61n }), types, (time, type) => {
        expect(parseTime(formatTime(time, type), type)).toBe(time);
        for (const far of [0n, 10n ** 15n]) {
          expect(parseTime(formatTimeShort(time, type, { min: time, max: time + far }), type, time)).toBe(time);
        }
      }),
    );
  });
});

describe("formatTimeShort", () => {
  const day = 86_400_000_000_000n;
  const noon = day / 2n;
  test.each<[string, bigint, bigint, bigint, string]>([
    ["times of one day have no date", noon, 0n, day - 1n, "12:00:00"],
    ["times of several days have one", noon, 0n, 2n * day + 1n, "1970-01-01 12:00:00"],
    ["whole days have no time of day", day, 0n, 9n * day, "1970-01-02"],
    ["a time on another day than the range has a date", 3n * day + noon, 0n, noon, "1970-01-04 12:00:00"],
  ])("%s", (_, time, min, max, text) => {
    expect(formatTimeShort(time, "timestamp", { min, max })).toBe(text);
  });
});

describe("parseTime", () => {
  test.each<[string, TimeType, bigint | undefined]>([
    ["59", "sequence", 59n],
    [" #1 000 ", "sequence", 1000n],
    ["-7", "sequence", -7n],
    ["1.5", "sequence", undefined],
    ["1.5", "duration", 1_500_000_000n],
    ["250 ms", "duration", 250_000_000n],
    ["1:02:03.5", "duration", 3_723_500_000_000n],
    ["2 min 3 s", "duration", 123_000_000_000n],
    ["soon", "duration", undefined],
    ["1970-01-02", "timestamp", 86_400_000_000_000n],
    ["1970-01-01T01:00:00.5 +01:00", "timestamp", 500_000_000n],
    ["12:00", "timestamp", 43_200_000_000_000n],
    ["99:99", "timestamp", undefined],
    ["", "timestamp", undefined],
    ["999999999999999999999", "sequence", undefined],
  ])("%j as %s", (text, type, time) => {
    expect(parseTime(text, type)).toBe(time);
  });
});

test("ticks show no digit that never changes", () => {
  expect(formatTick(3_600_000_000_000n, "timestamp", 3.6e12)).toBe("01:00");
  expect([1, 30, 365].map((days) => formatTick(86_400_000_000_000n, "timestamp", days * 8.64e13))).toEqual([
    "1970-01-02",
    "1970-01",
    "1970",
  ]);
  expect(formatTick(2_000_000_000n, "duration", 1e9)).toBe("2 s");
  expect(formatDuration(60_000_000_000n)).toBe("1 min 00 s");
});
