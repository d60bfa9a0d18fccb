// A picture as a rectangle in space: a mesh of two triangles with a texture.
import * as rr from "rerun-ts";

rr.init("rerun_example_mesh3d_image");

const size = 256;
const data = new Uint8Array(size * size * 3);
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) data.set([x, y, 0], (y * size + x) * 3);
}

// From the middle of the first pixel to the middle of the last one.
const [low, high] = [0.5 / size, 1 - 0.5 / size];
rr.log(
  "image",
  new rr.Mesh3D({
    vertexPositions: [
      [1, 1, 1],
      [1, 0, 1],
      [1, 0, 0],
      [1, 1, 0],
    ],
    vertexTexcoords: [
      [low, low],
      [high, low],
      [high, high],
      [low, high],
    ],
    triangleIndices: [
      [0, 2, 1],
      [0, 3, 2],
    ],
    albedoTexture: { data, shape: [size, size, 3] },
    albedoFactor: [255, 255, 255],
  }),
);
