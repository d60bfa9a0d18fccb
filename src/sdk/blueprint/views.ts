import {
  type AudioPlaybackFields,
  archetypes,
  type ColorOrKindLike,
  type Corner2DLike,
  type DataframeQueryFields,
  type EyeControls3DFields,
  type ForceCenterFields,
  type ForceCollisionRadiusFields,
  type ForceLinkFields,
  type ForceManyBodyFields,
  type ForcePositionFields,
  type GraphBackgroundFields,
  type MapProviderLike,
  type PlotBackgroundFields,
  type PlotInteractionFields,
  type ScalarAxisFields,
  type TensorScalarMappingFields,
  type TensorSliceSelectionFields,
  type TextDocumentFormatFields,
  type TextLogColumnsFields,
  type TextLogFormatFields,
  type TextLogRowsFields,
  type TimeAxisFields,
  type ViewFitLike,
  type VisibleTimeRangeInput,
  type VisualBounds2DOptions,
} from "../../types/blueprint/index.js";
import { property, type View, type ViewPart, viewPart } from "./parts.js";
import type { ViewOptions } from "./view-options.js";

/** Options of `AudioView`. */
export interface AudioViewOptions extends ViewOptions {
  /** How audio is played. */
  readonly playback?: archetypes.AudioPlayback | AudioPlaybackFields | undefined;
}

/** A view that plays audio assets. */
export class AudioView implements View {
  readonly part: ViewPart;

  constructor(options: AudioViewOptions = {}) {
    this.part = viewPart("Audio", options, [
      ...property<AudioPlaybackFields>("AudioPlayback", options.playback, (value) => new archetypes.AudioPlayback(value)),
    ]);
  }
}

/** Options of `BarChartView`. */
export interface BarChartViewOptions extends ViewOptions {
  /** Where the legend is and whether it is shown; the corner alone will do. */
  readonly plotLegend?: archetypes.PlotLegend | Corner2DLike | undefined;
  /** What is behind the data. */
  readonly background?: archetypes.PlotBackground | PlotBackgroundFields | undefined;
}

/** A view that shows bar charts. */
export class BarChartView implements View {
  readonly part: ViewPart;

  constructor(options: BarChartViewOptions = {}) {
    this.part = viewPart("BarChart", options, [
      ...property<Corner2DLike>("PlotLegend", options.plotLegend, (value) => new archetypes.PlotLegend(value)),
      ...property<PlotBackgroundFields>("PlotBackground", options.background, (value) => new archetypes.PlotBackground(value)),
    ]);
  }
}

/** Options of `DataframeView`. */
export interface DataframeViewOptions extends ViewOptions {
  /** Which rows and columns are shown. */
  readonly query?: archetypes.DataframeQuery | DataframeQueryFields | undefined;
}

/** A view that shows table of any data. */
export class DataframeView implements View {
  readonly part: ViewPart;

  constructor(options: DataframeViewOptions = {}) {
    this.part = viewPart("Dataframe", options, [
      ...property<DataframeQueryFields>("DataframeQuery", options.query, (value) => new archetypes.DataframeQuery(value)),
    ]);
  }
}

/** Options of `GraphView`. */
export interface GraphViewOptions extends ViewOptions {
  /** What is behind the data. */
  readonly background?: archetypes.GraphBackground | GraphBackgroundFields | undefined;
  /** What part of the plane is seen at first. */
  readonly visualBounds?: archetypes.VisualBounds2D | VisualBounds2DOptions | undefined;
  /** How links pull nodes together. */
  readonly forceLink?: archetypes.ForceLink | ForceLinkFields | undefined;
  /** How nodes repel or attract each other. */
  readonly forceManyBody?: archetypes.ForceManyBody | ForceManyBodyFields | undefined;
  /** What pulls nodes to a place. */
  readonly forcePosition?: archetypes.ForcePosition | ForcePositionFields | undefined;
  /** How nodes keep apart. */
  readonly forceCollisionRadius?: archetypes.ForceCollisionRadius | ForceCollisionRadiusFields | undefined;
  /** What keeps the graph in the middle. */
  readonly forceCenter?: archetypes.ForceCenter | ForceCenterFields | undefined;
}

