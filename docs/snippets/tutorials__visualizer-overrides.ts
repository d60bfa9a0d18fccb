// Draws one of two curves twice: as a line, and as points on it.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_series_line_overrides");

const numSteps = Math.floor(4 * Math.PI * 10);
for (let step = 0; step < numSteps; step++) {
  rr.setTime("step", { sequence: step });
  rr.log("trig/sin", new rr.Scalars(Math.sin(step / 10)));
  rr.log("trig/cos", new rr.Scalars(Math.cos(step / 10)));
}

rr.sendBlueprint(new rrb.TimeSeriesView({ overrides: { "trig/sin": [new rr.SeriesLines(), new rr.SeriesPoints()] } }));
