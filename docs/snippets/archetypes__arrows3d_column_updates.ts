// Five steps of growing arrows, sent as columns: one call instead of five.
import * as rr from "rerun-ts";

rr.init("rerun_example_arrows3d_column_updates");

const steps = [0, 1, 2, 3, 4];
const seconds = steps.map((step) => 10 + step);

// Five arrows in each step: their origins stay, their tips rise.
const origins = steps.flatMap(() => [-1, -0.5, 0, 0.5, 1].map((x) => [x, x, 0]));
const vectors = steps.flatMap((step) => [-1, -0.5, 0, 0.5, 1].map((x, i) => [x, x, (step * i) / 4]));

// One colour in each step, for all of its arrows.
const colors = [0xff0000ff, 0x00ff00ff, 0x0000ffff, 0xffff00ff, 0x00ffffff];

rr.sendColumns(
  "arrows",
  [new rr.TimeColumn("time", { duration: seconds })],
  [...rr.Arrows3D.columns({ origins, vectors }).partition(steps.map(() => 5)), ...rr.Arrows3D.columns({ colors })],
);
