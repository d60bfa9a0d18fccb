// A transform moves an entity and all below it; instance poses move only what is logged to the entity itself.
import * as rr from "rerun-ts";

rr.init("rerun_example_instance_pose3d_combined");

const ticks = Array.from({ length: 10 }, (_, i) => -10 + (20 * i) / 9);
const grid = ticks.flatMap((z) => ticks.flatMap((y) => ticks.map((x) => [x, y, z])));

rr.setTime("frame", { sequence: 0 });
rr.log("world/box", new rr.Boxes3D({ halfSizes: [1, 1, 1] }));
rr.log("world/box/points", new rr.Points3D(grid));

for (let frame = 0; frame < 180; frame++) {
  rr.setTime("frame", { sequence: frame });
  // Box and points turn together,
  rr.log("world/box", new rr.Transform3D({ rotation: new rr.RotationAxisAngle([0, 0, 1], { degrees: 2 * frame }) }));
  // but only the box goes up.
  const height = Math.abs(5 - 0.1 * frame) - 5;
  rr.log("world/box", new rr.InstancePoses3D({ translations: [0, 0, height] }));
}
