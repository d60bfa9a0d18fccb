import { RerunError } from "./errors.js";
import { TIME_MAX, TIME_MIN, type TimeType } from "./timeline.js";

/**
 * A time with its kind; exactly one member.
 * - `sequence`: a whole number
 * - `duration`: seconds; `durationNanos`: exact
 * - `timestamp`: `Date` or seconds since 1970; `timestampNanos`: exact
 */
export interface TimeSpec {
  readonly sequence?: number | bigint;
  readonly duration?: number;
  readonly durationNanos?: bigint;
  readonly timestamp?: Date | number;
  readonly timestampNanos?: bigint;
}

/** A time as two 32-bit halves: written without bigints, read by whoever appends it to a column. */
export interface MutableTime {
  type: TimeType;
  /** Upper 32 bits, signed. */
  hi: number;
  /** Lower 32 bits, as a signed 32-bit integer. */
  lo: number;
}

const TWO_32 = 4294967296;
/** Seconds since 1970 beyond this are taken for milliseconds or worse, as the real SDK does. */
const MAX_TIMESTAMP_SECONDS = 1e11;
const MAX_SECONDS = 9_223_372_036;

/** Whole nanoseconds of a number of seconds, rounded to nearest. @throws RerunError `InvalidTime` */
export function nanosFromSeconds(seconds: number, argument: string): bigint {
  if (!(Math.abs(seconds) <= MAX_SECONDS)) {
    throw new RerunError("InvalidTime", `${argument}: expected seconds between ±${MAX_SECONDS}, got ${seconds}`);
  }
  return BigInt(Math.round(seconds * 1e9));
}

/** Nanoseconds since 1970 of a `Date` or a number of seconds. @throws RerunError `InvalidTime` */
export function nanosFromTimestamp(value: Date | number, argument: string): bigint {
  if (value instanceof Date) {
    const millis = value.getTime();
    if (Number.isNaN(millis)) throw new RerunError("InvalidTime", `${argument}: the Date is invalid`);
    return inRange(BigInt(Math.round(millis)) * 1_000_000n, argument);
  }
  if (value > MAX_TIMESTAMP_SECONDS) {
    throw new RerunError(
      "InvalidTime",
      `${argument}: expected seconds since 1970, got ${value}; milliseconds or nanoseconds? Use a Date or timestampNanos`,
    );
  }
  return nanosFromSeconds(value, argument);
}

/** Reads `spec` into `target`. @throws RerunError `InvalidTime` naming what was expected and what came */
export function readTime(spec: TimeSpec, target: MutableTime, argument: string): void {
  const sequence = (spec as TimeSpec | null | undefined)?.sequence;
  // The common case, without a look at the other members' values: one kind is checked by their absence.
  if (typeof sequence === "number" && Number.isSafeInteger(sequence) && isAlone(spec)) {
    target.type = "sequence";
    target.hi = Math.floor(sequence / TWO_32) | 0;
    target.lo = sequence | 0;
    return;
  }
  const [type, value] = timeOf(spec, argument);
  target.type = type;
  target.hi = Number(value >> 32n);
  target.lo = Number(BigInt.asIntN(32, value));
}

function isAlone(spec: TimeSpec): boolean {
  return (
    spec.duration === undefined &&
    spec.timestamp === undefined &&
    spec.durationNanos === undefined &&
    spec.timestampNanos === undefined
  );
}

const KINDS = ["sequence", "duration", "durationNanos", "timestamp", "timestampNanos"] as const;

/** Kind and value of a time. @throws RerunError `InvalidTime` */
export function timeOf(spec: TimeSpec, argument: string): [type: TimeType, value: bigint] {
  if (typeof spec !== "object" || spec === null) {
    throw new RerunError("InvalidTime", `${argument}: expected an object with one of ${KINDS.join(", ")}, got ${describe(spec)}`);
  }
  const given = KINDS.filter((kind) => spec[kind] !== undefined);
  if (given.length !== 1) {
    const came = given.length === 0 ? Object.keys(spec).join(", ") || "nothing" : given.join(" and ");
    throw new RerunError("InvalidTime", `${argument}: expected exactly one of ${KINDS.join(", ")}, got ${came}`);
  }
  const kind = given[0] as (typeof KINDS)[number];
  const value: unknown = spec[kind];
  switch (kind) {
    case "sequence":
      return ["sequence", wholeNumber(value, `${argument}: sequence`)];
    case "durationNanos":
      return ["duration", exactNanos(value, `${argument}: durationNanos`)];
    case "timestampNanos":
      return ["timestamp", exactNanos(value, `${argument}: timestampNanos`)];
    case "duration":
      if (typeof value === "number") return ["duration", nanosFromSeconds(value, `${argument}: duration`)];
      throw new RerunError("InvalidTime", `${argument}: duration: expected a number of seconds, got ${describe(value)}`);
    case "timestamp":
      if (typeof value === "number" || value instanceof Date) {
        return ["timestamp", nanosFromTimestamp(value, `${argument}: timestamp`)];
      }
      throw new RerunError(
        "InvalidTime",
        `${argument}: timestamp: expected a Date or a number of seconds since 1970, got ${describe(value)}`,
      );
  }
}

function wholeNumber(value: unknown, argument: string): bigint {
  if (typeof value === "bigint") return inRange(value, argument);
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw new RerunError("InvalidTime", `${argument}: expected a safe integer or a bigint, got ${describe(value)}`);
}

function exactNanos(value: unknown, argument: string): bigint {
  if (typeof value === "bigint") return inRange(value, argument);
  throw new RerunError("InvalidTime", `${argument}: expected a bigint of nanoseconds, got ${describe(value)}`);
}

function inRange(value: bigint, argument: string): bigint {
  if (value >= TIME_MIN && value <= TIME_MAX) return value;
  throw new RerunError("InvalidTime", `${argument}: expected a 64-bit integer above its minimum, got ${value}`);
}

/** A value as error messages name it: short, with its type. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === "number" || typeof value === "boolean") return `${typeof value} ${value}`;
  if (typeof value === "bigint") return `bigint ${value}n`;
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (typeof value === "symbol") return "a symbol";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  const name = (value as object).constructor?.name;
  return name === undefined || name === "Object"
    ? `an object with ${Object.keys(value).join(", ") || "no members"}`
    : `a ${name}`;
}
