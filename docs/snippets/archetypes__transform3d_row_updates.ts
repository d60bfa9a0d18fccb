// A box that turns and rises: only its transform is logged anew.
import * as rr from "rerun-ts";

rr.init("rerun_example_transform3d_row_updates");

rr.setTime("tick", { sequence: 0 });
rr.log("box", [new rr.Boxes3D({ halfSizes: [4, 2, 1], fillMode: "Solid" }), new rr.TransformAxes3D(10)]);

for (let i = 0; i < 100; i++) {
  // Four degrees a step, cut to thousandths of a radian.
  const radians = Math.floor(((4 * i * Math.PI) / 180) * 1000) / 1000;
  rr.setTime("tick", { sequence: i + 1 });
  rr.log("box", new rr.Transform3D({ translation: [0, 0, i / 10], rotation: new rr.RotationAxisAngle([0, 1, 0], { radians }) }));
}
