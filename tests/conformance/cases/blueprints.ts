/** What python/blueprint_cases.py makes with the real SDK, made here. */
import * as rr from "../../../src/index.js";
import * as rrb from "../../../src/sdk/blueprint/index.js";

const { Column, col } = rrb.table;

function seconds(value: number): rrb.TimeRangeBoundary {
  return rrb.TimeRangeBoundary.cursorRelative({ seconds: value });
}

export function spatialViews(): rrb.BlueprintLike {
  const ranges = new rrb.VisibleTimeRange("time", { start: seconds(-5), end: rrb.TimeRangeBoundary.cursorRelative() });
  const flat = new rrb.Spatial2DView({
    origin: "/world/camera",
    contents: ["$origin/**", "- /world/camera/noise"],
    name: "flat",
    background: [105, 20, 105],
    visualBounds: { xRange: [-1, 7], yRange: [-3, 3] },
    spatialInformation: "frame",
    timeRanges: [ranges],
  });
  const deep = new rrb.Spatial3DView({
    name: "deep",
    background: new rrb.Background(undefined, { kind: "GradientBright" }),
    lineGrid: new rrb.LineGrid3D(false, { spacing: 0.25, plane: [0, 0, 1, 2], strokeWidth: 2, color: [255, 255, 255, 128] }),
    spatialInformation: new rrb.SpatialInformation("frame", {
      showBoundingBox: true,
      showAxes: true,
      axes: rr.ViewCoordinates.RUB,
    }),
    eyeControls: {
      kind: "Orbital",
      position: [1, 2, 3],
      lookTarget: [0, 0, 1],
      eyeUp: [0, 0, 1],
      speed: 2,
      trackingEntity: "/robot",
      spinSpeed: 0.5,
    },
    timeRanges: new rrb.VisibleTimeRanges(ranges),
  });
  const shown = new rrb.Spatial3DView({ background: rrb.Background.fromFields({ color: [1, 2, 3] }), lineGrid: true });
  return new rrb.Grid([flat, deep, shown]);
}

export function plotViews(): rrb.BlueprintLike {
  const bars = new rrb.BarChartView({ plotLegend: "LeftTop", background: { color: [10, 20, 30], showGrid: false } });
  const curves = new rrb.TimeSeriesView({
    axisX: {
      link: "LinkToGlobal",
      viewRange: new rrb.TimeRange(rrb.TimeRangeBoundary.absolute({ seq: 3 }), rrb.TimeRangeBoundary.infinite()),
      zoomLock: true,
    },
    axisY: new rrb.ScalarAxis({ range: [-1, 2.5], zoomLock: false }),
    plotLegend: new rrb.PlotLegend("RightBottom", { visible: false }),
    background: { color: [1, 2, 3] },
    interaction: { tooltipMode: "All", pointsDisplay: "Always" },
    timeRanges: [
      {
        timeline: "step",
        start: rrb.TimeRangeBoundary.cursorRelative({ seq: -10 }),
        end: rrb.TimeRangeBoundary.infinite(),
      },
      {
        timeline: "time",
        start: rrb.TimeRangeBoundary.absolute({ nanos: 7 }),
        end: rrb.TimeRangeBoundary.absolute({ seconds: 1.5 }),
      },
    ],
  });
  const states = new rrb.StateTimelineView({
    timeView: { link: "Independent" },
    timeRanges: new rrb.VisibleTimeRange("t", { start: seconds(-1), end: seconds(1) }),
  });
  return new rrb.Vertical([bars, curves, states], { rowShares: [1, 2, 1], name: "plots", visible: true });
}

export function otherViews(): rrb.BlueprintLike {
  const table = new rrb.DataframeView({
    query: {
      timeline: "step",
      filterByRange: [1, 9],
      filterIsNotNull: "/a:Scalar",
      applyLatestAt: true,
      select: ["step", "/a:Scalar"],
      entityOrder: ["/b", "/a"],
      autoScroll: true,
    },
  });
  const graph = new rrb.GraphView({
    background: { color: [30, 10, 10] },
    visualBounds: new rrb.VisualBounds2D({ xRange: [-1, 1], yRange: [-2, 2] }),
    forceLink: { enabled: true, distance: 60, iterations: 3 },
    forceManyBody: { enabled: false, strength: -60 },
    forcePosition: { enabled: true, strength: 0.25, position: [1, 2] },
    forceCollisionRadius: { enabled: true, strength: 0.5, iterations: 2 },
    forceCenter: { enabled: true, strength: 0.75 },
  });
  const maps = new rrb.MapView({ zoom: 16, background: "OpenStreetMap" });
  const tensor = new rrb.TensorView({
    sliceSelection: { width: 1, height: { dimension: 2, invert: true }, indices: [{ dimension: 2, index: 4 }], slider: [0] },
    scalarMapping: { colormap: "turbo", gamma: 1.5, magFilter: "Linear" },
    viewFit: "FillKeepAspectRatio",
  });
  const document = new rrb.TextDocumentView({ formatOptions: { wordWrap: true, monospace: false } });
  const log = new rrb.TextLogView({
    columns: new rrb.TextLogColumns({ timelineColumns: ["time"], textLogColumns: ["LogLevel", "Body"] }),
    rows: new rrb.TextLogRows({ filterByLogLevel: ["INFO", "ERROR"] }),
    formatOptions: { monospaceBody: true },
  });
  const audio = new rrb.AudioView({ playback: { volume: 0.5 } });
  return new rrb.Horizontal([table, graph, maps, tensor, document, log, audio], { columnShares: [1, 2, 3, 4, 5, 6, 7] });
}

