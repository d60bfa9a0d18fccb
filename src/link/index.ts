export type { Answer } from "./answer.js";
export { DatasetService, type SegmentSet } from "./dataset-service.js";
export { encodeIndexDelta } from "./index-codec.js";
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
export { QueryService } from "./query-service.js";
export { encodeSeries } from "./series-codec.js";
