// Values that belong together, under the name of an archetype of one's own.
import * as rr from "rerun-ts";

rr.init("rerun_example_dynamic_archetype");

rr.log(
  "new_archetype",
  new rr.DynamicArchetype("MyArchetype", {
    components: { homepage: "https://www.rerun.io", repository: "https://github.com/rerun-io/rerun" },
  })
    .withComponentOverride("confidence", rr.components.Scalar.name, [1.2, 3.4, 5.6])
    .withComponentOverride("description", rr.components.Text.name, "Bla bla bla…"),
);
