import { describe, nanosFromTimestamp, RerunError, TIME_MAX, TIME_MIN, type Timeline } from "../core/index.js";

/** A value of an index: number or bigint on sequences, bigint nanoseconds on durations, these or a Date on timestamps. */
export type IndexValue = number | bigint | Date;

export type IndexValuesLike = Iterable<IndexValue>;

/** @throws RerunError `InvalidArgument` for a value that the timeline cannot have */
export function indexValue(value: IndexValue, timeline: Timeline, argument: string): bigint {
  if (typeof value === "bigint" && value >= TIME_MIN && value <= TIME_MAX) return value;
  if (timeline.type === "sequence" && typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (timeline.type === "timestamp" && value instanceof Date) return nanosFromTimestamp(value, argument);
  const expected =
    timeline.type === "sequence"
      ? "whole numbers or bigints"
      : `bigint nanoseconds${timeline.type === "timestamp" ? " or Dates" : ""}`;
  throw new RerunError(
    "InvalidArgument",
    `${argument}: the ${timeline.type} "${timeline.name}" has ${expected}, got ${describe(value)}`,
  );
}

/** Sorted. @throws RerunError `InvalidArgument` also when a value comes twice */
export function indexValues(values: IndexValuesLike, timeline: Timeline, argument: string): BigInt64Array {
  if (typeof values === "string" || typeof (values as Partial<IndexValuesLike>)?.[Symbol.iterator] !== "function") {
    throw new RerunError("InvalidArgument", `${argument}: expected a list of index values, got ${describe(values)}`);
  }
  const sorted = BigInt64Array.from(Array.from(values, (value) => indexValue(value, timeline, argument))).sort();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) {
      throw new RerunError("InvalidArgument", `${argument}: Index values must be unique. ${sorted[i]} comes twice`);
    }
  }
  return sorted;
}
