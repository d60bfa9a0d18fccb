/**
 * The protocol between a viewer and the store it looks at: one request, one or more replies, small notices.
 * The same over a Jupyter comm and a WebSocket; both sides share these types and no Arrow library.
 *
 * Bodies of chunks travel as pieces (see piece-codec.ts), an index and a series as one block each (index-codec.ts,
 * series-codec.ts), cut into the buffers of the parts.
 *
 * Rules: the viewer pulls. A notice never carries data. A reply part is at most `MAX_PART_BYTES`; a long reply has several
 * parts with ascending `seq`, the last one marked. A viewer keeps at most `WINDOW` requests in flight, repeats a request that
 * was not answered within `REQUEST_TIMEOUT_MS` (requests are idempotent), and ignores parts it already has.
 */
import type { ComponentDescriptor, DataType, RecordingInfo, Timeline, TimeRange } from "../core/index.js";

export const PROTOCOL_VERSION = 1;
export const MAX_PART_BYTES: number = 2 * 1024 * 1024;
export const WINDOW = 3;
export const REQUEST_TIMEOUT_MS = 5000;

/** A message body: plain JSON (no bigint; 64-bit integers travel in buffers or as decimal strings) and binary buffers. */
export interface Envelope<T> {
  readonly content: T;
  readonly buffers: readonly Uint8Array[];
}

export type Request =
  /** What this viewer shows. Answered by `HelloReply`. */
  | { readonly kind: "hello"; readonly id: number; readonly protocol: number }
  /** The segments of the dataset that is shown. Answered by encoded `SegmentInfo`s (segments-codec.ts). */
  | { readonly kind: "segments"; readonly id: number }
  /** What exists: schema and chunk summaries that are new since `sinceRevision` (0 = all). Answered by an encoded `IndexDelta`. */
  | ({ readonly kind: "index"; readonly id: number; readonly sinceRevision: number } & OfSegment)
  /** Bodies of chunks, by id. Unknown ids (evicted, compacted away) are named in the reply. */
  | ({ readonly kind: "chunks"; readonly id: number; readonly chunkIds: readonly string[] } & OfSegment)
  /** A scalar series reduced to min/max per bucket. Times are decimal strings, inclusive. */
  | ({
      readonly kind: "series";
      readonly id: number;
      readonly entityPath: string;
      readonly component: string;
      readonly timeline: string;
      readonly from: string;
      readonly to: string;
      readonly buckets: number;
      /** Which of the row's values, when a row has several. Default 0. */
      readonly instance?: number;
    } & OfSegment)
  /** The viewer's own code, for the loader that travels in the widget's state. */
  | { readonly kind: "bundle"; readonly id: number }
  /** Something the user did, for listeners in the kernel. Not answered. */
  | { readonly kind: "event"; readonly id: number; readonly event: ViewerEvent };

/** Which segment of a dataset is asked about. Default: the one that opens first. */
export interface OfSegment {
  readonly segment?: string;
}

export interface HelloReply {
  readonly protocol: number;
  /** There when a dataset is shown: its segments can be asked for. */
  readonly dataset?: { readonly name: string };
  readonly recording: { readonly applicationId: string; readonly recordingId: string; readonly name?: string };
  readonly revision: number;
}

