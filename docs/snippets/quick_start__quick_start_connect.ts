// A cube of points, coloured by where they are.
import * as rr from "rerun-ts";

rr.init("rerun_example_quick_start_connect");

const ticks = Array.from({ length: 10 }, (_, i) => i / 9); // 0..1
const grid = ticks.flatMap((y) => ticks.flatMap((x) => ticks.map((z) => [x, y, z])));

rr.log(
  "my_points",
  new rr.Points3D(
    grid.map((point) => point.map((value) => 20 * value - 10)),
    { colors: grid.map((point) => point.map((value) => Math.floor(255 * value))), radii: 0.5 },
  ),
);