/** A view that shows node/edge graphs. */
export class GraphView implements View {
  readonly part: ViewPart;

  constructor(options: GraphViewOptions = {}) {
    this.part = viewPart("Graph", options, [
      ...property<GraphBackgroundFields>("GraphBackground", options.background, (value) => new archetypes.GraphBackground(value)),
      ...property<VisualBounds2DOptions>("VisualBounds2D", options.visualBounds, (value) => new archetypes.VisualBounds2D(value)),
      ...property<ForceLinkFields>("ForceLink", options.forceLink, (value) => new archetypes.ForceLink(value)),
      ...property<ForceManyBodyFields>("ForceManyBody", options.forceManyBody, (value) => new archetypes.ForceManyBody(value)),
      ...property<ForcePositionFields>("ForcePosition", options.forcePosition, (value) => new archetypes.ForcePosition(value)),
      ...property<ForceCollisionRadiusFields>(
        "ForceCollisionRadius",
        options.forceCollisionRadius,
        (value) => new archetypes.ForceCollisionRadius(value),
      ),
      ...property<ForceCenterFields>("ForceCenter", options.forceCenter, (value) => new archetypes.ForceCenter(value)),
    ]);
  }
}

/** Options of `MapView`. */
export interface MapViewOptions extends ViewOptions {
  /** How near the map is; the level alone will do. */
  readonly zoom?: archetypes.MapZoom | number | undefined;
  /** What is behind the data. */
  readonly background?: archetypes.MapBackground | MapProviderLike | undefined;
}

/** A view that shows geo data on a map. */
export class MapView implements View {
  readonly part: ViewPart;

  constructor(options: MapViewOptions = {}) {
    this.part = viewPart("Map", options, [
      ...property<number>("MapZoom", options.zoom, (value) => new archetypes.MapZoom(value)),
      ...property<MapProviderLike>("MapBackground", options.background, (value) => new archetypes.MapBackground(value)),
    ]);
  }
}

/** Options of `Spatial2DView`. */
export interface Spatial2DViewOptions extends ViewOptions {
  /** What is behind the data. */
  readonly background?: archetypes.Background | ColorOrKindLike | undefined;
  /** What part of the plane is seen at first. */
  readonly visualBounds?: archetypes.VisualBounds2D | VisualBounds2DOptions | undefined;
  /** Frame, axes and bounding box; the name of the frame alone will do. */
  readonly spatialInformation?: archetypes.SpatialInformation | string | undefined;
  /** Data between limits on each timeline, instead of the latest at the time cursor. */
  readonly timeRanges?: archetypes.VisibleTimeRanges | VisibleTimeRangeInput | readonly VisibleTimeRangeInput[] | undefined;
}

/** A view that shows images and 2D shapes. */
export class Spatial2DView implements View {
  readonly part: ViewPart;

  constructor(options: Spatial2DViewOptions = {}) {
    this.part = viewPart("2D", options, [
      ...property<ColorOrKindLike>("Background", options.background, (value) => new archetypes.Background(value)),
      ...property<VisualBounds2DOptions>("VisualBounds2D", options.visualBounds, (value) => new archetypes.VisualBounds2D(value)),
      ...property<string>("SpatialInformation", options.spatialInformation, (value) => new archetypes.SpatialInformation(value)),
      ...property<VisibleTimeRangeInput | readonly VisibleTimeRangeInput[]>(
        "VisibleTimeRanges",
        options.timeRanges,
        (value) => new archetypes.VisibleTimeRanges(value),
      ),
    ]);
  }
}

