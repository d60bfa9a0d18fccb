// A whole curve in one call: a column of times and a column of values.
import * as rr from "rerun-ts";

rr.init("rerun_example_scalar_column_updates");

const steps = Array.from({ length: 64 }, (_, step) => step);
const scalars = Float64Array.from(steps, (step) => Math.sin(step / 10));

rr.sendColumns("scalars", [new rr.TimeColumn("step", { sequence: steps })], rr.Scalars.columns({ scalars }));
