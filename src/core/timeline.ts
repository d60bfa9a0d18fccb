/** Kind of the values on a timeline. `duration` and `timestamp` are nanoseconds (since 1970-01-01T00:00Z for timestamps). */
export type TimeType = "sequence" | "duration" | "timestamp";

export interface Timeline {
  readonly name: string;
  readonly type: TimeType;
}

/** Reserved value for static data; never a time in a column. */
export const TIME_STATIC: bigint = -(2n ** 63n);
/** Smallest and greatest time of a temporal row. */
export const TIME_MIN: bigint = -(2n ** 63n) + 1n;
export const TIME_MAX: bigint = 2n ** 63n - 1n;

/** Inclusive on both ends. */
export interface TimeRange {
  readonly min: bigint;
  readonly max: bigint;
}
