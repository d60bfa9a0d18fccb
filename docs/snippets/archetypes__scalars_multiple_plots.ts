// Two curves and a cloud of points: the style of each entity is logged once, for all times.
import * as rr from "rerun-ts";

rr.init("rerun_example_scalar_multiple_plots");

rr.log("trig/sin", new rr.SeriesLines({ colors: [255, 0, 0], names: "sin(0.01t)" }), { static: true });
rr.log("trig/cos", new rr.SeriesLines({ colors: [0, 255, 0], names: "cos(0.01t)" }), { static: true });
rr.log("scatter/lcg", new rr.SeriesPoints(), { static: true }); // without options: circles

const numSteps = Math.floor(4 * Math.PI * 100);
let random = 0;
for (let step = 0; step < numSteps; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("trig/sin", new rr.Scalars(Math.sin(step / 100)));
  rr.log("trig/cos", new rr.Scalars(Math.cos(step / 100)));

  // A linear congruential generator of 24 bits: numbers that look random.
  random = (Math.imul(1140671485, random) + 128201163) & 0xffffff;
  rr.log("scatter/lcg", new rr.Scalars(random));
}
