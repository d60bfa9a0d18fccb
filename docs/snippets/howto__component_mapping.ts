// Three curves from one entity: the blueprint says for each where its values and its colour come from.
import { Field, Float32, Struct, vectorFromArray } from "apache-arrow";
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_component_mapping");

// Scalars as usual, and two components of our own: plain numbers, and structs with a member `values`.
const steps = Array.from({ length: 64 }, (_, step) => step);
const sigmoids = steps.map((step) => ({ values: 1 / (1 + Math.exp(-(step - 30) / 10)) }));
const nested = new Struct([new Field("values", new Float32(), true)]);
rr.sendColumns(
  "plot",
  [new rr.TimeColumn("step", { sequence: steps })],
  [
    ...rr.Scalars.columns({ scalars: steps.map((step) => Math.sin(step / 10)) }),
    ...rr.DynamicArchetype.columns("custom", {
      components: {
        my_custom_scalar: steps.map((step) => Math.cos(step / 10)),
        my_nested_scalar: vectorFromArray(sigmoids, nested),
      },
    }),
  ],
);
rr.log("plot", rr.SeriesLines.fromFields({ colors: [255, 0, 0] }), { static: true });

// Values from the usual component, the colour from the view's defaults.
const sine = new rr.SeriesLines({ names: "sine (store)" }).visualizer({
  mappings: [{ target: "SeriesLines:colors", sourceKind: "Default" }],
});
// Values from a component of our own, the colour that was logged.
const cosine = new rr.SeriesLines({ names: "cosine (custom)" }).visualizer({
  mappings: [{ target: "Scalars:scalars", sourceKind: "SourceComponent", sourceComponent: "custom:my_custom_scalar" }],
});
// Values from inside a struct, the colour given here.
const sigmoid = new rr.SeriesLines({ names: "sigmoid (nested)", colors: [0, 0, 255] }).visualizer({
  mappings: [
    {
      target: "Scalars:scalars",
      sourceKind: "SourceComponent",
      sourceComponent: "custom:my_nested_scalar",
      selector: ".values",
    },
  ],
});

rr.sendBlueprint(
  new rrb.TimeSeriesView({
    name: "Component Mapping Demo",
    defaults: [rr.SeriesLines.fromFields({ colors: [0, 255, 0] })],
    overrides: { plot: [sine, cosine, sigmoid] },
  }),
);
