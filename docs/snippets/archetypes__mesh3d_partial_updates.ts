// A mesh whose vertices move: colours and normals are logged once and stay as they were.
import * as rr from "rerun-ts";

rr.init("rerun_example_mesh3d_partial_updates");

const corners = [
  [-1, 0, 0],
  [1, 0, 0],
  [0, 1, 0],
];

rr.setTime("frame", { sequence: 0 });
rr.log(
  "triangle",
  new rr.Mesh3D({
    vertexPositions: corners,
    vertexNormals: [0, 0, 1],
    vertexColors: [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ],
  }),
);

for (let frame = 1; frame < 300; frame++) {
  const scale = Math.abs(Math.sin(0.04 * frame));
  rr.setTime("frame", { sequence: frame });
  // `fromFields` logs the given fields and nothing else.
  rr.log("triangle", rr.Mesh3D.fromFields({ vertexPositions: corners.map((corner) => corner.map((value) => value * scale)) }));
}
