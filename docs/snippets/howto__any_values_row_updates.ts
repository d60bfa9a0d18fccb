// Values under names of one's own that change over time.
import * as rr from "rerun-ts";

rr.init("rerun_example_any_values_row_updates");

for (let step = 0; step < 64; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("/", new rr.AnyValues({ sin: Math.sin(step / 10), cos: Math.cos(step / 10) }));
}
