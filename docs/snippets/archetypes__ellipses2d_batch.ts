// Several ellipses at once, with colours, labels and strokes of their own.
import * as rr from "rerun-ts";

rr.init("rerun_example_ellipses2d_batch");

rr.log(
  "batch",
  new rr.Ellipses2D({
    centers: [
      [-2, 0],
      [0, 0],
      [2.5, 0],
    ],
    halfSizes: [
      [1.5, 0.75],
      [0.5, 0.5],
      [0.75, 1.5],
    ],
    lineRadii: [0.025, 0.05, 0.025],
    colors: [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ],
    labels: ["wide", "circle", "tall"],
  }),
);
