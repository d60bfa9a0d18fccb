// A depth image below a camera: the viewer draws it in space, as a cloud of points.
import * as rr from "rerun-ts";

rr.init("rerun_example_depth_image_3d");

const [height, width] = [200, 300];
const data = new Uint16Array(height * width).fill(65535);
const rectangles = [
  { depth: 20_000, top: 50, bottom: 150, left: 50, right: 150 },
  { depth: 45_000, top: 130, bottom: 180, left: 100, right: 280 },
];
for (const { depth, top, bottom, left, right } of rectangles) {
  for (let y = top; y < bottom; y++) data.fill(depth, y * width + left, y * width + right);
}

rr.log("world/camera", new rr.Pinhole({ width, height, focalLength: 200 }));

// `meter`: so many units of depth are one metre.
rr.log("world/camera/depth", new rr.DepthImage({ data, shape: [height, width] }, { meter: 10_000, colormap: "Viridis" }));
