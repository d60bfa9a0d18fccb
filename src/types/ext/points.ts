import type { Points2DFields, Points3DFields } from "../gen/fields.js";

/** Options of `Points2D`. */
export type Points2DOptions = Omit<Points2DFields, "positions">;
/** Options of `Points3D`. */
export type Points3DOptions = Omit<Points3DFields, "positions">;

/** The class ids; keypoints need a class, so that without `classIds` it is class 0. */
export function classIdsOf<T>(options: { readonly classIds?: T; readonly keypointIds?: unknown }): T | 0 | undefined {
  return options.classIds === undefined && options.keypointIds !== undefined ? 0 : options.classIds;
}
