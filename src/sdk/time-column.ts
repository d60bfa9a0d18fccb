import {
  describe,
  nanosFromSeconds,
  nanosFromTimestamp,
  RerunError,
  type Timeline,
  type TimeType,
  timeOf,
} from "../core/index.js";

/** Whole numbers: typed arrays, numbers that are safe integers, bigints. */
export type IntegerList = readonly number[] | readonly bigint[] | BigInt64Array | Int32Array | Uint32Array | Float64Array;

/** Times of all rows with their kind; exactly one member. Seconds in `duration` and `timestamp`. */
export interface TimeColumnSpec {
  readonly sequence?: IntegerList;
  readonly duration?: readonly number[] | Float32Array | Float64Array;
  readonly durationNanos?: BigInt64Array | readonly bigint[];
  readonly timestamp?: readonly (Date | number)[] | Float64Array;
  readonly timestampNanos?: BigInt64Array | readonly bigint[];
}

const KINDS = ["sequence", "duration", "durationNanos", "timestamp", "timestampNanos"] as const;
type Kind = (typeof KINDS)[number];
const TYPES: Readonly<Record<Kind, TimeType>> = {
  sequence: "sequence",
  duration: "duration",
  durationNanos: "duration",
  timestamp: "timestamp",
  timestampNanos: "timestamp",
};
const MIN_TIME = -(2n ** 63n);

/**
 * The times of the rows of `sendColumns` on one timeline, copied.
 *
 * ```ts
 * new rr.TimeColumn("frame", { sequence: [1, 2, 3] })
 * ```
 */
export class TimeColumn {
  readonly timeline: Timeline;
  /** Never written again. */
  readonly times: BigInt64Array;

  /** @throws RerunError `InvalidTime` */
  constructor(name: string, spec: TimeColumnSpec) {
    const argument = `TimeColumn "${name}"`;
    const kind = kindOf(spec, argument);
    const values = spec[kind] as ArrayLike<unknown> | undefined;
    if (typeof values !== "object" || values === null || typeof values.length !== "number") {
      throw new RerunError("InvalidTime", `${argument}: ${kind}: expected a list of times, got ${describe(values)}`);
    }
    this.timeline = { name, type: TYPES[kind] };
    this.times = copyTimes(kind, values, `${argument}: ${kind}`);
  }
}

function kindOf(spec: TimeColumnSpec, argument: string): Kind {
  const isObject = typeof spec === "object" && spec !== null;
  const given = isObject ? KINDS.filter((kind) => spec[kind] !== undefined) : [];
  const [kind] = given;
  if (given.length === 1 && kind !== undefined) return kind;
  const came = given.length > 1 ? given.join(" and ") : describe(spec);
  throw new RerunError("InvalidTime", `${argument}: expected exactly one of ${KINDS.join(", ")}, got ${came}`);
}

function copyTimes(kind: Kind, values: ArrayLike<unknown>, argument: string): BigInt64Array {
  if (values instanceof BigInt64Array && (kind === "sequence" || kind === "durationNanos" || kind === "timestampNanos")) {
    const times = values.slice();
    if (times.includes(MIN_TIME)) throw new RerunError("InvalidTime", `${argument}: the smallest 64-bit integer is reserved`);
    return times;
  }
  const times = new BigInt64Array(values.length);
  if (kind === "sequence") copyIntegers(values, times, argument);
  else for (let i = 0; i < values.length; i++) times[i] = nanosOf(kind, values[i], `${argument}[${i}]`);
  return times;
}

/** Writes 32-bit halves: millions of bigints would cost more than the rest of the call. */
function copyIntegers(values: ArrayLike<unknown>, times: BigInt64Array, argument: string): void {
  const halves = new Int32Array(times.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "number" && Number.isSafeInteger(value)) {
      halves[2 * i] = value | 0;
      halves[2 * i + 1] = Math.floor(value / 4294967296);
    } else {
      times[i] = timeOf({ sequence: value as bigint }, `${argument}[${i}]`)[1];
    }
  }
}

function nanosOf(kind: Kind, value: unknown, argument: string): bigint {
  if (kind === "duration" && typeof value === "number") return nanosFromSeconds(value, argument);
  if (kind === "timestamp" && (typeof value === "number" || value instanceof Date)) return nanosFromTimestamp(value, argument);
  return timeOf({ [kind]: value } as never, argument)[1];
}
