import type { RecordBatch, Table } from "apache-arrow";
import { chunksFromRecordBatch } from "../chunk/arrow.js";
import type { Chunk } from "../chunk/index.js";
import { describe, isStrict, RerunError, type TuidSource, warnOnce } from "../core/index.js";
import { ChunkStore } from "../store/index.js";

/**
 * A `RecordBatch` of apache-arrow, of whatever copy of it. Its own type is not named here: a notebook's kernel would read the
 * declarations of all of apache-arrow for the first cell that imports this package.
 */
export interface RecordBatchLike {
  readonly schema: { readonly fields: readonly object[]; readonly metadata: ReadonlyMap<string, string> };
  readonly data: { readonly length: number; readonly children: readonly object[] };
}

/** A `Table` of apache-arrow, of whatever copy of it. */
export interface TableLike {
  readonly schema: RecordBatchLike["schema"];
  readonly batches: readonly RecordBatchLike[];
}

/** Tables with one schema, as apache-arrow has them. */
export type DataframeLike = TableLike | RecordBatchLike | Iterable<RecordBatchLike>;

/** Chunks to be sent as they are. */
export type ChunksLike = Chunk | ChunkStore | Iterable<Chunk>;

/** How the columns of an Arrow table are to be understood. */
export interface SendDataframeOptions {
  /**
   * Names of the columns that are timelines: Int64 is a sequence, nanoseconds as Timestamp or Duration are times. `null`: the
   * data are static. Default: the columns that their metadata (`rerun:kind`) call an index.
   */
  readonly index?: string | readonly string[] | null;
  /** Where columns belong that do not say it by `rerun:entity_path` or by a name like `/entity:component`. Default: the root. */
  readonly entityPath?: string;
}

/**
 * The chunks of Arrow data.
 *
 * @throws RerunError `InvalidArgument` when the data cannot be understood
 */
export function chunksOfDataframe(
  call: string,
  dataframe: DataframeLike,
  { index, entityPath }: SendDataframeOptions,
  tuids: TuidSource,
): Chunk[] {
  const leftOut = (warning: { readonly code: string; readonly message: string }): void => {
    const message = `${call}: ${warning.message}`;
    if (isStrict()) throw new RerunError("InvalidArgument", message);
    warnOnce({ ...warning, message });
  };
  const chunks: Chunk[] = [];
  try {
    for (const batch of batchesOf(dataframe)) {
      chunks.push(...chunksFromRecordBatch(batch, { index, entityPath, tuids, warn: warnOnce, leftOut }));
    }
  } catch (error) {
    if (!(error instanceof RerunError)) throw error;
    throw new RerunError(error.code, error.message.startsWith(call) ? error.message : `${call}: ${error.message}`, {
      cause: error,
    });
  }
  return chunks;
}

/** Told by their members, not their class: the program may have loaded another copy of apache-arrow. */
function* batchesOf(dataframe: unknown): Iterable<RecordBatch> {
  if (isTable(dataframe)) yield* dataframe.batches;
  else if (isRecordBatch(dataframe)) yield dataframe;
  else if (typeof dataframe === "object" && dataframe !== null && Symbol.iterator in dataframe) {
    for (const batch of dataframe as Iterable<unknown>) {
      if (!isRecordBatch(batch)) throw notArrow(batch);
      yield batch;
    }
  } else {
    throw notArrow(dataframe);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && "schema" in value && Array.isArray((value as Partial<Table>).batches);
}

function isRecordBatch(value: unknown): value is RecordBatch {
  if (typeof value !== "object" || value === null) return false;
  const { schema, data } = value as Partial<RecordBatch>;
  return Array.isArray(schema?.fields) && Array.isArray(data?.children);
}

function notArrow(value: unknown): RerunError {
  return new RerunError(
    "InvalidArgument",
    `expected a Table or a RecordBatch of apache-arrow, or a list of record batches, got ${describe(value)}`,
  );
}

/**
 * Chunks one by one, checked to be such.
 *
 * @throws RerunError `InvalidArgument` for anything else
 */
export function* chunksOf(call: string, chunks: ChunksLike): Iterable<Chunk> {
  const given: unknown = chunks;
  if (given instanceof ChunkStore) yield* given.chunks();
  else if (isChunk(given)) yield given;
  else if (typeof given === "object" && given !== null && Symbol.iterator in given) {
    for (const chunk of given as Iterable<unknown>) {
      if (!isChunk(chunk)) throw notChunk(call, chunk);
      yield chunk;
    }
  } else {
    throw notChunk(call, given);
  }
}

function isChunk(value: unknown): value is Chunk {
  if (typeof value !== "object" || value === null) return false;
  const { id, entityPath, rowIds, timelines, components } = value as Partial<Chunk>;
  return (
    typeof id === "string" &&
    typeof entityPath === "string" &&
    rowIds instanceof Uint8Array &&
    timelines instanceof Map &&
    components instanceof Map
  );
}

function notChunk(call: string, value: unknown): RerunError {
  return new RerunError("InvalidArgument", `${call}: expected a chunk, a ChunkStore or a list of chunks, got ${describe(value)}`);
}
