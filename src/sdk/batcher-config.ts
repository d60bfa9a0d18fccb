import { RerunError, warnOnce } from "../core/index.js";

/** When collected rows become chunks. A chunk goes out as soon as one of the thresholds is reached. */
export interface BatcherConfig {
  /** Longest time that a row waits, in seconds. Default 0.2. */
  readonly flushTickSec: number;
  /** Size of an entity's waiting rows. Default 2 MiB. */
  readonly flushNumBytes: number;
  /** Number of an entity's waiting rows; 0 = one chunk for each call. Default: no limit. */
  readonly flushNumRows: number;
  /** A chunk whose rows are not in the order of its timelines is cut at this many rows. Default 8192. */
  readonly chunkMaxRowsIfUnsorted: number;
}

const DEFAULT_BATCHER_CONFIG: BatcherConfig = {
  flushTickSec: 0.2,
  flushNumBytes: 2 * 1024 * 1024,
  flushNumRows: Number.POSITIVE_INFINITY,
  chunkMaxRowsIfUnsorted: 8192,
};

/** Thresholds for the option `batcher` of a recording. */
export const ChunkBatcherConfig: {
  /** What is used without any: rows wait 200 ms, or until there are 2 MiB. */
  readonly DEFAULT: BatcherConfig;
  /** Rows wait 8 ms. */
  readonly LOW_LATENCY: BatcherConfig;
  /** One chunk for each call. Slow, and for tests only. */
  readonly ALWAYS_TEST_ONLY: BatcherConfig;
  /** Rows wait until `flush`. */
  readonly NEVER: BatcherConfig;
} = {
  DEFAULT: DEFAULT_BATCHER_CONFIG,
  LOW_LATENCY: { ...DEFAULT_BATCHER_CONFIG, flushTickSec: 0.008 },
  ALWAYS_TEST_ONLY: { ...DEFAULT_BATCHER_CONFIG, flushNumBytes: 0, flushNumRows: 0 },
  NEVER: {
    flushTickSec: Number.POSITIVE_INFINITY,
    flushNumBytes: Number.POSITIVE_INFINITY,
    flushNumRows: Number.POSITIVE_INFINITY,
    chunkMaxRowsIfUnsorted: Number.POSITIVE_INFINITY,
  },
};

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["KIB", 2 ** 10],
  ["MIB", 2 ** 20],
  ["GIB", 2 ** 30],
]);

/** Bytes written as `2097152`, `10MB` or `2 MiB`; `undefined` when it is not such a text. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*([0-9_]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)\s*$/.exec(text);
  const unit = UNITS.get((match?.[2] ?? "?").toUpperCase());
  return match === null || unit === undefined ? undefined : Math.floor(Number((match[1] ?? "").replaceAll("_", "")) * unit);
}

function parseCount(text: string): number | undefined {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;
}

function parseSeconds(text: string): number | undefined {
  const seconds = Number(text);
  return text.trim() !== "" && seconds >= 0 ? seconds : undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

function read<T>(
  environment: Environment,
  name: string,
  parse: (text: string) => T | undefined,
  expected: string,
  fallback: T,
): T {
  const text = environment[name];
  if (text === undefined) return fallback;
  const value = parse(text);
  if (value !== undefined) return value;
  warnOnce({ code: "InvalidArgument", message: `${name}: expected ${expected}, got "${text}". The default is used` });
  return fallback;
}

/** The thresholds: those given, else those of the environment, else the defaults. @throws RerunError `InvalidArgument` */
export function batcherConfig(given: Partial<BatcherConfig>, environment: Environment): BatcherConfig {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "number" && value >= 0) continue;
    throw new RerunError("InvalidArgument", `batcher.${name}: expected a number that is not negative, got ${String(value)}`);
  }
  const base = DEFAULT_BATCHER_CONFIG;
  const rows = base.chunkMaxRowsIfUnsorted;
  return {
    flushTickSec: read(environment, "RERUN_FLUSH_TICK_SECS", parseSeconds, "a number of seconds", base.flushTickSec),
    flushNumBytes: read(environment, "RERUN_FLUSH_NUM_BYTES", parseBytes, 'bytes such as 2097152 or "10MB"', base.flushNumBytes),
    flushNumRows: read(environment, "RERUN_FLUSH_NUM_ROWS", parseCount, "a number of rows", base.flushNumRows),
    chunkMaxRowsIfUnsorted: read(environment, "RERUN_CHUNK_MAX_ROWS_IF_UNSORTED", parseCount, "a number of rows", rows),
    ...given,
  };
}

/** A switch in the environment: `1`, `true`, `yes` or `on` against `0`, `false`, `no` or `off`, in any case. */
export function environmentFlag(environment: Environment, name: string, fallback: boolean): boolean {
  return read(environment, name, parseFlag, "1, true, yes or on against 0, false, no or off", fallback);
}

function parseFlag(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text.trim())) return true;
  if (/^(0|false|no|off|)$/i.test(text.trim())) return false;
  return undefined;
}
