import { describe, isStrict, RerunError, setStrict, type TimeSpec } from "../core/index.js";
import type { ComponentColumn } from "../types/index.js";
import type { ChunksLike, DataframeLike, RecordBatchLike, SendDataframeOptions } from "./arrow-input.js";
import type { BlueprintLike } from "./blueprint/blueprint.js";
import type { SendBlueprintOptions } from "./blueprint/message.js";
import { currentRecording, optional, required, setGlobalDataRecording } from "./current-recording.js";
import type { LogFileOptions } from "./importers/log-file.js";
import type {
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
import { RecordingStream } from "./recording-stream.js";
import type { BinaryStream } from "./sinks/binary-stream.js";
import type { MemoryRecording } from "./sinks/memory-sink.js";
import type { Sink } from "./sinks/sink.js";
import { type SpawnOptions, spawnViewer } from "./spawn.js";
import type { TimeColumn } from "./time-column.js";

export interface InitOptions extends RecordingStreamOptions {
  /** Whether bad input throws (`true`) or warns and is left out. Default: unless the environment has `RERUN_STRICT=1`, it warns. */
  readonly strict?: boolean;
}

/**
 * Makes the global recording, which the functions of this module work on.
 *
 * ```ts
 * rr.init("my_app"); rr.log("points", new rr.Points3D(positions));
 * ```
 * @throws RerunError `InvalidArgument` for an empty application id
 */
export function init(applicationId: string, options: InitOptions = {}): RecordingStream {
  if (options.strict !== undefined) setStrict(options.strict);
  const recording = new RecordingStream(applicationId, options);
  setGlobalDataRecording(recording);
  return recording;
}

/** See `RecordingStream.log`. */
export function log(path: LogPath, entity: Loggable, options?: LogOptions): void {
  const recording = currentRecording() ?? optional("log");
  recording?.log(path, entity, options);
}

/** See `RecordingStream.setTime`. */
export function setTime(timeline: string, time: TimeSpec): void {
  const recording = currentRecording() ?? optional("setTime");
  recording?.setTime(timeline, time);
}

/** See `RecordingStream.disableTimeline`. */
export function disableTimeline(timeline: string): void {
  optional("disableTimeline")?.disableTimeline(timeline);
}

/** See `RecordingStream.resetTime`. */
export function resetTime(): void {
  optional("resetTime")?.resetTime();
}

/** See `RecordingStream.setLogTimeEnabled`. */
export function setLogTimeEnabled(enabled: boolean): void {
  optional("setLogTimeEnabled")?.setLogTimeEnabled(enabled);
}

/** See `RecordingStream.setLogTickEnabled`. */
export function setLogTickEnabled(enabled: boolean): void {
  optional("setLogTickEnabled")?.setLogTickEnabled(enabled);
}

/** See `RecordingStream.sendColumns`. */
export function sendColumns(
  path: LogPath,
  indexes: Iterable<TimeColumn>,
  columns: Iterable<ComponentColumn>,
  options?: SendColumnsOptions,
): void {
  optional("sendColumns")?.sendColumns(path, indexes, columns, options);
}

/** See `RecordingStream.sendProperty`. */
export function sendProperty(name: string, values: Loggable): void {
  optional("sendProperty")?.sendProperty(name, values);
}

/** See `RecordingStream.sendRecordingName`. */
export function sendRecordingName(name: string): void {
  optional("sendRecordingName")?.sendRecordingName(name);
}

/** See `RecordingStream.sendRecordingStartTimeNanos`. */
export function sendRecordingStartTimeNanos(nanos: bigint | number): void {
  optional("sendRecordingStartTimeNanos")?.sendRecordingStartTimeNanos(nanos);
}

/** See `RecordingStream.sendDataframe`. */
export function sendDataframe(dataframe: DataframeLike, options?: SendDataframeOptions): void {
  optional("sendDataframe")?.sendDataframe(dataframe, options);
}

/** See `RecordingStream.sendRecordBatch`. */
export function sendRecordBatch(batch: RecordBatchLike, options?: SendDataframeOptions): void {
  optional("sendRecordBatch")?.sendRecordBatch(batch, options);
}

/** See `RecordingStream.sendChunks`. */
export function sendChunks(chunks: ChunksLike): void {
  optional("sendChunks")?.sendChunks(chunks);
}

/** See `RecordingStream.logFileFromPath`. */
export async function logFileFromPath(path: string, options?: LogFileOptions): Promise<void> {
  await optional("logFileFromPath")?.logFileFromPath(path, options);
}

/** See `RecordingStream.logFileFromContents`. */
export async function logFileFromContents(
  path: string,
  contents: Uint8Array | ArrayBuffer,
  options?: LogFileOptions,
): Promise<void> {
  await optional("logFileFromContents")?.logFileFromContents(path, contents, options);
}

/** See `RecordingStream.flush`. */
export async function flush(options?: FlushOptions): Promise<void> {
  await optional("flush")?.flush(options);
}

/** See `RecordingStream.sendBlueprint`. @throws RerunError `NoRecording`, `InvalidArgument` */
export function sendBlueprint(blueprint: BlueprintLike, options?: SendBlueprintOptions): void {
  required("sendBlueprint").sendBlueprint(blueprint, options);
}

/** See `RecordingStream.save`. @throws RerunError `NoRecording`, `SinkFailed` */
export function save(path: string, options?: SaveOptions): void {
  required("save").save(path, options);
}

/** See `RecordingStream.connectGrpc`. @throws RerunError `NoRecording`, `InvalidArgument` */
export function connectGrpc(url?: string, options?: SinkOptions): void {
  required("connectGrpc").connectGrpc(url, options);
}

/** See `RecordingStream.serveGrpc`. @throws RerunError `NoRecording`, `InvalidArgument`, `SinkFailed` */
export async function serveGrpc(options?: ServeGrpcOptions): Promise<string> {
  return required("serveGrpc").serveGrpc(options);
}

/** See `RecordingStream.spawn`; without a recording it only starts the viewer. @throws RerunError `NotFound`, `Unavailable` */
export async function spawn(options: SpawnOptions & SinkOptions = {}): Promise<void> {
  const recording = currentRecording();
  if (recording === undefined || options.connect === false) await spawnViewer(options);
  else await recording.spawn(options);
}

/** See `RecordingStream.setSinks`. @throws RerunError `NoRecording`, `SinkFailed` */
export function setSinks(sinks: readonly Sink[], options?: SinkOptions): void {
  required("setSinks").setSinks(sinks, options);
}

/** See `RecordingStream.memoryRecording`. @throws RerunError `NoRecording` */
export function memoryRecording(): MemoryRecording {
  return required("memoryRecording").memoryRecording();
}

/** See `RecordingStream.binaryStream`. @throws RerunError `NoRecording` */
export function binaryStream(): BinaryStream {
  return required("binaryStream").binaryStream();
}

/** See `RecordingStream.stdout`. @throws RerunError `NoRecording`, `SinkFailed` */
export function stdout(options?: SaveOptions): void {
  required("stdout").stdout(options);
}

/** See `RecordingStream.exportRrd`. @throws RerunError `NoRecording`, `IncompleteRecording`, `SinkFailed` */
export async function exportRrd(path: string, options?: ExportOptions): Promise<void> {
  await required("exportRrd").exportRrd(path, options);
}

/** See `RecordingStream.disconnect`. Without a recording nothing happens. */
export function disconnect(): void {
  currentRecording()?.disconnect();
}

/** Ends the current recording, see `RecordingStream.close`. Without one nothing happens. */
export async function close(): Promise<void> {
  await currentRecording()?.close();
}

/** Whether there is a recording that takes what is logged. */
export function isEnabled(): boolean {
  return currentRecording()?.isEnabled ?? false;
}

/** Id of the current recording, when there is one. */
export function getRecordingId(): string | undefined {
  return currentRecording()?.recordingId;
}

/** Application id of the current recording, when there is one. */
export function getApplicationId(): string | undefined {
  return currentRecording()?.applicationId;
}

/** Whether bad input throws, for the whole program. */
export function strictMode(): boolean {
  return isStrict();
}

/** Chooses whether bad input throws (`true`) or warns and is left out, for the whole program. */
export function setStrictMode(strict: boolean): void {
  if (typeof strict !== "boolean") {
    throw new RerunError("InvalidArgument", `setStrictMode: expected a boolean, got ${describe(strict)}`);
  }
  setStrict(strict);
}
