import type { ChunkLimits } from "../chunk/index.js";
import { RerunError } from "../core/index.js";

/** How a store cuts and joins chunks. The defaults are those of Rerun's in-memory stores. */
export const LIVE_LIMITS: ChunkLimits = { maxBytes: 12 * 8 * 4096, maxRows: 4096, maxRowsIfUnsorted: 1024 };

/** For files in object stores: few large chunks. The defaults of `rerun rrd optimize`. */
export const OBJECT_STORE_LIMITS: ChunkLimits = { maxBytes: 2 * 1024 * 1024, maxRows: 65_536, maxRowsIfUnsorted: 8192 };

/** Chunks stay as they come. */
export const NO_LIMITS: ChunkLimits = { maxBytes: 0, maxRows: 0, maxRowsIfUnsorted: 0 };

/**
 * `LIVE_LIMITS`, changed by `RERUN_CHUNK_MAX_BYTES`, `RERUN_CHUNK_MAX_ROWS` and `RERUN_CHUNK_MAX_ROWS_IF_UNSORTED` of `env`:
 * whole numbers, 0 = no limit.
 *
 * @throws RerunError `InvalidArgument` for anything else, naming the variable
 */
export function chunkLimitsFromEnv(env: Readonly<Record<string, string | undefined>>): ChunkLimits {
  return {
    maxBytes: readCount(env, "RERUN_CHUNK_MAX_BYTES") ?? LIVE_LIMITS.maxBytes,
    maxRows: readCount(env, "RERUN_CHUNK_MAX_ROWS") ?? LIVE_LIMITS.maxRows,
    maxRowsIfUnsorted: readCount(env, "RERUN_CHUNK_MAX_ROWS_IF_UNSORTED") ?? LIVE_LIMITS.maxRowsIfUnsorted,
  };
}

function readCount(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]?.trim();
  if (text === undefined || text === "") return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count)) {
    throw new RerunError("InvalidArgument", `${name} must be a whole number, got "${text}"`);
  }
  return count;
}
