// Radii in the units of the scene grow when the view zooms in; radii in points of the screen do not.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_points2d_ui_radius");

const left = [
  [0, 0],
  [0, 1],
];
rr.log("scene_units", new rr.Points2D(left, { radii: [0.1, 0.3], colors: [0, 0, 255] }));

const right = [
  [1, 0],
  [1, 1],
];
rr.log("ui_points", new rr.Points2D(right, { radii: rr.Radius.uiPoints([40, 60]), colors: [255, 0, 0] }));

rr.sendBlueprint(new rrb.Spatial2DView({ visualBounds: { xRange: [-1, 2], yRange: [-1, 2] } }));
