import type { FrameSource, MemoryFrame } from "../frame-source.js";

/**
 * What answers SQL over tables: DuckDB in process today, behind this interface a cluster may do it as well. A query is passed on
 * as it is, in the engine's dialect.
 */
export interface SqlEngine {
  readonly dialect: "duckdb";
  /**
   * The whole answer or an error, never a part of it. Only the tables that the query names are read, and of those only the
   * columns that it uses, as far as the engine can tell.
   *
   * @param tables by the names that the query calls them by; upper and lower case are the same unless both are there
   * @throws RerunError `Unsupported` without the engine's package, `InvalidArgument` for a query it refuses, `LimitExceeded` when
   * what is read for it, or its answer, takes more than `maxBytes`; the reason of the signal; what reading a table threw
   */
  query(sql: string, tables: ReadonlyMap<string, FrameSource>, options: SqlOptions): Promise<MemoryFrame>;
}

export interface SqlOptions {
  /** What the columns that are read, and the answer, may each take in memory. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}
