import type { GeoLineStringsFields, GeoPointsFields } from "../gen/fields.js";
import type { StripArrayLike, VectorArrayLike } from "../likes.js";

/** Options of `GeoPoints`. */
export interface GeoPointsOptions extends Omit<GeoPointsFields, "positions"> {
  /** Latitude and longitude of each point, in degrees (EPSG:4326). */
  readonly latLon: VectorArrayLike;
}

/** Options of `GeoLineStrings`. */
export interface GeoLineStringsOptions extends Omit<GeoLineStringsFields, "lineStrings"> {
  /** Latitude and longitude of each point of each line string, in degrees (EPSG:4326). */
  readonly latLon: StripArrayLike;
}

/** `latLon` are the positions. */
export function geoPointsFields({ latLon, ...fields }: GeoPointsOptions): GeoPointsFields {
  return { ...fields, positions: latLon };
}

/** `latLon` are the line strings. */
export function geoLineStringsFields({ latLon, ...fields }: GeoLineStringsOptions): GeoLineStringsFields {
  return { ...fields, lineStrings: latLon };
}
