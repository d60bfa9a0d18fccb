/**
 * Where the viewer's state gets a recording from: the few calls it needs of a connection.
 * The link's client is one; a test hands in another.
 */
import type { Chunk } from "../../chunk/index.js";
import { RerunError } from "../../core/index.js";
import type { IndexDelta, LinkClient, SeriesReply } from "../../link/client.js";

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
  /** What is new since that revision; 0 = everything. */
  index(sinceRevision: number): Promise<IndexDelta>;
  /** Bodies of the chunks, in any order; `missing` names those that exist no more. */
  chunks(chunkIds: readonly string[]): Promise<{ readonly chunks: readonly Chunk[]; readonly missing: readonly string[] }>;
  series(query: SeriesQuery): Promise<SeriesReply>;
  /** Gives up what was asked: nobody waits for it any more. */
  close?(): void;
}

/** What the other end shows first, or one segment of its dataset. */
export function recordingSource(client: LinkClient, segment?: string): RecordingSource {
  const end = new AbortController();
  const options = { signal: end.signal, ...(segment !== undefined && { segment }) };
  return {
    index: (sinceRevision) => client.index(sinceRevision, options),
    chunks: (chunkIds) => client.chunks(chunkIds, options),
    series: (query) => client.series(query, options),
    close: () => end.abort(new RerunError("Closed", "Another recording is shown")),
  };
}
