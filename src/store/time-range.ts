import type { TimeRange } from "../core/index.js";

/** The smallest range that holds both; one of the two objects when that is it. */
export function unite(a: TimeRange | undefined, b: TimeRange): TimeRange {
  if (a === undefined || (b.min <= a.min && b.max >= a.max)) return b;
  if (a.min <= b.min && a.max >= b.max) return a;
  return a.min < b.min ? { min: a.min, max: b.max } : { min: b.min, max: a.max };
}
