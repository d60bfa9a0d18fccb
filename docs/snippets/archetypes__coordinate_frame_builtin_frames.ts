// Every entity has a frame of its own, called `tf#` and its path: another entity can be put into it by name.
import * as rr from "rerun-ts";

rr.init("rerun_example_transform3d_hierarchy");

rr.setTime("time", { sequence: 0 });
const box = { halfSizes: [0.5, 0.5, 0.5] };
rr.log("red_box", [new rr.Boxes3D({ ...box, colors: [255, 0, 0] }), new rr.Transform3D({ translation: [2, 0, 0] })]);
rr.log("blue_box", [new rr.Boxes3D({ ...box, colors: [0, 0, 255] }), new rr.Transform3D({ translation: [-2, 0, 0] })]);
rr.log("point", new rr.Points3D([0, 0, 0], { radii: 0.5 }));

// The point moves into the red box, then into the blue one.
rr.setTime("time", { sequence: 1 });
rr.log("point", new rr.CoordinateFrame("tf#/red_box"));

rr.setTime("time", { sequence: 2 });
rr.log("point", new rr.CoordinateFrame("tf#/blue_box"));
