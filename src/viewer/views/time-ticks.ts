import type { TimeType } from "../../core/index.js";

const SEC = 1e9;
const MIN = 60 * SEC;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
/** Distances of ticks that read well, in nanoseconds, above one second. */
const CLOCK_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((sec) => sec * SEC),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * MIN),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730].map((days) => days * DAY),
];

/** Smallest round distance not below `least` (in units of the timeline: steps or nanoseconds). */
export function tickStep(least: number, type: TimeType): number {
  if (type !== "sequence" && least > SEC) {
    const step = CLOCK_STEPS.find((candidate) => candidate >= least);
    return step ?? roundUp(least / (365 * DAY)) * 365 * DAY;
  }
  return Math.max(type === "sequence" || least <= 1 ? 1 : 0, roundUp(least));
}

/** Ticks between two times, inclusive, at multiples of `step`. */
export function ticksBetween(from: bigint, to: bigint, step: number): readonly bigint[] {
  const distance = BigInt(Math.max(1, Math.round(step)));
  const ticks: bigint[] = [];
  let tick = from - (((from % distance) + distance) % distance);
  if (tick < from) tick += distance;
  for (; tick <= to && ticks.length < 100; tick += distance) ticks.push(tick);
  return ticks;
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-12)));
  const digit = value / power;
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}
