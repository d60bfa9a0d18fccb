/**
 * Where the viewer's state gets a recording from: the few calls it needs of a connection.
 * The link's client is one; a test hands in another.
 */
import type { Chunk } from "../../chunk/index.js";
import type { HelloReply, IndexDelta, SeriesReply } from "../../link/client.js";

/** One scalar series, reduced to at most `buckets` points. Times are inclusive. */
export interface SeriesQuery {
  readonly entityPath: string;
  /** Component identifier, e.g. `Scalars:scalars`. */
  readonly component: string;
  readonly timeline: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly buckets: number;
  /** Which of the row's values, when a row has several. Default 0. */
  readonly instance?: number;
}

export interface RecordingSource {
  hello(): Promise<HelloReply>;
  /** What is new since that revision; 0 = everything. */
  index(sinceRevision: number): Promise<IndexDelta>;
  /** Bodies of the chunks, in any order; `missing` names those that exist no more. */
  chunks(chunkIds: readonly string[]): Promise<{ readonly chunks: readonly Chunk[]; readonly missing: readonly string[] }>;
  series(query: SeriesQuery): Promise<SeriesReply>;
}