/** Options of `Spatial3DView`. */
export interface Spatial3DViewOptions extends ViewOptions {
  /** What is behind the data. */
  readonly background?: archetypes.Background | ColorOrKindLike | undefined;
  /** The grid on the ground; whether it is shown will do. */
  readonly lineGrid?: archetypes.LineGrid3D | boolean | undefined;
  /** Frame, axes and bounding box; the name of the frame alone will do. */
  readonly spatialInformation?: archetypes.SpatialInformation | string | undefined;
  /** Where the eye is and how it moves. */
  readonly eyeControls?: archetypes.EyeControls3D | EyeControls3DFields | undefined;
  /** Data between limits on each timeline, instead of the latest at the time cursor. */
  readonly timeRanges?: archetypes.VisibleTimeRanges | VisibleTimeRangeInput | readonly VisibleTimeRangeInput[] | undefined;
}

/** A view that shows 3D scenes. */
export class Spatial3DView implements View {
  readonly part: ViewPart;

  constructor(options: Spatial3DViewOptions = {}) {
    this.part = viewPart("3D", options, [
      ...property<ColorOrKindLike>("Background", options.background, (value) => new archetypes.Background(value)),
      ...property<boolean>("LineGrid3D", options.lineGrid, (value) => new archetypes.LineGrid3D(value)),
      ...property<string>("SpatialInformation", options.spatialInformation, (value) => new archetypes.SpatialInformation(value)),
      ...property<EyeControls3DFields>("EyeControls3D", options.eyeControls, (value) => new archetypes.EyeControls3D(value)),
      ...property<VisibleTimeRangeInput | readonly VisibleTimeRangeInput[]>(
        "VisibleTimeRanges",
        options.timeRanges,
        (value) => new archetypes.VisibleTimeRanges(value),
      ),
    ]);
  }
}

/** Options of `StateTimelineView`. */
export interface StateTimelineViewOptions extends ViewOptions {
  /** The time axis. */
  readonly timeView?: archetypes.TimeAxis | TimeAxisFields | undefined;
  /** Data between limits on each timeline, instead of the latest at the time cursor. */
  readonly timeRanges?: archetypes.VisibleTimeRanges | VisibleTimeRangeInput | readonly VisibleTimeRangeInput[] | undefined;
}

/** A view that shows state lanes over time. */
export class StateTimelineView implements View {
  readonly part: ViewPart;

  constructor(options: StateTimelineViewOptions = {}) {
    this.part = viewPart("StateTimeline", options, [
      ...property<TimeAxisFields>("TimeAxis", options.timeView, (value) => new archetypes.TimeAxis(value)),
      ...property<VisibleTimeRangeInput | readonly VisibleTimeRangeInput[]>(
        "VisibleTimeRanges",
        options.timeRanges,
        (value) => new archetypes.VisibleTimeRanges(value),
      ),
    ]);
  }
}

/** Options of `TensorView`. */
export interface TensorViewOptions extends ViewOptions {
  /** Which slice is shown. */
  readonly sliceSelection?: archetypes.TensorSliceSelection | TensorSliceSelectionFields | undefined;
  /** How numbers become colours. */
  readonly scalarMapping?: archetypes.TensorScalarMapping | TensorScalarMappingFields | undefined;
  /** How the slice fills the view; its name alone will do. */
  readonly viewFit?: archetypes.TensorViewFit | ViewFitLike | undefined;
}

/** A view that shows tensor slices. */
export class TensorView implements View {
  readonly part: ViewPart;

  constructor(options: TensorViewOptions = {}) {
    this.part = viewPart("Tensor", options, [
      ...property<TensorSliceSelectionFields>(
        "TensorSliceSelection",
        options.sliceSelection,
        (value) => new archetypes.TensorSliceSelection(value),
      ),
      ...property<TensorScalarMappingFields>(
        "TensorScalarMapping",
        options.scalarMapping,
        (value) => new archetypes.TensorScalarMapping(value),
      ),
      ...property<ViewFitLike>("TensorViewFit", options.viewFit, (value) => new archetypes.TensorViewFit(value)),
    ]);
  }
}

