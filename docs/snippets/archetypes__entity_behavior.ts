// Hides a part of the tree in one view, except for one entity in it, and takes another part from the pointer.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_entity_behavior");

rr.sendBlueprint(
  new rrb.Spatial2DView({
    // What is set for an entity holds for all below it, unless these have a value of their own.
    overrides: {
      hidden_subtree: new rrb.EntityBehavior({ visible: false }),
      "hidden_subtree/not_hidden": new rrb.EntityBehavior({ visible: true }),
      non_interactive_subtree: new rrb.EntityBehavior({ interactive: false }),
    },
  }),
);

const diagonals = {
  falling: [
    [-1, 1],
    [1, -1],
  ],
  rising: [
    [1, 1],
    [-1, -1],
  ],
};
rr.log("hidden_subtree", new rr.Points2D([0, 0], { radii: 0.5 }));
rr.log("hidden_subtree/also_hidden", new rr.LineStrips2D(diagonals.falling));
rr.log("hidden_subtree/not_hidden", new rr.LineStrips2D(diagonals.rising));
rr.log("non_interactive_subtree", new rr.Boxes2D({ centers: [0, 0], halfSizes: [1, 1] }));
rr.log("non_interactive_subtree/also_non_interactive", new rr.Boxes2D({ centers: [0, 0], halfSizes: [0.5, 0.5] }));
