// A graph with arrows: nodes and edges are two archetypes, logged to one entity in one call.
import * as rr from "rerun-ts";

rr.init("rerun_example_graph_directed");

rr.log("simple", [
  new rr.GraphNodes(["a", "b", "c"], {
    labels: ["A", "B", "C"],
    positions: [
      [0, 100],
      [-100, 0],
      [100, 0],
    ],
  }),
  new rr.GraphEdges(
    [
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
    ],
    { graphType: "Directed" },
  ),
]);
