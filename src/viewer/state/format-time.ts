import {
  formatDate,
  formatDuration,
  formatTime,
  formatTimeOfDay,
  groupDigits,
  TIME_MAX,
  TIME_MIN,
  type TimeRange,
  type TimeType,
} from "../../core/index.js";

const NANOS_PER_SEC = 1_000_000_000n;
const NANOS_PER_DAY: bigint = 86_400n * NANOS_PER_SEC;
const DAY_NANOS = 86_400e9;

/**
 * A time for a narrow place. Timestamps leave out what never changes within `range`: the date of times of one day,
 * the time of day of whole days.
 */
export function formatTimeShort(time: bigint, type: TimeType, range: TimeRange): string {
  if (type !== "timestamp") return formatTime(time, type);
  if ([range.min, range.max].every((end) => formatDate(end) === formatDate(time))) return formatTimeOfDay(time);
  const isWholeDays = [time, range.min, range.max].every((each) => each % NANOS_PER_DAY === 0n);
  return isWholeDays ? formatDate(time) : `${formatDate(time)} ${formatTimeOfDay(time)}`;
}

/** A tick of a plot's axis; `stepNanos` is the distance of the ticks: of what is the same in all of them nothing is shown. */
export function formatTick(time: bigint, type: TimeType, stepNanos: number): string {
  if (type === "sequence") return `#${groupDigits(time)}`;
  if (type === "duration")
    return stepNanos >= 1e9 ? formatDuration((time / NANOS_PER_SEC) * NANOS_PER_SEC) : formatDuration(time);
  if (stepNanos >= 0.9 * DAY_NANOS) {
    const date = formatDate(time);
    if (stepNanos >= 360 * DAY_NANOS) return date.slice(0, -6);
    return stepNanos >= 28 * DAY_NANOS ? date.slice(0, -3) : date;
  }
  const text = formatTimeOfDay(time);
  return stepNanos >= 60e9 ? text.slice(0, 5) : text;
}

/**
 * Reads what a user typed: `59` or `#59` for a sequence; `1.5`, `90 s`, `2 min 3 s`, `1:02:03.5`, `250 ms` for a duration;
 * a date and time (`2026-11-23 13:52:59.55`, UTC unless it says otherwise), or a time of day on the day of `near`, for a timestamp.
 *
 * @returns `undefined` when the text is no such time
 */
export function parseTime(text: string, type: TimeType, near = 0n): bigint | undefined {
  // Groups of three digits after the point are joined again: `.550 081` is one fraction.
  const clean = text
    .trim()
    .replace(/[−–]/g, "-")
    .replace(/\.\d{3}(?: \d{3})+/g, (fraction) => fraction.replaceAll(" ", ""));
  const time =
    type === "sequence" ? parseSequence(clean) : type === "duration" ? parseDuration(clean) : parseTimestamp(clean, near);
  return time === undefined || time < TIME_MIN || time > TIME_MAX ? undefined : time;
}

function parseSequence(text: string): bigint | undefined {
  const digits = text.replace(/^#/, "").replace(/[\s,_]/g, "");
  return /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
}

const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  d: NANOS_PER_DAY,
  h: 3600n * NANOS_PER_SEC,
  min: 60n * NANOS_PER_SEC,
  m: 60n * NANOS_PER_SEC,
  s: NANOS_PER_SEC,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};

function parseDuration(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  const body = negative ? text.slice(1) : text;
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(body);
  let nanos: bigint | undefined;
  if (clock !== null) {
    const whole = BigInt(clock[1] ?? 0) * 3600n + BigInt(clock[2] ?? 0) * 60n;
    nanos = whole * NANOS_PER_SEC + decimalNanos(clock[3] ?? "0", NANOS_PER_SEC);
  } else if (/^\s*(?:\d+(?:\.\d+)?\s*(?:d|h|min|m|s|ms|us|µs|ns)?\s*)+$/.test(body)) {
    nanos = 0n;
    for (const [, amount, unit] of body.matchAll(/(\d+(?:\.\d+)?)\s*(min|ms|us|µs|ns|d|h|m|s)?/g)) {
      nanos += decimalNanos(amount ?? "0", UNIT_NANOS[unit ?? "s"] ?? NANOS_PER_SEC);
    }
  }
  return nanos === undefined ? undefined : negative ? -nanos : nanos;
}

function parseTimestamp(text: string, near: bigint): bigint | undefined {
  const match =
    /^(?:(\d{4,6}-\d{2}-\d{2})(?:[T ]+|$))?(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.([\d ]{1,12}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      text,
    );
  if (match === null || (match[1] === undefined && match[2] === undefined)) return undefined;
  const date = match[1] ?? formatDate(near);
  const millis = Date.parse(
    `${date}T${(match[2] ?? "0").padStart(2, "0")}:${match[3] ?? "00"}:${match[4] ?? "00"}${zone(match[6])}`,
  );
  if (Number.isNaN(millis)) return undefined;
  const fraction = (match[5] ?? "").replace(/ /g, "").padEnd(9, "0").slice(0, 9);
  return BigInt(millis) * 1_000_000n + BigInt(fraction);
}

function zone(text: string | undefined): string {
  if (text === undefined || text.toUpperCase() === "Z") return "Z";
  return text.includes(":") ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

function decimalNanos(text: string, unitNanos: bigint): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  const digits = fraction.slice(0, 18);
  return BigInt(whole) * unitNanos + (digits === "" ? 0n : (BigInt(digits) * unitNanos) / 10n ** BigInt(digits.length));
}
