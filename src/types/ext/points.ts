import type { Points2DFields, Points3DFields } from "../gen/fields.js";
import type { VectorArrayLike } from "../likes.js";

/** Options of `Points2D`. */
export type Points2DOptions = Omit<Points2DFields, "positions">;
/** Options of `Points3D`. */
export type Points3DOptions = Omit<Points3DFields, "positions">;

/** Keypoints need a class: without `classIds` it is class 0. */
export function points2DFields(positions: VectorArrayLike, options: Points2DOptions): Points2DFields {
  return { ...options, positions, classIds: classIdsOf(options) };
}

/** Keypoints need a class: without `classIds` it is class 0. */
export function points3DFields(positions: VectorArrayLike, options: Points3DOptions): Points3DFields {
  // Spelled out: an object spread costs more than all encoding of a single point.
  const { radii, colors, labels, showLabels, pointShading, keypointIds } = options;
  return { positions, radii, colors, labels, showLabels, pointShading, classIds: classIdsOf(options), keypointIds };
}

function classIdsOf<T>(options: { readonly classIds?: T; readonly keypointIds?: unknown }): T | 0 | undefined {
  return options.classIds === undefined && options.keypointIds !== undefined ? 0 : options.classIds;
}
