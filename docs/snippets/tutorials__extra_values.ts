// Values of one's own beside an archetype: the viewer shows them for the point under the pointer.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_extra_values");

const corners = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];
rr.log("extra_values", [new rr.Points2D(corners), new rr.AnyValues({ confidence: [0.3, 0.4, 0.5, 0.6] })]);

rr.sendBlueprint(new rrb.Spatial2DView({ visualBounds: { xRange: [-1.5, 1.5], yRange: [-1.5, 1.5] } }));
