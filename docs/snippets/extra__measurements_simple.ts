// Values that come with how sure they are: two sensors, their variances and their unit.
import * as rr from "rerun-ts";

rr.init("rerun_example_measurements_simple");

for (let step = 0; step < 64; step++) {
  rr.setTime("step", { sequence: step });
  rr.log(
    "pressure",
    new rr.Measurements([101_325 + 50 * Math.sin(step / 10), 101_300 + 30 * Math.cos(step / 8)], {
      variances: [100 + 25 * Math.sin(step / 7), 80 + 15 * Math.cos(step / 11)],
      units: "Pa",
    }),
  );
}
