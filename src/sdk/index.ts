export {
  KEY_ARCHETYPE as SORBET_ARCHETYPE_NAME,
  KEY_COMPONENT as SORBET_COMPONENT,
  KEY_COMPONENT_TYPE as SORBET_COMPONENT_TYPE,
  KEY_ENTITY_PATH as SORBET_ENTITY_PATH,
  KEY_INDEX_NAME as SORBET_INDEX_NAME,
  KEY_KIND as RERUN_KIND,
  KIND_CONTROL as RERUN_KIND_CONTROL,
  KIND_INDEX as RERUN_KIND_INDEX,
} from "../chunk/arrow.js";
export { VERSION } from "../core/index.js";
export type { ChunksLike, DataframeLike, RecordBatchLike, SendDataframeOptions, TableLike } from "./arrow-input.js";
export { type BatcherConfig, ChunkBatcherConfig, environmentFlag } from "./batcher-config.js";
export { newEntityPath } from "./canonical-path.js";
export {
  currentRecording,
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  threadLocalStream,
} from "./current-recording.js";
export {
  binaryStream,
  close,
  connectGrpc,
  disableTimeline,
  disconnect,
  exportRrd,
  flush,
  getApplicationId,
  getRecordingId,
  type InitOptions,
  init,
  isEnabled,
  log,
  logFileFromContents,
  logFileFromPath,
  memoryRecording,
  resetTime,
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
  setLogTickEnabled,
  setLogTimeEnabled,
  setSinks,
  setStrictMode,
  setTime,
  spawn,
  stdout,
  strictMode,
} from "./global-recording.js";
export type { LogFileOptions } from "./importers/log-file.js";
export { type LoadedRecording, type LoadOptions, loadRecording } from "./load-recording.js";
export { captureConsole, LoggingHandler, type LoggingOptions, type LogRecord, type StopCapture } from "./logging-handler.js";
export { encodeImage } from "./media/encode-image.js";
export { RECORDING_PROPERTIES_PATH } from "./properties.js";
export type {
  ExportOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  LogPath,
  RecordingStreamOptions,
  SaveOptions,
  SendColumnsOptions,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording-options.js";
export { RecordingStream } from "./recording-stream.js";
export type { BinaryStream, ReadOptions } from "./sinks/binary-stream.js";
export { FileSink, type FileSinkOptions } from "./sinks/file-sink.js";
export { GrpcServerSink, type GrpcServerSinkOptions } from "./sinks/grpc-server-sink.js";
export { GrpcSink } from "./sinks/grpc-sink.js";
export type { SinkLoss, SinkLossError } from "./sinks/loss.js";
export type { MemoryRecording } from "./sinks/memory-sink.js";
export type { Sink } from "./sinks/sink.js";
export { version } from "./source.js";
export type { SpawnOptions } from "./spawn.js";
export { type IntegerList, TimeColumn, type TimeColumnSpec } from "./time-column.js";