/** Options of `TextDocumentView`. */
export interface TextDocumentViewOptions extends ViewOptions {
  /** How text is set. */
  readonly formatOptions?: archetypes.TextDocumentFormat | TextDocumentFormatFields | undefined;
}

/** A view that shows a text document. */
export class TextDocumentView implements View {
  readonly part: ViewPart;

  constructor(options: TextDocumentViewOptions = {}) {
    this.part = viewPart("TextDocument", options, [
      ...property<TextDocumentFormatFields>(
        "TextDocumentFormat",
        options.formatOptions,
        (value) => new archetypes.TextDocumentFormat(value),
      ),
    ]);
  }
}

/** Options of `TextLogView`. */
export interface TextLogViewOptions extends ViewOptions {
  /** Which columns are shown. */
  readonly columns?: archetypes.TextLogColumns | TextLogColumnsFields | undefined;
  /** Which lines are shown. */
  readonly rows?: archetypes.TextLogRows | TextLogRowsFields | undefined;
  /** How text is set. */
  readonly formatOptions?: archetypes.TextLogFormat | TextLogFormatFields | undefined;
}

/** A view that shows log lines. */
export class TextLogView implements View {
  readonly part: ViewPart;

  constructor(options: TextLogViewOptions = {}) {
    this.part = viewPart("TextLog", options, [
      ...property<TextLogColumnsFields>("TextLogColumns", options.columns, (value) => new archetypes.TextLogColumns(value)),
      ...property<TextLogRowsFields>("TextLogRows", options.rows, (value) => new archetypes.TextLogRows(value)),
      ...property<TextLogFormatFields>("TextLogFormat", options.formatOptions, (value) => new archetypes.TextLogFormat(value)),
    ]);
  }
}

/** Options of `TimeSeriesView`. */
export interface TimeSeriesViewOptions extends ViewOptions {
  /** The time axis. */
  readonly axisX?: archetypes.TimeAxis | TimeAxisFields | undefined;
  /** The axis of values. */
  readonly axisY?: archetypes.ScalarAxis | ScalarAxisFields | undefined;
  /** Where the legend is and whether it is shown; the corner alone will do. */
  readonly plotLegend?: archetypes.PlotLegend | Corner2DLike | undefined;
  /** What is behind the data. */
  readonly background?: archetypes.PlotBackground | PlotBackgroundFields | undefined;
  /** What the pointer shows. */
  readonly interaction?: archetypes.PlotInteraction | PlotInteractionFields | undefined;
  /** Data between limits on each timeline, instead of the latest at the time cursor. */
  readonly timeRanges?: archetypes.VisibleTimeRanges | VisibleTimeRangeInput | readonly VisibleTimeRangeInput[] | undefined;
}

/** A view that shows scalar plots. */
export class TimeSeriesView implements View {
  readonly part: ViewPart;

  constructor(options: TimeSeriesViewOptions = {}) {
    this.part = viewPart("TimeSeries", options, [
      ...property<TimeAxisFields>("TimeAxis", options.axisX, (value) => new archetypes.TimeAxis(value)),
      ...property<ScalarAxisFields>("ScalarAxis", options.axisY, (value) => new archetypes.ScalarAxis(value)),
      ...property<Corner2DLike>("PlotLegend", options.plotLegend, (value) => new archetypes.PlotLegend(value)),
      ...property<PlotBackgroundFields>("PlotBackground", options.background, (value) => new archetypes.PlotBackground(value)),
      ...property<PlotInteractionFields>(
        "PlotInteraction",
        options.interaction,
        (value) => new archetypes.PlotInteraction(value),
      ),
      ...property<VisibleTimeRangeInput | readonly VisibleTimeRangeInput[]>(
        "VisibleTimeRanges",
        options.timeRanges,
        (value) => new archetypes.VisibleTimeRanges(value),
      ),
    ]);
  }
}
