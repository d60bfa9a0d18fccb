// A view that shows states as lanes over time, with the other panels folded.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_state_timeline");

for (const [step, state] of ["open", "closed", "open"].entries()) {
  rr.setTime("step", { sequence: step });
  rr.log("door", new rr.StateChange({ state }));
}

rr.sendBlueprint(new rrb.Blueprint(new rrb.StateTimelineView({ name: "State Transitions" }), { collapsePanels: true }));
