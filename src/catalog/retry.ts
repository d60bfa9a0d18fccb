/** When a question to a server is put again: by what Rerun's client 0.41 was seen to do. */
import { setTimeout as delay } from "node:timers/promises";
import { isRerunError, type RerunError } from "../core/index.js";
import { isServerBusy, rerunErrorOf } from "../rpc/index.js";

/** What waiting needs of the outside. */
export interface RetryClock {
  /** Milliseconds from any beginning. */
  now(): number;
  pause(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

/**
 * What may be done again, and when. `connect` and `read`: when the server is not reached, or breaks off; `scan`: also when it says
 * that it has too much to do; `change`: only what cannot have arrived.
 */
export type RetryRule = "connect" | "read" | "scan" | "change";

export interface RetryOptions {
  readonly rule: RetryRule;
  readonly signal?: AbortSignal | undefined;
  /** Default: the system's. */
  readonly clock?: RetryClock | undefined;
}

/** So long after the first failure no further try begins. */
const LAST_TRY_MS: Readonly<Record<RetryRule, number>> = { connect: 2500, read: 10_000, scan: 10_000, change: 10_000 };
/** Pauses are random, so that the clients of a server do not come back all at once; their bound doubles from this on. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1000;
/** For a server that has too much to do. */
const MAX_BUSY_PAUSE_MS = 2000;

const SYSTEM_CLOCK: RetryClock = {
  now: () => performance.now(),
  pause: (ms, signal) => delay(ms, undefined, { signal }),
  random: Math.random,
};

/**
 * Does work that asks a server, again where that helps.
 *
 * @throws RerunError what the last try threw; the reason of `signal`
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { rule, signal, clock = SYSTEM_CLOCK } = options;
  let endMs: number | undefined;
  for (let boundMs = FIRST_PAUSE_MS; ; boundMs *= 2) {
    try {
      signal?.throwIfAborted();
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      const error = rerunErrorOf(cause);
      endMs ??= clock.now() + LAST_TRY_MS[rule];
      const maxMs = isServerBusy(error) ? MAX_BUSY_PAUSE_MS : MAX_PAUSE_MS;
      const pauseMs = clock.random() * Math.min(boundMs, maxMs);
      if (!mayGoBetter(error, rule) || clock.now() + pauseMs > endMs) throw error;
      await clock.pause(pauseMs, signal).catch(() => signal?.throwIfAborted());
    }
  }
}

function mayGoBetter(error: RerunError, rule: RetryRule): boolean {
  if (rule === "change") return wasRefused(error);
  return isRerunError(error, "Unavailable") || (rule === "scan" && isServerBusy(error));
}

/** Nobody listens there, so that nothing was sent. */
function wasRefused(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ("code" in each && each.code === "ECONNREFUSED") return true;
  }
  return false;
}
