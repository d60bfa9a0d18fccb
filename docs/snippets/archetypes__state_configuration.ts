// States over time, and how each of them is called and coloured.
import * as rr from "rerun-ts";

rr.init("rerun_example_state_configuration");

rr.log(
  "door",
  new rr.StateConfiguration({ values: ["open", "closed"], labels: ["Open", "Closed"], colors: [0x4caf50ff, 0xef5350ff] }),
  { static: true },
);

for (const [step, state] of ["open", "closed", "open"].entries()) {
  rr.setTime("step", { sequence: step });
  rr.log("door", new rr.StateChange({ state }));
}