export function containers(): rrb.BlueprintLike {
  const named = new rrb.TextLogView({ name: "log", titlebar: false });
  const map = new rrb.MapView({ visible: false });
  const hidden = new rrb.Grid([map], { gridColumns: 2, columnShares: [1], rowShares: [0.5], visible: false });
  const tabs = new rrb.Tabs([named, hidden], { activeTab: "log", name: "tabs" });
  const properties = { Background: new rrb.Background([1, 2, 3]) };
  const generic = new rrb.View({ classIdentifier: "Custom", origin: "/x", contents: "/x/**", properties });
  const box = new rrb.Container([generic], { kind: "Grid", name: "box", gridColumns: 3 });
  return new rrb.Blueprint(new rrb.Tabs([tabs, box], { activeTab: 0 }), { autoLayout: true, autoViews: false });
}

export function severalParts(): rrb.BlueprintLike {
  const parts = [new rrb.Spatial3DView(), new rrb.TextLogView({ origin: "/log" }), new rrb.TimePanel({ expanded: true })];
  return new rrb.Blueprint(parts, { collapsePanels: true });
}

export function panels(): rrb.BlueprintLike {
  return new rrb.Blueprint([
    new rrb.TopPanel({ state: "hidden" }),
    new rrb.BlueprintPanel({ expanded: false }),
    new rrb.SelectionPanel({ state: "expanded" }),
    new rrb.TimePanel({
      state: "collapsed",
      timeline: "step",
      playbackSpeed: 2,
      fps: 30,
      playState: "following",
      loopMode: "Selection",
      timeSelection: [10, 20],
    }),
  ]);
}

export function overrides(): rrb.BlueprintLike {
  const colors = { archetype: "rerun.archetypes.SeriesPoints", component: "SeriesPoints:colors" };
  const view = new rrb.TimeSeriesView({
    contents: new rrb.archetypes.ViewContents(["/plot/**"]),
    defaults: [rr.SeriesLines.fromFields({ widths: 2 }), rr.describedBatch(rr.components.Color, [255, 0, 0], colors)],
    overrides: {
      "/plot/a": new rr.SeriesLines({ colors: [255, 0, 0] }),
      "plot/b": [new rr.SeriesLines(), new rr.SeriesPoints({ markers: "cross" })],
      "plot/c": [new rr.SeriesLines({ names: "c" }).visualizer(), new rrb.EntityBehavior({ visible: false, interactive: true })],
      "plot/d": new rrb.VisibleTimeRanges({ timeline: "t", start: seconds(-1), end: rrb.TimeRangeBoundary.infinite() }),
      "plot/e": new rrb.Visualizer("SeriesLines", {
        overrides: new rr.SeriesLines({ widths: 3 }),
        mappings: [
          { target: "Scalars:scalars", sourceKind: "SourceComponent", sourceComponent: "custom:value", selector: ".x" },
          { target: "SeriesLines:colors", sourceKind: "Override" },
          { target: "SeriesLines:names", sourceKind: "Default" },
        ],
      }),
    },
  });
  return new rrb.Blueprint(view);
}

export function empty(): rrb.BlueprintLike {
  return new rrb.Blueprint();
}

export function table(): rrb.TableBlueprint {
  const previews = new rrb.table.PreviewCell([new rrb.Spatial2DView({ origin: "/camera" }), new rrb.TimeSeriesView()]);
  const preview = new Column("segment id", { columnType: previews });
  return new rrb.TableBlueprint({
    tableLayout: new rrb.table.TableLayout({
      columns: [
        preview,
        new Column("score", { name: "Score", editable: true, columnType: rr.components.Scalar }),
        new Column("url", { columnType: "rerun.components.Url", visible: false }),
        new Column("notes", { columnType: { component: "TextDocument:text", componentType: "rerun.components.Text" } }),
        new Column("plain"),
      ],
    }),
    cardLayout: new rrb.table.CardLayout({
      title: "name",
      link: "segment id",
      fields: [preview, new Column("flag", { columnType: "rerun.components.Flag" })],
    }),
    defaultLayout: "table",
    columnDisplayMode: "Full",
    previewsConfig: { timeline: "frame", playState: "playing", playbackSpeed: 2 },
    filters: [...filters(), "a > 1", new rrb.table.Filter("b IS NULL")],
    sortBy: new rrb.table.SortBy("score", { direction: "descending" }),
  });
}

function filters(): rrb.table.Filter[] {
  const start = new Date("2024-01-02T03:04:05Z");
  const end = new Date("2024-01-02T03:04:05.678Z");
  const a = col('a"b');
  return [a, a.list].flatMap((column) => [
    ...[column.eq(1), column.ne(-2), column.lt(0.5), column.le(3n), column.gt(Number.POSITIVE_INFINITY), column.ge(Number.NaN)],
    ...[column.isTrue(), column.isFalse(), column.isNotTrue(), column.isNotFalse(), column.isNull(), column.isNotNull()],
    ...[column.before(start), column.after(end), column.between(start, end), column.notBetween(start, end)],
    ...[column.today(), column.yesterday(), column.last24Hours(), column.thisWeek(), column.lastWeek()],
    ...[column.notToday(), column.notYesterday(), column.notLast24Hours(), column.notThisWeek(), column.notLastWeek()],
    ...[column.str.contains("it's"), column.str.doesNotContain("50%_\\"), column.str.startsWith("a"), column.str.endsWith("z")],
  ]);
}

export function smallTable(): rrb.TableBlueprint {
  return new rrb.TableBlueprint({ sortBy: "name" });
}
