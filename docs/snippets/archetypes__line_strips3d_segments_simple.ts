// Separate line segments: strips of two points each.
import * as rr from "rerun-ts";

rr.init("rerun_example_line_segments3d");

const corners = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;
const uprights = corners.map(([x, y]) => [
  [x, y, 0],
  [x, y, 1],
]);
rr.log("segments", new rr.LineStrips3D(uprights));
