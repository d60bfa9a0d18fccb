// Values drawn as markers: their shape, size, colour and name, logged once for all times.
import * as rr from "rerun-ts";

rr.init("rerun_example_series_point_style");

rr.log("trig/sin", new rr.SeriesPoints({ colors: [255, 0, 0], names: "sin(0.01t)", markers: "Circle", markerSizes: 4 }), {
  static: true,
});
rr.log("trig/cos", new rr.SeriesPoints({ colors: [0, 255, 0], names: "cos(0.01t)", markers: "Cross", markerSizes: 2 }), {
  static: true,
});

const numSteps = Math.floor(4 * Math.PI * 10);
for (let step = 0; step < numSteps; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("trig/sin", new rr.Scalars(Math.sin(step / 10)));
  rr.log("trig/cos", new rr.Scalars(Math.cos(step / 10)));
}
