// Two line strips with their own colour, width and label, seen with some space around them.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_line_strip2d_batch");

const calm = [
  [0, 0],
  [2, 1],
  [4, -1],
  [6, 0],
];
const jagged = [
  [0, 3],
  [1, 4],
  [2, 2],
  [3, 4],
  [4, 2],
  [5, 4],
  [6, 3],
];
rr.log(
  "strips",
  new rr.LineStrips2D([calm, jagged], {
    colors: [
      [255, 0, 0],
      [0, 255, 0],
    ],
    radii: [0.025, 0.005],
    labels: ["one strip here", "and one strip there"],
  }),
);

rr.sendBlueprint(new rrb.Spatial2DView({ visualBounds: { xRange: [-1, 7], yRange: [-3, 6] } }));
