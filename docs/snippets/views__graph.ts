// A graph on a background of its own, with the part of the plane that is seen at first.
import * as rr from "rerun-ts";
import * as rrb from "rerun-ts/blueprint";

rr.init("rerun_example_graph_view");

const positions = [
  [0, 100],
  [-100, 0],
  [100, 0],
];
rr.log("simple", new rr.GraphNodes(["a", "b", "c"], { labels: ["A", "B", "C"], positions }));

rr.sendBlueprint(
  new rrb.Blueprint(
    new rrb.GraphView({
      name: "Graph",
      background: { color: [30, 10, 10] },
      visualBounds: { xRange: [-150, 150], yRange: [-50, 150] },
    }),
    { collapsePanels: true },
  ),
);
