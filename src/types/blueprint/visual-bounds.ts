import { RerunError } from "../../core/index.js";
import type { VisualBounds2DFields } from "../gen/blueprint-fields.js";
import type { NumberArray } from "../likes.js";

/** What part of the plane is seen. Both ranges or none. */
export interface VisualBounds2DOptions {
  /** `[left, right]`, in scene units. */
  readonly xRange?: NumberArray | undefined;
  /** `[top, bottom]`, in scene units. */
  readonly yRange?: NumberArray | undefined;
}

/** The fields of bounds. @throws RerunError `InvalidArgument` when one of the ranges is missing */
export function visualBoundsFields({ xRange, yRange }: VisualBounds2DOptions): VisualBounds2DFields {
  if ((xRange === undefined) !== (yRange === undefined)) {
    const missing = xRange === undefined ? "xRange" : "yRange";
    throw new RerunError("InvalidArgument", `VisualBounds2D: expected xRange and yRange, got no ${missing}`);
  }
  return xRange === undefined || yRange === undefined ? {} : { range: { xRange, yRange } };
}
