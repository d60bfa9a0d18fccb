// Twenty images in one call: the format is said once, for all times, the pixels are a column.
import * as rr from "rerun-ts";

rr.init("rerun_example_image_column_updates");

const [width, height] = [300, 200];
const steps = Array.from({ length: 20 }, (_, step) => step);

/** A blue picture with a square in cyan, further to the right in each step. */
function picture(step: number): Uint8Array {
  const pixels = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = y >= 50 && y < 150 && x >= step * 10 && x < step * 10 + 100;
      pixels.set([0, isInside ? 255 : 0, 255], (y * width + x) * 3);
    }
  }
  return pixels;
}

const format = { width, height, colorModel: "RGB", channelDatatype: "U8" } as const;
rr.log("images", rr.Image.fromFields({ format }), { static: true });
rr.sendColumns("images", [new rr.TimeColumn("step", { sequence: steps })], rr.Image.columns({ buffer: steps.map(picture) }));
