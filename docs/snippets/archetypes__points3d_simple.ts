// Two points.
import * as rr from "rerun-ts";

rr.init("rerun_example_points3d");

rr.log(
  "points",
  new rr.Points3D([
    [0, 0, 0],
    [1, 1, 1],
  ]),
);
