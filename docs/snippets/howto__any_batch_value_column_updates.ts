// Columns under names of one's own: one value in each row, and ten values in each row.
import * as rr from "rerun-ts";

rr.init("rerun_example_any_batch_value_column_updates");

const steps = Array.from({ length: 64 }, (_, step) => step);
const ones = steps.map((step) => Math.sin(step / 10));
const tens = steps.map((step) => Array.from({ length: 10 }, (_, i) => Math.cos((10 * step + i) / 100)));

rr.sendColumns(
  "/",
  [new rr.TimeColumn("step", { sequence: steps })],
  rr.AnyValues.columns({ custom_component_single: ones, custom_component_multi: tens }),
);
