// States of two things over time, one of them with labels and colours, in a view of their own.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_howto_state_timeline");

rr.log(
  "door",
  new rr.StateConfiguration({ values: ["open", "closed"], labels: ["Open", "Closed"], colors: [0x4caf50ff, 0xef5350ff] }),
  { static: true },
);

rr.setTime("step", { sequence: 0 });
rr.log("door", new rr.StateChange({ state: "open" }));
rr.log("window", new rr.StateChange({ state: "closed" }));

rr.setTime("step", { sequence: 1 });
rr.log("door", new rr.StateChange({ state: "closed" }));

rr.setTime("step", { sequence: 3 });
rr.log("window", new rr.StateChange({ state: "open" }));

rr.setTime("step", { sequence: 4 });
rr.log("door", new rr.StateChange({ state: "open" }));

rr.sendBlueprint(new rrb.StateTimelineView({ name: "Doors and windows" }));
