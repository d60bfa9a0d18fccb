// An image that changes over time.
import * as rr from "rerun-ts";

rr.init("rerun_example_image_row_updates");

const [height, width] = [200, 300];
for (let step = 0; step < 20; step++) {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = y >= 50 && y < 150 && x >= step * 10 && x < step * 10 + 100;
      data.set([0, isInside ? 255 : 0, 255], (y * width + x) * 3);
    }
  }
  rr.setTime("time", { sequence: step });
  rr.log("image", new rr.Image({ data, shape: [height, width, 3] }));
}
