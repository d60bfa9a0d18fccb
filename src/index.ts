/**
 * Rerun for TypeScript: log, see it under the cell, save it as `.rrd`.
 *
 * The composition root: joins the layers, and attaches to the notebook kernel when this is one.
 */
import { readFileSync } from "node:fs";
import type { Vector } from "apache-arrow";
import { arrayFromVector } from "./chunk/arrow.js";
import { type RecordingInfo, RerunError, setHost, setStrict } from "./core/index.js";
import { useNativeLz4 } from "./files/index.js";
import { currentRecording, encodeImage, environmentFlag, type LoadedRecording, type RecordingStream } from "./sdk/index.js";
import {
  attachNotebook,
  makeRich,
  type NotebookViewer,
  type ShowDatasetOptions,
  type ShownDataset,
  showDataset,
  showRecording,
} from "./widget/kernel/index.js";

export {
  type ComponentDescriptor,
  escapeEntityPathPart,
  isRerunError,
  RerunError,
  type RerunErrorCode,
  type StoreId,
  type TimeSpec,
  type TuidSource,
} from "./core/index.js";
export * as blueprint from "./sdk/blueprint/index.js";
export { TimeRangeBoundary, VisibleTimeRange } from "./sdk/blueprint/index.js";
export {
  type BatcherConfig,
  type BinaryStream,
  binaryStream,
  ChunkBatcherConfig,
  type ChunksLike,
  captureConsole,
  close,
  connectGrpc,
  currentRecording,
  type DataframeLike,
  disableTimeline,
  disconnect,
  type ExportOptions,
  exportRrd,
  FileSink,
  type FileSinkOptions,
  type FlushOptions,
  flush,
  GrpcServerSink,
  type GrpcServerSinkOptions,
  GrpcSink,
  getApplicationId,
  getDataRecording,
  getGlobalDataRecording,
  getRecordingId,
  getThreadLocalDataRecording,
  type InitOptions,
  init,
  isEnabled,
  type LoadedRecording,
  type LoadOptions,
  type LogFileOptions,
  type Loggable,
  LoggingHandler,
  type LoggingOptions,
  type LogOptions,
  type LogPath,
  type LogRecord,
  loadRecording,
  log,
  logFileFromContents,
  logFileFromPath,
  type MemoryRecording,
  memoryRecording,
  newEntityPath,
  RECORDING_PROPERTIES_PATH,
  RERUN_KIND,
  RERUN_KIND_CONTROL,
  RERUN_KIND_INDEX,
  type ReadOptions,
  type RecordBatchLike,
  RecordingStream,
  type RecordingStreamOptions,
  resetTime,
  type SaveOptions,
  type SendColumnsOptions,
  type SendDataframeOptions,
  type ServeGrpcOptions,
  type Sink,
  type SinkLoss,
  type SinkLossError,
  type SinkOptions,
  SORBET_ARCHETYPE_NAME,
  SORBET_COMPONENT,
  SORBET_COMPONENT_TYPE,
  SORBET_ENTITY_PATH,
  SORBET_INDEX_NAME,
  type SpawnOptions,
  type StopCapture,
  save,
  sendBlueprint,
  sendChunks,
  sendColumns,
  sendDataframe,
  sendProperty,
  sendRecordBatch,
  sendRecordingName,
  sendRecordingStartTimeNanos,
  serveGrpc,
  setGlobalDataRecording,
  setLogTickEnabled,
  setLogTimeEnabled,
  setSinks,
  setStrictMode,
  setTime,
  spawn,
  stdout,
  strictMode,
  type TableLike,
  TimeColumn,
  type TimeColumnSpec,
  threadLocalStream,
  VERSION,
  version,
} from "./sdk/index.js";
export type { ChunkStore } from "./store/index.js";
export type * from "./types/index.js";
export {
  AggregationPolicy,
  Angle,
  AnnotationContext,
  AnnotationInfo,
  AnyBatchValue,
  AnyValues,
  Arrows2D,
  Arrows3D,
  Asset3D,
  AssetAudio,
  AssetVideo,
  archetypes,
  BarChart,
  Box2DFormat,
  Boxes2D,
  Boxes3D,
  Capsules3D,
  ChannelDatatype,
  ClassDescription,
  Clear,
  ColorModel,
  Colormap,
  ComponentColumnList,
  CoordinateFrame,
  Cylinders3D,
  components,
  DepthImage,
  DynamicArchetype,
  describedBatch,
  Ellipses2D,
  Ellipsoids3D,
  EncodedDepthImage,
  EncodedImage,
  EntryKind,
  FillMode,
  float16,
  GaussianSplats3D,
  GeoLineStrings,
  GeoPoints,
  GraphEdges,
  GraphNodes,
  GraphType,
  GridMap,
  Image,
  InstancePoses3D,
  InterpolationMode,
  LineStrips2D,
  LineStrips3D,
  MagnificationFilter,
  MarkerShape,
  McapChannel,
  McapMessage,
  McapSchema,
  McapStatistics,
  Measurements,
  MediaType,
  Mesh3D,
  MeshFaceRendering,
  Pinhole,
  PixelFormat,
  PointShading,
  Points2D,
  Points3D,
  Quaternion,
  Radius,
  RecordingInfo,
  RotationAxisAngle,
  rgba,
  Scalars,
  SegmentationImage,
  SeriesLines,
  SeriesPoints,
  StateChange,
  StateConfiguration,
  Tensor,
  TextDocument,
  TextLog,
  TextLogLevel,
  Transform3D,
  TransformAxes3D,
  TransformRelation,
  VideoCodec,
  VideoFrameReference,
  VideoStream,
  ViewCoordinates,
  ViewDir,
  Volume3D,
  VoxelGridMap,
} from "./types/index.js";
export type { NotebookViewer, ShownDataset, ViewerEvents } from "./widget/kernel/index.js";

