// A chain of transforms with their axes: the child turns with its parent.
import * as rr from "rerun-ts";

rr.init("rerun_example_transform3d_axes");

rr.setTime("step", { sequence: 0 });
rr.log("base", new rr.TransformAxes3D(1));

for (let degrees = 0; degrees < 360; degrees++) {
  rr.setTime("step", { sequence: degrees });
  rr.log("base/rotated", [
    new rr.Transform3D({ rotation: new rr.RotationAxisAngle([1, 1, 1], { degrees }) }),
    new rr.TransformAxes3D(0.5),
  ]);
  rr.log("base/rotated/translated", [new rr.Transform3D({ translation: [2, 0, 0] }), new rr.TransformAxes3D(0.5)]);
}
