// Colour, width and name of curves, logged once for all times.
import * as rr from "rerun-ts";

rr.init("rerun_example_series_line_style");

rr.log("trig/sin", new rr.SeriesLines({ colors: [255, 0, 0], names: "sin(0.01t)", widths: 2 }), { static: true });
rr.log("trig/cos", new rr.SeriesLines({ colors: [0, 255, 0], names: "cos(0.01t)", widths: 4 }), { static: true });

const numSteps = Math.floor(4 * Math.PI * 100);
for (let step = 0; step < numSteps; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("trig/sin", new rr.Scalars(Math.sin(step / 100)));
  rr.log("trig/cos", new rr.Scalars(Math.cos(step / 100)));
}
