// Two line strips in space with their own colour, width and label.
import * as rr from "rerun-ts";

rr.init("rerun_example_line_strip3d_batch");

const square = [
  [0, 0, 2],
  [1, 0, 2],
  [1, 1, 2],
  [0, 1, 2],
];
const zigzag = [
  [0, 0, 0],
  [0, 0, 1],
  [1, 0, 0],
  [1, 0, 1],
  [1, 1, 0],
  [1, 1, 1],
  [0, 1, 0],
  [0, 1, 1],
];
rr.log(
  "strips",
  new rr.LineStrips3D([square, zigzag], {
    colors: [
      [255, 0, 0],
      [0, 255, 0],
    ],
    radii: [0.025, 0.005],
    labels: ["one strip here", "and one strip there"],
  }),
);
