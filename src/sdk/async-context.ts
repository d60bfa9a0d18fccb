import { AsyncLocalStorage } from "node:async_hooks";
import type { Timepoint } from "./timepoint.js";

/** What holds within a `run`, and in everything asynchronous that starts there. */
interface Context {
  readonly recording: object;
  /** The times of this context, by those that hold outside of any. */
  readonly times: Map<Timepoint, Timepoint>;
  readonly parent: Context | undefined;
}

const storage = new AsyncLocalStorage<Context>();
/** Asking the storage costs more than a whole `log()`: as long as nobody used `run`, nobody is asked. */
let isUsed = false;

/**
 * Runs `work` in a context of its own, in which `recording` is the current one and times are set apart.
 *
 * @param times those that hold outside of any context; the new one begins with what holds where it is made
 */
export function runInContext<T>(recording: object, times: Timepoint, work: () => T): T {
  isUsed = true;
  const context: Context = {
    recording,
    times: new Map([[times, timesHere(times).copy()]]),
    parent: storage.getStore(),
  };
  return storage.run(context, work);
}

/** The recording of the innermost `run` that we are in: what `runInContext` was given. */
export function contextRecording(): object | undefined {
  return isUsed ? storage.getStore()?.recording : undefined;
}

/** The times that hold here, for a recording whose times outside of any context are `times`. */
export function timesHere(times: Timepoint): Timepoint {
  return isUsed ? timesIn(storage.getStore(), times) : times;
}

function timesIn(context: Context | undefined, times: Timepoint): Timepoint {
  if (context === undefined) return times;
  let own = context.times.get(times);
  if (own === undefined) {
    own = timesIn(context.parent, times).copy();
    context.times.set(times, own);
  }
  return own;
}