/** A part of a reply. `error` ends the request. `missing` names chunks that do not exist any more. */
export interface Reply {
  readonly kind: "reply";
  readonly id: number;
  readonly seq: number;
  readonly last: boolean;
  /** Differs between two answers to one repeated request: their parts do not belong together. */
  readonly answer?: number;
  readonly hello?: HelloReply;
  readonly missing?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** One recording of a dataset, before it is opened. */
export interface SegmentInfo {
  readonly id: string;
  /** Of the recording, when it has one. */
  readonly name?: string;
}

/** Sent unasked, small and coalesced. */
export type Notice =
  | { readonly kind: "revision"; readonly revision: number }
  | { readonly kind: "command"; readonly command: ViewerCommand }
  /** The data that were asked for are on their way to the kernel: it waits, it is not busy. */
  | { readonly kind: "waiting" }
  | { readonly kind: "closed"; readonly reason: string };

/** What code in a cell can ask of a viewer. Times are decimal strings. */
export type ViewerCommand =
  | { readonly kind: "setTime"; readonly timeline: string; readonly time?: string }
  | { readonly kind: "play" }
  | { readonly kind: "pause" }
  | { readonly kind: "select"; readonly entityPath: string | null; readonly instance?: number }
  | { readonly kind: "focus"; readonly entityPath: string }
  /** Another recording of the dataset. */
  | { readonly kind: "setRecording"; readonly recordingId: string }
  | { readonly kind: "screenshot"; readonly requestId: number };

/** What happens in a viewer; names as in Rerun's own viewer events. */
export type ViewerEvent =
  | { readonly type: "play" }
  | { readonly type: "pause" }
  | { readonly type: "timeUpdate"; readonly timeline: string; readonly time: string }
  | { readonly type: "timelineChange"; readonly timeline: string; readonly time: string }
  | {
      readonly type: "selectionChange";
      readonly items: readonly {
        readonly entityPath: string;
        readonly instance?: number;
        readonly position?: readonly [number, number, number];
      }[];
    }
  | { readonly type: "recordingOpen"; readonly applicationId: string; readonly recordingId: string }
  | { readonly type: "ready" }
  | { readonly type: "screenshot"; readonly requestId: number; readonly error?: string };

/** One chunk as the viewer's planning sees it: enough to decide whether a query needs its body. */
export interface ChunkSummary {
  readonly id: string;
  readonly entityPath: string;
  readonly numRows: number;
  /** About the size of the body on the wire. */
  readonly sizeBytes: number;
  /** Empty = static. Ranges are inclusive and over all rows. */
  readonly timelines: ReadonlyMap<string, TimeRange>;
  /** Identifiers of the components it has at least one non-null cell of. */
  readonly components: readonly string[];
}

export interface EntitySchema {
  readonly path: string;
  readonly components: readonly ComponentSchema[];
}

export interface ComponentSchema {
  readonly descriptor: ComponentDescriptor;
  /** Type of one instance (the item of the column's list). */
  readonly type: DataType;
  readonly isStatic: boolean;
}

/** Everything a viewer knows without any chunk body. Grows by deltas. */
export interface RecordingIndex {
  readonly info: RecordingInfo;
  readonly revision: number;
  /** Whether more may be logged: not into what lies in files and on servers. */
  readonly isLive: boolean;
  readonly timelines: readonly (Timeline & { readonly range: TimeRange })[];
  /** In entity path order. */
  readonly entities: readonly EntitySchema[];
  readonly chunks: ReadonlyMap<string, ChunkSummary>;
}

/** What changed between two revisions. `reset` = forget what was known before. */
export interface IndexDelta {
  readonly reset: boolean;
  readonly revision: number;
  readonly info: RecordingInfo;
  readonly isLive: boolean;
  readonly timelines: RecordingIndex["timelines"];
  /** All entities when anything about them changed, else absent. */
  readonly entities?: readonly EntitySchema[];
  readonly added: readonly ChunkSummary[];
  readonly removed: readonly string[];
}

/** A reduced series: `times[i]` with the smallest and greatest value of that bucket. Raw when every bucket holds one point. */
export interface SeriesReply {
  readonly times: BigInt64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Points before the reduction. */
  readonly numPoints: number;
  readonly isReduced: boolean;
  /** The most values that a cell of the range holds; above 1 there are further series (`instance`). */
  readonly numInstances?: number;
}

/** The viewer's side of a connection, whatever carries it. */
export interface Transport {
  /** Sends one request; the parts of its reply arrive through `onMessage`. */
  send(message: Request, buffers?: readonly Uint8Array[]): void;
  onMessage(listener: (message: Reply | Notice, buffers: readonly Uint8Array[]) => void): void;
  /** `open` at start; `busy` while the kernel does not answer; `closed` is final. */
  onStatus(listener: (status: "open" | "closed") => void): void;
  close(): void;
}
