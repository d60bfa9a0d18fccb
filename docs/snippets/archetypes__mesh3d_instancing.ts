// One mesh, drawn in four places: the vertices are logged once, the poses in every frame.
import * as rr from "rerun-ts";

rr.init("rerun_example_mesh3d_instancing");

rr.setTime("frame", { sequence: 0 });
rr.log(
  "shape",
  new rr.Mesh3D({
    vertexPositions: [
      [1, 1, 1],
      [-1, -1, 1],
      [-1, 1, -1],
      [1, -1, -1],
    ],
    triangleIndices: [
      [0, 2, 1],
      [0, 3, 1],
      [0, 3, 2],
      [1, 3, 2],
    ],
    vertexColors: [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
    ],
  }),
);

// Instance poses are not inherited: this box stands still.
rr.log("shape/box", new rr.Boxes3D({ halfSizes: [5, 5, 5] }));

for (let frame = 0; frame < 100; frame++) {
  rr.setTime("frame", { sequence: frame });
  rr.log(
    "shape",
    new rr.InstancePoses3D({
      translations: [
        [2, 0, 0],
        [0, 2, 0],
        [0, -2, 0],
        [-2, 0, 0],
      ],
      rotationAxisAngles: new rr.RotationAxisAngle([0, 0, 1], { degrees: 2 * frame }),
    }),
  );
}
