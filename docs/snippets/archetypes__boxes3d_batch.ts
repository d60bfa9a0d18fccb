// Several boxes at once, each with its own place, size, rotation, colour and label.
import * as rr from "rerun-ts";

rr.init("rerun_example_box3d_batch");

rr.log(
  "batch",
  new rr.Boxes3D({
    centers: [
      [2, 0, 0],
      [-2, 0, 0],
      [0, 0, 2],
    ],
    halfSizes: [
      [2, 2, 1],
      [1, 1, 0.5],
      [2, 0.5, 1],
    ],
    quaternions: [rr.Quaternion.identity(), new rr.Quaternion({ xyzw: [0, 0, 0.382683, 0.92388] })], // the second: 45° about z
    radii: 0.025, // one value holds for all boxes
    colors: [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ],
    fillMode: "Solid",
    labels: ["red", "green", "blue"],
  }),
);
