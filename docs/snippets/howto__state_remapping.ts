// Shows the texts of any component as states: the blueprint says which component is the state.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_state_remapping");

for (const [step, mode] of ["booting", "idle", "driving", "idle", "charging"].entries()) {
  rr.setTime("step", { sequence: step });
  rr.log("robot", new rr.AnyValues({ mode }));
}

const states = new rrb.Visualizer("StateVisualizer", {
  mappings: [{ target: "StateChange:state", sourceKind: "SourceComponent", sourceComponent: "AnyValues:mode" }],
});
rr.sendBlueprint(new rrb.StateTimelineView({ name: "Robot mode", overrides: { robot: states } }));
