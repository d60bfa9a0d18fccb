/** The browser's door to the link: without the store and the query service. */
export { decodeIndexDelta } from "./index-codec.js";
export {
  type ChunkRequestOptions,
  LinkClient,
  type LinkClientOptions,
  type LinkTimers,
  type RequestOptions,
  type SegmentRequestOptions,
  type SeriesQuery,
} from "./link-client.js";
export {
  type ChunkSummary,
  type ComponentSchema,
  type EntitySchema,
  type Envelope,
  type HelloReply,
  type IndexDelta,
  MAX_PART_BYTES,
  type Notice,
  PROTOCOL_VERSION,
  REQUEST_TIMEOUT_MS,
  type RecordingIndex,
  type Reply,
  type Request,
  type SegmentInfo,
  type SeriesReply,
  type Transport,
  type ViewerCommand,
  type ViewerEvent,
  WINDOW,
} from "./messages.js";
export type { FetchedChunks } from "./reply-assembler.js";
export { decodeSeries } from "./series-codec.js";
