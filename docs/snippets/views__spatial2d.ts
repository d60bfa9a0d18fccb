// A spiral of points in a 2D view with a background and bounds of its own.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_spatial_2d");

const steps = Array.from({ length: 150 }, (_, i) => i / 149); // 0..1
const angles = steps.map((step) => 10 * Math.PI * step);
const distances = steps.map((step) => (3 * step) ** 2);
rr.log(
  "points",
  new rr.Points2D(
    angles.map((angle, i) => [distances[i] * Math.cos(angle), distances[i] * Math.sin(angle)]),
    {
      radii: steps.map((step) => 0.01 + 0.69 * step),
      colors: steps.map((step) => [255, Math.floor(255 * (1 - step)), Math.floor(255 * step)]),
    },
  ),
);

rr.sendBlueprint(
  new rrb.Blueprint(
    new rrb.Spatial2DView({ name: "2D Scene", background: [105, 20, 105], visualBounds: { xRange: [-5, 5], yRange: [-5, 5] } }),
    { collapsePanels: true },
  ),
);
