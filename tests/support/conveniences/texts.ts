/** Texts, graphs, states, series and scalars. */
import * as rr from "../../../src/types/index.js";
import type { ConvenienceCase } from "./case.js";

export const TEXTS: readonly ConvenienceCase[] = [
  ["/doc", () => new rr.TextDocument("plain")],
  ["/md", () => new rr.TextDocument("# hi", { mediaType: rr.MediaType.MARKDOWN })],
  ["/log", () => new rr.TextLog("m CRITICAL", { level: rr.TextLogLevel.CRITICAL })],
  [
    "/g/n",
    () =>
      new rr.GraphNodes(["a", "b", "c"], {
        positions: [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
        labels: ["A", "B", "C"],
        colors: [1, 2, 3],
        radii: 5,
      }),
  ],
  [
    "/g/e",
    () =>
      new rr.GraphEdges(
        [
          ["a", "b"],
          ["b", "c"],
        ],
        { graphType: "directed" },
      ),
  ],
  ["/g/u", () => new rr.GraphEdges([{ first: "a", second: "b" }], { graphType: rr.GraphType.Undirected })],
  ["/g/one", () => new rr.GraphEdges([["x", "y"]])],
  ["/g/one", () => new rr.GraphEdges(["x", "y"])],
  ["/st", () => new rr.StateChange({ state: "open" })],
  ["/st2", () => new rr.StateChange({ state: ["a", "b"] })],
  [
    "/stc",
    () =>
      new rr.StateConfiguration({
        values: ["open", "closed"],
        labels: ["Open", "Closed"],
        colors: [0x00ff00ff, 0xff0000ff],
        visible: [true, false],
      }),
  ],
  ["/cl", () => new rr.Clear({ recursive: true })],
  ["/cl2", () => rr.Clear.flat()],
  ["/cl3", () => rr.Clear.recursive()],
  ["/sl", () => new rr.SeriesLines({ colors: [255, 0, 0], names: "n", widths: 2 })],
  [
    "/sl2",
    () =>
      new rr.SeriesLines({
        colors: [
          [255, 0, 0],
          [0, 255, 0],
        ],
        names: ["a", "b"],
        widths: [1, 2],
        aggregationPolicy: "Average",
        visibleSeries: [true, false],
        interpolationMode: "StepAfter",
      }),
  ],
  ["/sp", () => new rr.SeriesPoints()],
  ["/sp2", () => new rr.SeriesPoints({ markers: "cross", markerSizes: 4, names: ["x"] })],
  ["/sp3", () => new rr.SeriesPoints({ markers: ["circle", "Asterisk"], colors: [0xff, 0xffff] })],
  ["/sc", () => new rr.Scalars(1)],
  ["/sc2", () => new rr.Scalars([1, 2.5, -3])],
  ["/ms", () => new rr.Measurements([1, 2], { variances: [0.5, 0], units: "Pa" })],
];
