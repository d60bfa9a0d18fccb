// Capsules of different lengths, each turned further than the one before.
import * as rr from "rerun-ts";

rr.init("rerun_example_capsule3d_batch");

const numbers = [0, 1, 2, 3, 4];
rr.log(
  "capsules",
  new rr.Capsules3D({
    lengths: numbers.map((i) => 2 * i),
    radii: [1, 0.5, 0.5, 0.5, 1],
    translations: numbers.map((i) => [2 * i, 0, 0]),
    rotationAxisAngles: numbers.map((i) => new rr.RotationAxisAngle([1, 0, 0], { degrees: -22.5 * i })),
    colors: [
      [255, 0, 0],
      [188, 188, 0],
      [0, 255, 0],
      [0, 188, 188],
      [0, 0, 255],
    ],
  }),
);
