import { reportProblem } from "../encode/problem.js";
import { isAxisAngle, isQuaternion } from "../encode/rotations.js";
import type { Transform3DFields } from "../gen/fields.js";
import type { QuaternionLike, RotationAxisAngleLike } from "../likes.js";

/** Options of `Transform3D`. */
export interface Transform3DOptions extends Omit<Transform3DFields, "scale"> {
  /** A `Quaternion` or a `RotationAxisAngle`. Not with `quaternion` or `rotationAxisAngle`. */
  readonly rotation?: { readonly xyzw: QuaternionLike & object } | RotationAxisAngleLike | undefined;
  /** Scale of each axis, or one for all. */
  readonly scale?: Transform3DFields["scale"] | number;
}

/** Sorts `rotation` into the field of its kind. */
export function transform3DFields(options: Transform3DOptions): Transform3DFields {
  const { rotation } = options;
  if (rotation === undefined || rotation === null) return options as Transform3DFields;
  if (options.quaternion !== undefined || options.rotationAxisAngle !== undefined) {
    reportProblem(
      "Transform3D.rotation",
      "expected rotation, quaternion or rotationAxisAngle alone, got two of them. Nothing is logged",
    );
    return {};
  }
  const fields = options as Transform3DFields;
  if (isQuaternion(rotation)) return { ...fields, quaternion: rotation as unknown as QuaternionLike };
  if (isAxisAngle(rotation)) return { ...fields, rotationAxisAngle: rotation as RotationAxisAngleLike };
  reportProblem("Transform3D.rotation", "expected a Quaternion or a RotationAxisAngle, got something else. Nothing is logged");
  return {};
}
