import type { SeriesPointsFields } from "../gen/fields.js";

/** Without any option the markers are circles. */
export function seriesPointsFields(options: SeriesPointsFields): SeriesPointsFields {
  return Object.values(options).every((value) => value === undefined) ? { markers: "Circle" } : options;
}
