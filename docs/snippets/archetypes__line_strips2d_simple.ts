// A line strip, seen with some space around it.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_line_strip2d");

const points = [
  [0, 0],
  [2, 1],
  [4, -1],
  [6, 0],
];
rr.log("strip", new rr.LineStrips2D([points]));

rr.sendBlueprint(new rrb.Spatial2DView({ visualBounds: { xRange: [-1, 7], yRange: [-3, 3] } }));
