import type { TimeType } from "../../core/index.js";

const SEC = 1e9;
const MIN = 60 * SEC;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const MAX_TICKS = 100;
/** A month of the calendar on average, a twelfth of a year. */
const MONTH = (365.2425 / 12) * DAY;
/** Ticks at least so far apart lie on the first days of months. */
const CALENDAR_FROM = 28 * DAY;
/** Distances of ticks that read well, in nanoseconds, above one second. */
const CLOCK_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((sec) => sec * SEC),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * MIN),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 7, 14].map((days) => days * DAY),
];
const MONTH_STEPS: readonly number[] = [1, 2, 3, 6].map((months) => months * MONTH);

/**
 * Smallest round distance not below `least` (in units of the timeline: steps or nanoseconds). Timestamps farther apart than weeks
 * are so on average: they lie on first days of months or years.
 */
export function tickStep(least: number, type: TimeType): number {
  if (type !== "sequence" && least > SEC) {
    const step = CLOCK_STEPS.find((candidate) => candidate >= least);
    if (step !== undefined) return step;
    if (type === "duration") return roundUp(least / DAY) * DAY;
    return MONTH_STEPS.find((candidate) => candidate >= least) ?? roundUp(least / (12 * MONTH)) * 12 * MONTH;
  }
  return Math.max(type === "sequence" || least <= 1 ? 1 : 0, roundUp(least));
}

/** Ticks between two times, inclusive: at multiples of `step`, as `tickStep` gives it, or on the first days of months. */
export function ticksBetween(from: bigint, to: bigint, step: number, type: TimeType): readonly bigint[] {
  if (type === "timestamp" && step >= CALENDAR_FROM) return monthsBetween(from, to, Math.round(step / MONTH));
  const distance = BigInt(Math.max(1, Math.round(step)));
  const ticks: bigint[] = [];
  let tick = from - (((from % distance) + distance) % distance);
  if (tick < from) tick += distance;
  for (; tick <= to && ticks.length < MAX_TICKS; tick += distance) ticks.push(tick);
  return ticks;
}

/** The first days, in UTC, of every so many months. */
function monthsBetween(from: bigint, to: bigint, numMonths: number): readonly bigint[] {
  const start = new Date(Number(from / 1_000_000n));
  const month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const ticks: bigint[] = [];
  for (let at = month - (month % numMonths); ticks.length < MAX_TICKS; at += numMonths) {
    const tick = BigInt(Date.UTC(1970, at - 1970 * 12)) * 1_000_000n;
    if (tick > to) break;
    if (tick >= from) ticks.push(tick);
  }
  return ticks;
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-12)));
  const digit = value / power;
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}
