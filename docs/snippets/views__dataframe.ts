// A table of chosen columns: which timeline, which rows, in which order.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_dataframe");

const numSteps = Math.floor(4 * Math.PI * 100);
for (let step = 0; step < numSteps; step++) {
  rr.setTime("t", { duration: step });
  rr.log("trig/sin", new rr.Scalars(Math.sin(step / 100)));
  rr.log("trig/cos", new rr.Scalars(Math.cos(step / 100)));
  if (step % 5 === 0) rr.log("trig/tan_sparse", new rr.Scalars(Math.tan(step / 100)));
}

rr.sendBlueprint(
  new rrb.DataframeView({
    origin: "/trig",
    query: {
      timeline: "t",
      filterByRange: [0, 20_000_000_000], // nanoseconds
      filterIsNotNull: "/trig/tan_sparse:Scalar",
      select: ["t", "log_tick", "/trig/sin:Scalar", "/trig/cos:Scalar", "/trig/tan_sparse:Scalar"],
      entityOrder: ["/trig/cos", "/trig/sin", "/trig/tan_sparse"],
      autoScroll: true,
    },
  }),
);
