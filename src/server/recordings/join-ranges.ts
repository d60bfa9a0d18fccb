import type { TimeRange } from "../../core/index.js";

/** The smallest range with both in it. */
export function joinRanges(a: TimeRange, b: TimeRange = a): TimeRange {
  let { min, max } = a;
  if (b.min < min) min = b.min;
  if (b.max > max) max = b.max;
  return { min, max };
}
