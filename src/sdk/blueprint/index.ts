export type { UuidSource } from "../../core/index.js";
export { setUuidSource } from "../../core/index.js";
export type * from "../../types/blueprint/index.js";
export {
  ActiveVisualizers,
  AudioPlayback,
  archetypes,
  Background,
  BackgroundKind,
  ColumnDisplayMode,
  ComponentSourceKind,
  ContainerKind,
  Corner2D,
  components,
  EntityBehavior,
  Eye3DKind,
  EyeControls3D,
  LineGrid3D,
  LinkAxis,
  LoopMode,
  MapProvider,
  PanelState,
  PlayState,
  PlotInteraction,
  PlotLegend,
  PointsDisplay,
  ScalarAxis,
  SortDirection,
  SpatialInformation,
  TableLayoutKind,
  TensorScalarMapping,
  TensorSliceSelection,
  TextLogColumnKind,
  TextLogColumns,
  TextLogFormat,
  TextLogRows,
  TimeAxis,
  TimeRange,
  TimeRangeBoundary,
  TooltipMode,
  ViewFit,
  VisibleTimeRange,
  VisibleTimeRanges,
  VisualBounds2D,
} from "../../types/blueprint/index.js";
export type { VisualizerOptions } from "../../types/index.js";
export { Visualizer } from "../../types/index.js";
export { Blueprint, type BlueprintLike, type BlueprintOptions } from "./blueprint.js";
export type { ConnectBlueprintOptions } from "./connect.js";
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
export { Container, type GenericContainerOptions, type GenericViewOptions, View } from "./generic.js";
export type { SendBlueprintOptions } from "./message.js";
export { BlueprintPanel, type PanelOptions, SelectionPanel, TimePanel, type TimePanelOptions, TopPanel } from "./panels.js";
export type { BlueprintPart, ContainerLike, Panel } from "./parts.js";
export * as table from "./table/index.js";
export { TableBlueprint, type TableBlueprintOptions } from "./table/index.js";
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
