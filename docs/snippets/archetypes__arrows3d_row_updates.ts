// Arrows that change over time: each call to `log` replaces what was there.
import * as rr from "rerun-ts";

rr.init("rerun_example_arrows3d_row_updates");

const xs = [-1, -0.5, 0, 0.5, 1];
const colors = [0xff0000ff, 0x00ff00ff, 0x0000ffff, 0xffff00ff, 0x00ffffff];

for (const [step, color] of colors.entries()) {
  rr.setTime("time", { duration: 10 + step });
  rr.log(
    "arrows",
    new rr.Arrows3D({
      origins: xs.map((x) => [x, x, 0]),
      vectors: xs.map((x, i) => [x, x, (step * i) / 4]),
      colors: color,
    }),
  );
}
