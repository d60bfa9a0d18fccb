import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRerunError } from "./errors.js";
import { type MutableTime, readTime, type TimeSpec, timeOf } from "./time.js";

function read(spec: TimeSpec): [string, bigint] {
  const time: MutableTime = { type: "sequence", hi: 0, lo: 0 };
  readTime(spec, time, "test");
  return [time.type, (BigInt(time.hi) << 32n) | BigInt(time.lo >>> 0)];
}

describe("times", () => {
  it.each<[TimeSpec, string, bigint]>([
    [{ sequence: 42 }, "sequence", 42n],
    [{ sequence: -1 }, "sequence", -1n],
    [{ sequence: 2n ** 62n }, "sequence", 2n ** 62n],
    [{ duration: 1.5 }, "duration", 1_500_000_000n],
    [{ durationNanos: -7n }, "duration", -7n],
    [{ timestamp: new Date(1234) }, "timestamp", 1_234_000_000n],
    [{ timestamp: 1700000000.25 }, "timestamp", BigInt(Math.round(1700000000.25 * 1e9))],
    [{ timestampNanos: 1_700_000_000_123_456_789n }, "timestamp", 1_700_000_000_123_456_789n],
  ])("%o is %s %s", (spec, type, value) => {
    expect(read(spec)).toEqual([type, value]);
  });

  it("any safe integer is a sequence of that value", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (sequence) => {
        expect(read({ sequence })).toEqual(["sequence", BigInt(sequence)]);
      }),
    );
  });

  it("any 64-bit integer but the smallest is exact", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (nanos) => {
        expect(read({ timestampNanos: nanos })).toEqual(["timestamp", nanos]);
      }),
    );
  });

  it.each<[string, unknown]>([
    ["no kind", {}],
    ["two kinds", { sequence: 1, duration: 2 }],
    ["a fraction as sequence", { sequence: 1.5 }],
    ["a text as sequence", { sequence: "1" }],
    ["milliseconds as timestamp", { timestamp: Date.now() }],
    ["an invalid Date", { timestamp: new Date(Number.NaN) }],
    ["NaN seconds", { duration: Number.NaN }],
    ["a number of nanoseconds", { durationNanos: 5 }],
    ["the static sentinel", { sequence: -(2n ** 63n) }],
    ["a bare number", 5],
    ["null", null],
  ])("%s is refused with InvalidTime", (_, spec) => {
    let caught: unknown;
    try {
      timeOf(spec as TimeSpec, "setTime");
    } catch (error) {
      caught = error;
    }
    expect(isRerunError(caught, "InvalidTime")).toBe(true);
    expect((caught as Error).message).toMatch(/^setTime: /);
  });
});
