import { describe, isStrict, RerunError, setStrict, type TimeSpec, warnOnce } from "../core/index.js";
import type { ComponentColumn } from "../types/index.js";
import type { BlueprintLike } from "./blueprint/blueprint.js";
import type { SendBlueprintOptions } from "./blueprint/message.js";
import type {
  ExportOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  LogPath,
  RecordingStreamOptions,
  SendColumnsOptions,
  SinkOptions,
} from "./recording-options.js";
import { RecordingStream } from "./recording-stream.js";
import type { MemoryRecording } from "./sinks/memory-sink.js";
import type { Sink } from "./sinks/sink.js";
import type { TimeColumn } from "./time-column.js";

export interface InitOptions extends RecordingStreamOptions {
  /** Whether bad input throws (`true`) or warns and is left out. Default: unless the environment has `RERUN_STRICT=1`, it warns. */
  readonly strict?: boolean;
}

/** Kept where a second loaded copy of the package finds it too: there is one global recording in a program. */
const KEY: unique symbol = Symbol.for("rerun-ts.globalRecording") as never;
const holder = globalThis as { [KEY]?: RecordingStream | undefined };

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

/** The recording that the global functions work on, when there is one. */
export function getGlobalDataRecording(): RecordingStream | undefined {
  return holder[KEY];
}

/** Has the global functions work on `recording`. @returns the one before, which is not closed */
export function setGlobalDataRecording(recording: RecordingStream | undefined): RecordingStream | undefined {
  const before = holder[KEY];
  holder[KEY] = recording;
  return before;
}

/** The current recording: the global one. */
export function currentRecording(): RecordingStream | undefined {
  return holder[KEY];
}

function missing(call: string): RerunError {
  return new RerunError("NoRecording", `${call}: there is no recording yet: call init("my_app") first`);
}

/** For what must have a recording. @throws RerunError `NoRecording` */
function required(call: string): RecordingStream {
  const recording = holder[KEY];
  if (recording === undefined) throw missing(call);
  return recording;
}

/** For what goes nowhere without one: warns, or throws in strict mode. */
function optional(call: string): RecordingStream | undefined {
  const recording = holder[KEY];
  if (recording === undefined) {
    if (isStrict()) throw missing(call);
    const { code, message } = missing(call);
    warnOnce({ code, message });
  }
  return recording;
}

/** See `RecordingStream.log`. */
export function log(path: LogPath, entity: Loggable, options?: LogOptions): void {
  const recording = holder[KEY] ?? optional("log");
  recording?.log(path, entity, options);
}

/** See `RecordingStream.setTime`. */
export function setTime(timeline: string, time: TimeSpec): void {
  const recording = holder[KEY] ?? optional("setTime");
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

/** See `RecordingStream.flush`. */
export async function flush(options?: FlushOptions): Promise<void> {
  await optional("flush")?.flush(options);
}

/** See `RecordingStream.sendBlueprint`. @throws RerunError `NoRecording`, `InvalidArgument` */
export function sendBlueprint(blueprint: BlueprintLike, options?: SendBlueprintOptions): void {
  required("sendBlueprint").sendBlueprint(blueprint, options);
}

/** See `RecordingStream.save`. @throws RerunError `NoRecording`, `SinkFailed` */
export function save(path: string, options?: SinkOptions): void {
  required("save").save(path, options);
}

/** See `RecordingStream.setSinks`. @throws RerunError `NoRecording`, `SinkFailed` */
export function setSinks(sinks: readonly Sink[], options?: SinkOptions): void {
  required("setSinks").setSinks(sinks, options);
}

/** See `RecordingStream.memoryRecording`. @throws RerunError `NoRecording` */
export function memoryRecording(): MemoryRecording {
  return required("memoryRecording").memoryRecording();
}

/** See `RecordingStream.exportRrd`. @throws RerunError `NoRecording`, `IncompleteRecording`, `SinkFailed` */
export async function exportRrd(path: string, options?: ExportOptions): Promise<void> {
  await required("exportRrd").exportRrd(path, options);
}

/** See `RecordingStream.disconnect`. Without a recording nothing happens. */
export function disconnect(): void {
  holder[KEY]?.disconnect();
}

/** Ends the global recording, see `RecordingStream.close`. Without one nothing happens. */
export async function close(): Promise<void> {
  await holder[KEY]?.close();
}

/** Whether there is a recording that takes what is logged. */
export function isEnabled(): boolean {
  return holder[KEY]?.isEnabled ?? false;
}

/** Id of the global recording, when there is one. */
export function getRecordingId(): string | undefined {
  return holder[KEY]?.recordingId;
}

/** Application id of the global recording, when there is one. */
export function getApplicationId(): string | undefined {
  return holder[KEY]?.applicationId;
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