/** What can be shown: a recording, a dataset of `rerun-ts/catalog` with all its segments, or one segment of it. */
export type Showable = RecordingStream | LoadedRecording | ShownDataset | ShownSegment;

/** One segment of a dataset. */
export interface ShownSegment {
  readonly id: string;
  readonly dataset: { readonly name: string; filterSegments(segmentId: string): ShownDataset };
}

/** How something is shown. */
export interface ShowOptions extends ShowDatasetOptions {
  /** What is shown. Default: the current recording. */
  readonly recording?: Showable;
}

/**
 * Shows a recording or a dataset in the output of the running cell. It stays connected: what is logged later appears, and what a
 * dataset holds is fetched from its files or its server when it is looked at.
 *
 * ```ts
 * rr.show({ height: 500 });
 * rr.show(dataset, { segment: "run_7", timeline: "frame" });
 * ```
 * @throws RerunError `NoRecording` when there is none, `Unsupported` outside of a notebook, `InvalidArgument`
 */
export function show(options?: ShowOptions): NotebookViewer;
export function show(shown: Showable, options?: ShowOptions): NotebookViewer;
export function show(first: Showable | ShowOptions = {}, second: ShowOptions = {}): NotebookViewer {
  const isOptions = !("store" in first || "segmentStore" in first || "dataset" in first);
  const { recording: shown = currentRecording(), ...options } = isOptions ? first : { ...second, recording: first };
  if (shown === undefined) {
    throw new RerunError("NoRecording", 'show: there is no recording yet: call init("my_app") first, or give { recording }');
  }
  if ("segmentStore" in shown) return showDataset(shown, options);
  if ("dataset" in shown) {
    const { id, dataset } = shown;
    return showDataset(dataset.filterSegments(id), { ...options, segment: id }, dataset.name);
  }
  return showRecording(shown.store, infoOf(shown), options);
}

export { show as notebookShow };

function infoOf({ applicationId, recordingId, name, startTimeNanos }: RecordingStream | LoadedRecording): RecordingInfo {
  return {
    applicationId,
    recordingId,
    ...(name === undefined ? {} : { name }),
    ...(startTimeNanos === undefined ? {} : { startTimeNanos }),
  };
}

setStrict(environmentFlag(process.env, "RERUN_STRICT", false));
useNativeLz4();
const kernel = attachNotebook();
setHost({
  readFile: (path) => readFileSync(path),
  arrayOfVector: (vector) => arrayFromVector(vector as Vector),
  encodeImage,
  isNotebook: kernel !== undefined,
  makeRich: (target, value) => makeRich(target, value, kernel),
});
