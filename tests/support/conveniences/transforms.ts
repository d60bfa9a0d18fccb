/** Transforms, rotations and instance poses. */
import * as rr from "../../../src/types/index.js";
import type { ConvenienceCase } from "./case.js";

const XYZ = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
const T =
  (options: rr.Transform3DOptions): ConvenienceCase[1] =>
  () =>
    new rr.Transform3D(options);
export const TRANSFORMS: readonly ConvenienceCase[] = [
  ["/t/tr", T({ translation: [1, 2, 3] })],
  ["/t/quat", T({ quaternion: new rr.Quaternion({ xyzw: [0, 0, 0.6, 0.8] }) })],
  ["/t/quat_list", T({ quaternion: [0, 0, 1, 0] })],
  ["/t/rot_q", T({ rotation: new rr.Quaternion({ xyzw: [0.5, 0.5, 0.5, 0.5] }) })],
  ["/t/rot_aa_deg", T({ rotation: new rr.RotationAxisAngle([0, 1, 0], { degrees: 30 }) })],
  ["/t/rot_aa_rad", T({ rotationAxisAngle: { axis: [1, 1, 0], radians: Math.PI / 3 } })],
  ["/t/rot_angle", T({ rotation: new rr.RotationAxisAngle([0, 0, 1], { angle: new rr.Angle({ deg: 90 }) }) })],
  ["/t/scale_uni", T({ scale: 2 })],
  ["/t/scale_xyz", T({ scale: [1, 2, 3] })],
  ["/t/mat_rows", T({ mat3x3: XYZ })],
  ["/t/mat_rows", T({ mat3x3: { data: Float64Array.from(XYZ.flat()), shape: [3, 3] } as unknown as rr.MatrixLike })],
  ["/t/mat_rows", T({ mat3x3: XYZ.map((row) => Float32Array.from(row)) })],
  ["/t/mat_flat", T({ mat3x3: XYZ.flat() })],
  ["/t/mat_flat", T({ mat3x3: Float32Array.from(XYZ.flat()) })],
  ["/t/mat_cols", T({ mat3x3: { columns: XYZ } })],
  ["/t/rel", T({ translation: [1, 0, 0], relation: "ChildFromParent" })],
  ["/t/frames", T({ childFrame: "a", parentFrame: "b", translation: [0, 0, 1] })],
  ["/t/clear", () => rr.Transform3D.cleared()],
  ["/t/from_fields", () => rr.Transform3D.fromFields({ translation: [1, 2, 3] }, { clearUnset: true })],
  [
    "/i",
    () =>
      new rr.InstancePoses3D({
        translations: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        rotationAxisAngles: [
          { axis: [0, 0, 1], degrees: 10 },
          { axis: [0, 1, 0], degrees: 20 },
        ],
        scales: [
          [1, 1, 1],
          [2, 2, 2],
        ],
        mat3x3: [[1, 0, 0, 0, 1, 0, 0, 0, 1]],
      }),
  ],
  ["/ax", () => new rr.TransformAxes3D(1.5, { showFrame: true })],
  ["/cf", () => new rr.CoordinateFrame("base")],
  [
    "/cols",
    () =>
      rr.Transform3D.columns({
        translation: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        quaternion: [{ xyzw: [0, 0, 0, 1] }, { xyzw: [0, 0, 1, 0] }],
        scale: [
          [1, 1, 1],
          [2, 2, 2],
        ],
      }),
  ],
];
