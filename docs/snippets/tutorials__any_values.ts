// Values under names of one's own. Two of them say that they are of a type that viewers know.
import * as rr from "rerun-ts";

rr.init("rerun_example_any_values");

rr.log(
  "any_values",
  new rr.AnyValues({ homepage: "https://www.rerun.io", repository: "https://github.com/rerun-io/rerun" })
    .withComponentOverride("confidence", rr.components.Scalar.name, [1.2, 3.4, 5.6])
    .withComponentOverride("description", rr.components.Text.name, "Bla bla bla…"),
);
