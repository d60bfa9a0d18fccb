// A curve, value by value.
import * as rr from "rerun-ts";

rr.init("rerun_example_scalar");

for (let step = 0; step < 64; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("scalar", new rr.Scalars(Math.sin(step / 10)));
}
