export type { UuidSource } from "../../core/index.js";
export { setUuidSource } from "../../core/index.js";
export type * from "../../types/blueprint/index.js";
export {
  archetypes,
  BackgroundKind,
  ColumnDisplayMode,
  ComponentSourceKind,
  ContainerKind,
  Corner2D,
  components,
  Eye3DKind,
  LinkAxis,
  LoopMode,
  MapProvider,
  PanelState,
  PlayState,
  PointsDisplay,
  SortDirection,
  TableLayoutKind,
  TextLogColumnKind,
  TimeRangeBoundary,
  TooltipMode,
  ViewFit,
  VisibleTimeRange,
} from "../../types/blueprint/index.js";
export type { VisualizerOptions } from "../../types/index.js";
export { Visualizer } from "../../types/index.js";
export { Blueprint, type BlueprintLike, type BlueprintOptions } from "./blueprint.js";
export {
  Grid,
  type GridOptions,
  Horizontal,
  type HorizontalOptions,
  Tabs,
  type TabsOptions,
  Vertical,
  type VerticalOptions,
} from "./containers.js";
export type { SendBlueprintOptions } from "./message.js";
export { BlueprintPanel, type PanelOptions, SelectionPanel, TimePanel, type TimePanelOptions, TopPanel } from "./panels.js";
export type { BlueprintPart, Container, ContainerLike, Panel, View } from "./parts.js";
export type { Override, Overrides, ViewOptions, VisualizableArchetype } from "./view-options.js";
export {
  AudioView,
  type AudioViewOptions,
  BarChartView,
  type BarChartViewOptions,
  DataframeView,
  type DataframeViewOptions,
  GraphView,
  type GraphViewOptions,
  MapView,
  type MapViewOptions,
  Spatial2DView,
  type Spatial2DViewOptions,
  Spatial3DView,
  type Spatial3DViewOptions,
  StateTimelineView,
  type StateTimelineViewOptions,
  TensorView,
  type TensorViewOptions,
  TextDocumentView,
  type TextDocumentViewOptions,
  TextLogView,
  type TextLogViewOptions,
  TimeSeriesView,
  type TimeSeriesViewOptions,
} from "./views.js";
