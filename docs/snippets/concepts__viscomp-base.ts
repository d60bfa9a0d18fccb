// Two red boxes in a 2D view.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_component_override");

rr.log("boxes/1", new rr.Boxes2D({ centers: [0, 0], sizes: [1, 1], colors: [255, 0, 0] }));
rr.log("boxes/2", new rr.Boxes2D({ centers: [2, 0], sizes: [1, 1], colors: [255, 0, 0] }));

rr.sendBlueprint(new rrb.Blueprint(new rrb.Spatial2DView()));
