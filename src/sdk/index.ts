export type { ChunksLike, DataframeLike, SendDataframeOptions } from "./arrow-input.js";
export { type BatcherConfig, DEFAULT_BATCHER_CONFIG, environmentFlag } from "./batcher-config.js";
export {
  currentRecording,
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  threadLocalStream,
} from "./current-recording.js";
export {
  close,
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
  setLogTickEnabled,
  setLogTimeEnabled,
  setSinks,
  setStrictMode,
  setTime,
  strictMode,
} from "./global-recording.js";
export type { LogFileOptions } from "./importers/log-file.js";
export { type LoadedRecording, type LoadOptions, loadRecording } from "./load-recording.js";
export { captureConsole, LoggingHandler, type LoggingOptions, type LogRecord, type StopCapture } from "./logging-handler.js";
export { encodeImage } from "./media/encode-image.js";
export { videoFrameTimes } from "./media/video-frame-times.js";
export type {
  ExportOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  LogPath,
  RecordingStreamOptions,
  SendColumnsOptions,
  SinkOptions,
} from "./recording-options.js";
export { RecordingStream } from "./recording-stream.js";
export { FileSink } from "./sinks/file-sink.js";
export type { MemoryRecording } from "./sinks/memory-sink.js";
export type { Sink } from "./sinks/sink.js";
export { VERSION } from "./source.js";
export { type IntegerList, TimeColumn, type TimeColumnSpec } from "./time-column.js";
