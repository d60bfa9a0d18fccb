/** Times as the viewer and tables show them. */
import { groupDigits, MINUS } from "./format-number.js";
import type { TimeType } from "./timeline.js";

const NANOS_PER_SEC = 1_000_000_000n;
const NANOS_PER_DAY: bigint = 86_400n * NANOS_PER_SEC;

/** A time as the viewer shows it: `#59`, `1.25 s`, `2 min 03.5 s`, `2026-11-23 13:52:59.550 081 Z`. Exact to the nanosecond. */
export function formatTime(time: bigint, type: TimeType): string {
  switch (type) {
    case "sequence":
      return `#${groupDigits(time)}`;
    case "duration":
      return formatDuration(time);
    case "timestamp":
      return formatTimestamp(time);
  }
}

/**
 * Nanoseconds as days, hours, minutes and seconds, only as many as are needed: `1 h 02 min 03.5 s`.
 *
 * @param groups how many groups of three digits the fraction has at least
 */
export function formatDuration(nanos: bigint, groups = 0): string {
  if (nanos < 0n) return `${MINUS}${formatDuration(-nanos, groups)}`;
  const totalSec = nanos / NANOS_PER_SEC;
  const fraction = fractionText(nanos % NANOS_PER_SEC, groups);
  const sec = totalSec % 60n;
  if (totalSec < 60n) return `${sec}${fraction} s`;
  const min = (totalSec / 60n) % 60n;
  const secText = `${pad(sec)}${fraction} s`;
  if (totalSec < 3600n) return `${min} min ${secText}`;
  const hours = (totalSec / 3600n) % 24n;
  if (totalSec < 86_400n) return `${hours} h ${pad(min)} min ${secText}`;
  return `${totalSec / 86_400n} d ${pad(hours)} h ${pad(min)} min ${secText}`;
}

/** Nanoseconds since 1970 as date and time of day in UTC. */
export function formatTimestamp(nanos: bigint): string {
  return `${formatDate(nanos)} ${formatTimeOfDay(nanos)}Z`;
}

/** The date in UTC of nanoseconds since 1970. */
export function formatDate(nanos: bigint): string {
  const days = floorDiv(nanos, NANOS_PER_DAY);
  return new Date(Number(days) * 86_400_000).toISOString().slice(0, -14);
}

/** The time of day in UTC of nanoseconds since 1970. @param groups how many groups of three digits the fraction has at least */
export function formatTimeOfDay(nanos: bigint, groups = 0): string {
  const rest = nanos - floorDiv(nanos, NANOS_PER_DAY) * NANOS_PER_DAY;
  const sec = rest / NANOS_PER_SEC;
  return `${pad(sec / 3600n)}:${pad((sec / 60n) % 60n)}:${pad(sec % 60n)}${fractionText(rest % NANOS_PER_SEC, groups)}`;
}

/** How many groups of three digits the fraction of a second has: 0 to 3. */
export function fractionGroups(nanos: bigint): number {
  if (nanos % NANOS_PER_SEC === 0n) return 0;
  return nanos % 1_000_000n === 0n ? 1 : nanos % 1000n === 0n ? 2 : 3;
}

/** `.550 081`: groups of three, without groups of zeros at the end; a single group without zeros at its end. */
function fractionText(nanos: bigint, groups: number): string {
  const shown = Math.max(groups, fractionGroups(nanos));
  if (shown === 0) return "";
  const digits = nanos.toString().padStart(9, "0");
  if (groups === 0 && shown === 1) return `.${digits.slice(0, 3).replace(/0+$/, "")}`;
  return `.${[0, 3, 6]
    .slice(0, shown)
    .map((at) => digits.slice(at, at + 3))
    .join(" ")}`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function pad(value: bigint): string {
  return value.toString().padStart(2, "0");
}
