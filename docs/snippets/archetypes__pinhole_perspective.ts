// A camera by its angle of view and the shape of its image, looking at three points.
import * as rr from "rerun-ts";

rr.init("rerun_example_pinhole_perspective");

rr.log(
  "world/cam",
  new rr.Pinhole({
    fovY: 0.7853982, // 45 degrees
    aspectRatio: 1.7777778, // 16:9
    cameraXyz: rr.ViewCoordinates.RUB, // x right, y up, z back
    imagePlaneDistance: 0.1,
    color: [255, 128, 0],
    lineWidth: 0.003,
  }),
);

const points = [
  [0, 0, -0.5],
  [0.1, 0.1, -0.5],
  [-0.1, -0.1, -0.5],
];
rr.log("world/points", new rr.Points3D(points, { radii: 0.025 }));
