import { describe, RerunError } from "../../core/index.js";
import { reportProblem } from "../encode/problem.js";
import type { TimeRangeLike, VisibleTimeRangeLike } from "../gen/likes.js";
import type { TimeRangeBoundaryLike } from "../likes.js";

/** A time or an offset; exactly one member. */
export interface TimeSpan {
  /** Of a timeline of sequence numbers. */
  readonly seq?: number | bigint;
  /** Of a timeline of durations or timestamps (then since 1970). Parts of a nanosecond are cut off. */
  readonly seconds?: number;
  readonly nanos?: number | bigint;
}

/** A limit of a range of times. */
export type TimeRangeBoundary = TimeRangeBoundaryLike;

interface Boundaries {
  /** A limit that moves with the time cursor: this far from it. Default: the cursor itself. */
  cursorRelative(offset?: TimeSpan): TimeRangeBoundary;
  /** A limit that stays. */
  absolute(time: TimeSpan): TimeRangeBoundary;
  /** No limit on this side. */
  infinite(): TimeRangeBoundary;
}

/** Makes limits of ranges of times. */
export const TimeRangeBoundary: Boundaries = {
  cursorRelative: (offset = { seq: 0 }) => ({ kind: "cursorRelative", value: timeValueOf(offset, "cursorRelative") }),
  absolute: (time) => ({ kind: "absolute", value: timeValueOf(time, "absolute") }),
  infinite: () => ({ kind: "infinite" }),
};

/** Times between two limits. */
export class TimeRange {
  readonly start: TimeRangeBoundary;
  readonly end: TimeRangeBoundary;

  constructor(start: TimeRangeBoundary, end: TimeRangeBoundary) {
    this.start = start;
    this.end = end;
  }
}

/** Both limits, or a range of both. */
export type TimeRangeSpec =
  | { readonly range: TimeRangeLike }
  | { readonly start: TimeRangeBoundary; readonly end: TimeRangeBoundary };

/** What a view shows of one timeline: the data between two limits instead of the latest at the time cursor. */
export class VisibleTimeRange {
  readonly timeline: string;
  readonly range: TimeRangeLike;

  /** @throws RerunError `InvalidArgument` without `range` or `start` and `end` */
  constructor(timeline: string, spec: TimeRangeSpec) {
    this.timeline = timeline;
    this.range = rangeOf(spec);
  }
}

/** A `VisibleTimeRange` or its members. */
export type VisibleTimeRangeInput = VisibleTimeRangeLike | ({ readonly timeline: string } & TimeRangeSpec);

/** Ranges in the schema's form. A timeline that comes twice is told. */
export function visibleTimeRanges(
  ranges: VisibleTimeRangeInput | readonly VisibleTimeRangeInput[],
): readonly VisibleTimeRangeLike[] {
  const list = Array.isArray(ranges) ? (ranges as readonly VisibleTimeRangeInput[]) : [ranges as VisibleTimeRangeInput];
  const seen = new Set<unknown>();
  return list.map((each) => {
    if (seen.has(each.timeline))
      reportProblem("VisibleTimeRanges", `timeline "${each.timeline}" comes twice; the first one counts`);
    seen.add(each.timeline);
    return { timeline: each.timeline, range: rangeOf(each) };
  });
}

function rangeOf(spec: TimeRangeSpec): TimeRangeLike {
  if ("range" in spec && spec.range !== undefined) return spec.range;
  const { start, end } = spec as { readonly start?: TimeRangeBoundary; readonly end?: TimeRangeBoundary };
  if (start === undefined || end === undefined) {
    throw new RerunError("InvalidArgument", `VisibleTimeRange: expected { start, end } or { range }, got ${describe(spec)}`);
  }
  return { start, end };
}

function timeValueOf(span: TimeSpan, call: string): bigint {
  const { seq, seconds, nanos } = span;
  const given = [seq, seconds, nanos].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new RerunError("InvalidArgument", `${call}: expected exactly one of seq, seconds, nanos, got ${given.length}`);
  }
  const value = seconds === undefined ? given[0] : Math.trunc(seconds * 1e9);
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  throw new RerunError("InvalidArgument", `${call}: expected a whole number, got ${describe(value)}`);
}
