import { DEFAULT_QUERY_BYTES } from "../store/index.js";
import { readArrowFile } from "./arrow-file.js";
import { DataFrame, type FrameOptions, type WaitOptions } from "./data-frame.js";
import { memorySource } from "./frame-source.js";
import { readParquetFile } from "./parquet.js";

/**
 * A Parquet file of any program as a frame in memory. Files of `writeParquet` come back with Rerun's metadata and types; what
 * Parquet has no type for comes as what it was written as: unions as structs, durations and timestamps as they were.
 *
 * @throws RerunError `NotFound`, `CorruptFile` when it is something else, `LimitExceeded`, `Unsupported` when `@duckdb/node-api` is not installed
 */
export async function readParquet(path: string, options: FrameOptions & WaitOptions = {}): Promise<DataFrame> {
  const limit = options.memoryLimitBytes ?? DEFAULT_QUERY_BYTES;
  return new DataFrame(memorySource(await readParquetFile(path, limit, options.signal)), options);
}

/**
 * An Arrow IPC file or stream as a frame in memory.
 *
 * @throws RerunError `NotFound`, `CorruptFile`
 */
export async function readArrow(path: string, options: FrameOptions = {}): Promise<DataFrame> {
  return new DataFrame(memorySource(await readArrowFile(path)), options);
}
