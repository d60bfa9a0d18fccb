/** Boxes, ellipsoids, capsules and cylinders. */
import * as rr from "../../../src/types/index.js";
import type { ConvenienceCase } from "./case.js";

const A = [
  [10, 20, 30, 40],
  [1, 2, 3, 4],
];
export const BOXES: readonly ConvenienceCase[] = [
  ...(["XYWH", "XYXY", "XCYCWH", "XCYCW2H2"] as const).map(
    (arrayFormat): ConvenienceCase => [`/b2/${arrayFormat}`, () => new rr.Boxes2D({ array: A, arrayFormat })],
  ),
  ["/b2/one", () => new rr.Boxes2D({ array: [1, 2, 3, 4], arrayFormat: "XYXY" })],
  [
    "/b2/minsize",
    () =>
      new rr.Boxes2D({
        mins: [
          [0, 1],
          [2, 3],
        ],
        sizes: [
          [4, 6],
          [8, 10],
        ],
        labels: ["a", "b"],
      }),
  ],
  [
    "/b2/half",
    () => new rr.Boxes2D({ halfSizes: [1, 2], centers: [5, 5], colors: 0xff00ffff, radii: 2, drawOrder: 9, classIds: [1] }),
  ],
  ["/b3/minsize", () => new rr.Boxes3D({ mins: [0, 1, 2], sizes: [4, 6, 8] })],
  ["/b3/sizes", () => new rr.Boxes3D({ sizes: [[1, 2, 3]], centers: [[0, 0, 1]], fillMode: "solid" })],
  [
    "/b3/quat",
    () =>
      new rr.Boxes3D({
        halfSizes: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        quaternions: [new rr.Quaternion({ xyzw: [0, 0, 0.5, 0.75] }), rr.Quaternion.identity()],
      }),
  ],
  [
    "/b3/axis",
    () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotationAxisAngles: [new rr.RotationAxisAngle([0, 0, 1], { degrees: 45 })] }),
  ],
  ["/b3/rot_auto_q", () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotations: new rr.Quaternion({ xyzw: [0, 0, 0, 1] }) })],
  [
    "/b3/rot_auto_a",
    () => new rr.Boxes3D({ halfSizes: [1, 2, 3], rotations: new rr.RotationAxisAngle([1, 0, 0], { radians: 0.5 }) }),
  ],
  [
    "/el/radii",
    () =>
      new rr.Ellipsoids3D({
        radii: [1, 2],
        centers: [
          [0, 0, 0],
          [1, 1, 1],
        ],
      }),
  ],
  ["/el/half", () => new rr.Ellipsoids3D({ halfSizes: [[1, 2, 3]], lineRadii: 0.25, fillMode: rr.FillMode.DenseWireframe })],
  ["/e2", () => new rr.Ellipses2D({ halfSizes: [[1, 2]], centers: [[3, 4]] })],
  [
    "/cap",
    () =>
      new rr.Capsules3D({
        lengths: [1, 2],
        radii: [0.5, 0.25],
        translations: [
          [0, 0, 0],
          [1, 0, 0],
        ],
      }),
  ],
  ["/cyl", () => new rr.Cylinders3D({ lengths: 1, radii: 2, centers: [1, 2, 3] })],
];
