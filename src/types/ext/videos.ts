import { describe } from "../../core/index.js";
import { reportProblem } from "../encode/problem.js";
import type { VideoFrameReferenceFields } from "../gen/fields.js";
import type { NumberArray } from "../likes.js";

/** Options of `VideoFrameReference`. */
export interface VideoFrameReferenceOptions extends Omit<VideoFrameReferenceFields, "timestamp"> {
  /** Presentation time in seconds. */
  readonly seconds?: number | undefined;
  /** Presentation time in nanoseconds. */
  readonly nanoseconds?: number | bigint | undefined;
}

const NANOS = { Seconds: 1e9, Millis: 1e6, Nanos: 1 } as const;

/** The presentation time from whichever way it is given. */
export function videoFrameFields(
  timestamp: number | bigint | undefined,
  options: VideoFrameReferenceOptions,
): VideoFrameReferenceFields {
  const { seconds, nanoseconds, ...fields } = options;
  const given = [timestamp, seconds, nanoseconds].filter((time) => time !== undefined);
  if (given.length !== 1) {
    reportProblem(
      "VideoFrameReference",
      `expected exactly one of timestamp, seconds, nanoseconds, got ${given.length}. Nothing is logged`,
    );
    return {};
  }
  if (seconds === undefined) return { ...fields, timestamp: timestamp ?? nanoseconds };
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) {
    reportProblem("VideoFrameReference.seconds", `expected a number, got ${describe(seconds)}. Nothing is logged`);
    return {};
  }
  return { ...fields, timestamp: BigInt(Math.floor(seconds * 1e9 + 0.5)) };
}

/** Times of that unit in nanoseconds, fractions included. */
export function videoTimestamps(
  times: NumberArray | readonly (number | bigint)[] | BigInt64Array,
  unit: "Seconds" | "Millis" | "Nanos",
): readonly bigint[] {
  const scale = NANOS[unit];
  return Array.from(times as ArrayLike<number | bigint>, (time) =>
    typeof time === "bigint" ? time * BigInt(scale) : BigInt(Math.round(time * scale)),
  );
}
