import { RerunError } from "../../core/index.js";
import { radiansOf } from "../encode/rotations.js";
import { typedArrayName } from "../encode/typed-arrays.js";
import type { AngleLike, NumberArray } from "../likes.js";

/** An angle given in radians or degrees. */
export class Angle {
  readonly radians: number;

  /** @throws RerunError `InvalidArgument` unless exactly one is given */
  constructor(options: { readonly rad: number } | { readonly deg: number }) {
    const { rad, deg } = options as { readonly rad?: number; readonly deg?: number };
    if ((rad === undefined) === (deg === undefined)) {
      throw new RerunError("InvalidArgument", "Angle: expected exactly one of rad and deg");
    }
    this.radians = rad ?? (deg as number) * (Math.PI / 180);
  }
}

/** A rotation as quaternion. It is not normalised. */
export class Quaternion {
  /** [x, y, z, w] */
  readonly xyzw: NumberArray;

  /** @throws RerunError `InvalidArgument` unless there are four numbers */
  constructor(options: { readonly xyzw: NumberArray }) {
    const { xyzw } = options;
    const isList = Array.isArray(xyzw) || typedArrayName(xyzw) !== undefined;
    if (!isList || xyzw.length !== 4) throw new RerunError("InvalidArgument", "Quaternion.xyzw: expected four numbers");
    this.xyzw = xyzw;
  }

  /** No rotation. */
  static identity(): Quaternion {
    return new Quaternion({ xyzw: [0, 0, 0, 1] });
  }

  /** All zeros: what it rotates is not shown. */
  static invalid(): Quaternion {
    return new Quaternion({ xyzw: [0, 0, 0, 0] });
  }
}

/** A rotation about an axis. The axis is not normalised. */
export class RotationAxisAngle {
  /** [x, y, z] */
  readonly axis: NumberArray;
  /** In radians. */
  readonly angle: number;

  /** @throws RerunError `InvalidArgument` unless exactly one angle is given */
  constructor(
    axis: NumberArray,
    options: { readonly angle: AngleLike } | { readonly radians: number } | { readonly degrees: number },
  ) {
    const { angle, radians, degrees } = options as {
      readonly angle?: AngleLike;
      readonly radians?: number;
      readonly degrees?: number;
    };
    const given = [angle, radians, degrees].filter((each) => each !== undefined);
    if (given.length !== 1)
      throw new RerunError("InvalidArgument", "RotationAxisAngle: expected exactly one of angle, radians and degrees");
    this.axis = axis;
    this.angle = degrees === undefined ? radiansOf(given[0]) : radiansOf({ degrees });
  }
}

/** Radii that are not in scene units. */
export const Radius: {
  /** Radii in points of the user interface: the same size on the screen from everywhere. Stored as negative numbers. */
  uiPoints(size: number): number;
  uiPoints(sizes: NumberArray): Float32Array;
} = { uiPoints: uiPoints as typeof Radius.uiPoints };

function uiPoints(sizes: number | NumberArray): number | Float32Array {
  return typeof sizes === "number" ? -Math.abs(sizes) : Float32Array.from(sizes, (size) => -Math.abs(size));
}
