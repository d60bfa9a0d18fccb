import { CONTINUATION } from "./arrow-ids.js";
import { corrupt, FlatReader } from "./flat-reader.js";

/** One encapsulated message of an Arrow IPC stream. */
export interface IpcMessage {
  readonly reader: FlatReader;
  /** Which member of the union `MessageHeader`. */
  readonly headerType: number;
  /** The header's table. */
  readonly header: number;
  readonly body: Uint8Array;
  /** Where the flatbuffer begins, in the stream. */
  readonly metadataAt: number;
  /** Where the next message begins, in the stream. */
  readonly next: number;
}

const FILE_MAGIC = "ARROW1";

/**
 * The message that begins at `at`; `undefined` at the end of the stream.
 * @throws RerunError `CorruptFile`
 */
export function readMessage(bytes: Uint8Array, at: number): IpcMessage | undefined {
  if (at === bytes.length) return undefined;
  const metadataAt = messageStart(bytes, at);
  const length = int32(bytes, metadataAt - 4);
  if (length === 0) return undefined;
  if (length < 8 || metadataAt + length > bytes.length) {
    if (at === 0 && String.fromCharCode(...bytes.subarray(0, 6)) === FILE_MAGIC)
      throw corrupt("an Arrow file, expected a stream");
    throw corrupt(`a message of ${length} bytes at byte ${metadataAt} of ${bytes.length}`);
  }
  const reader = new FlatReader(bytes.subarray(metadataAt, metadataAt + length));
  const message = reader.root();
  const type = reader.slot(message, 1, 1);
  const bodyLengthAt = reader.slot(message, 3, 8);
  const bodyLength = bodyLengthAt === 0 ? 0 : reader.i64(bodyLengthAt);
  const bodyAt = metadataAt + length;
  if (bodyLength < 0 || bodyAt + bodyLength > bytes.length) {
    throw corrupt(`a body of ${bodyLength} bytes at byte ${bodyAt} of ${bytes.length}`);
  }
  return {
    reader,
    headerType: type === 0 ? 0 : reader.u8(type),
    header: reader.tableIn(message, 2),
    body: bytes.subarray(bodyAt, bodyAt + bodyLength),
    metadataAt,
    next: bodyAt + bodyLength,
  };
}

/** Where the flatbuffer of the message at `at` begins; its length lies 4 bytes before. */
export function messageStart(bytes: Uint8Array, at: number): number {
  // Streams of before Arrow 0.15 have no continuation marker.
  const start = int32(bytes, at) >>> 0 === CONTINUATION ? at + 8 : at + 4;
  if (start > bytes.length) throw corrupt(`it ends within a message at byte ${at}`);
  return start;
}

/** Little-endian; bytes beyond the end make it damaged. */
export function int32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw corrupt(`it ends within a message at byte ${at}`);
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
