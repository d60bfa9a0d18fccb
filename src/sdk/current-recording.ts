import { isStrict, RerunError, warnOnce } from "../core/index.js";
import { contextRecording } from "./async-context.js";
import { getGlobal, setGlobal } from "./global-holder.js";
import { RecordingStream } from "./recording-stream.js";

/** The recording that the global functions work on outside of any `run`, when there is one. */
export function getGlobalDataRecording(): RecordingStream | undefined {
  return getGlobal() as RecordingStream | undefined;
}

/** Has the global functions work on `recording`. @returns the one before, which is not closed */
export function setGlobalDataRecording(recording: RecordingStream | undefined): RecordingStream | undefined {
  return setGlobal(recording) as RecordingStream | undefined;
}

/** The current recording: that of the innermost `RecordingStream.run` we are in, else the global one. */
export function currentRecording(): RecordingStream | undefined {
  return getThreadLocalDataRecording() ?? getGlobalDataRecording();
}

/** `recording` itself when it is given, else the current one. */
export function getDataRecording(recording?: RecordingStream): RecordingStream | undefined {
  return recording ?? currentRecording();
}

/** The recording of the innermost `RecordingStream.run` that we are in, if any. */
export function getThreadLocalDataRecording(): RecordingStream | undefined {
  return contextRecording() as RecordingStream | undefined;
}

/**
 * A function that does what `work` does, each time within a recording of its own, which is closed when `work` is done.
 *
 * ```ts
 * const job = rr.threadLocalStream("job", async (name: string) => { rr.save(`${name}.rrd`); rr.log("name", new rr.TextLog(name)); });
 * await Promise.all([job("a"), job("b")]);
 * ```
 */
export function threadLocalStream<Args extends readonly unknown[], Result>(
  applicationId: string,
  work: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    const recording = new RecordingStream(applicationId);
    let result: Result;
    try {
      result = recording.run(() => work(...args));
    } catch (error) {
      recording.closeSync();
      throw error;
    }
    if (isPromise(result)) return Promise.resolve(result).finally(() => recording.close()) as Result;
    recording.closeSync();
    return result;
  };
}

/** Told by its member: a promise may be of another realm, as those of a notebook's cells are. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}

function missing(call: string): RerunError {
  return new RerunError("NoRecording", `${call}: there is no recording yet: call init("my_app") first`);
}

/** For what must have a recording. @throws RerunError `NoRecording` */
export function required(call: string): RecordingStream {
  const recording = currentRecording();
  if (recording === undefined) throw missing(call);
  return recording;
}

/** For what goes nowhere without one: warns, or throws in strict mode. */
export function optional(call: string): RecordingStream | undefined {
  const recording = currentRecording();
  if (recording === undefined) {
    if (isStrict()) throw missing(call);
    const { code, message } = missing(call);
    warnOnce({ code, message });
  }
  return recording;
}
