import { RerunError } from "../core/index.js";
import {
  FRAME_HEADER_BYTES,
  formatVersion,
  KIND_ARROW_MSG,
  KIND_END,
  type ManifestChunk,
  MessageDecoder,
  type RrdMessage,
  readFrameHeader,
  readStreamHeader,
  STREAM_HEADER_BYTES,
} from "../rrd/index.js";

/**
 * The messages of a file that are not chunks. The index says where the chunks are; everything else lies between them, so that
 * a few short reads find it.
 *
 * @param chunks in file order
 * @param footerOffset where the footer's payload begins
 * @throws RerunError `CorruptFile` when the index does not fit the file
 */
export async function readMessagesBetween(
  chunks: readonly ManifestChunk[],
  footerOffset: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<RrdMessage[]> {
  const decoder = new MessageDecoder(() => undefined);
  decoder.version = formatVersion(readStreamHeader(await read(0, STREAM_HEADER_BYTES), 0));
  const messages: RrdMessage[] = [];
  let position = STREAM_HEADER_BYTES;
  for (const { byteOffset, byteSize } of [...chunks, { byteOffset: footerOffset, byteSize: 0 }]) {
    const gap = byteOffset - position;
    if (gap < FRAME_HEADER_BYTES) throw misfit(byteOffset);
    // The last header in the gap is that of the chunk (or the footer) itself.
    if (gap > FRAME_HEADER_BYTES) decodeAll(await read(position, gap), position, decoder, messages);
    position = byteOffset + byteSize;
  }
  return messages;
}

/** Decodes the whole messages in `bytes`, which end with the header of the next one. */
function decodeAll(bytes: Uint8Array, position: number, decoder: MessageDecoder, messages: RrdMessage[]): void {
  let at = 0;
  while (at < bytes.length - FRAME_HEADER_BYTES) {
    const { kind, length } = readFrameHeader(bytes.subarray(at, at + FRAME_HEADER_BYTES));
    const end = at + FRAME_HEADER_BYTES + (length ?? Number.POSITIVE_INFINITY);
    // A chunk or an end that the index does not know: it is not the index of this file.
    if (kind === undefined || kind === KIND_END || kind === KIND_ARROW_MSG || end > bytes.length - FRAME_HEADER_BYTES) {
      throw misfit(position + at);
    }
    messages.push(decoder.decode(kind, bytes.subarray(at + FRAME_HEADER_BYTES, end), position + at + FRAME_HEADER_BYTES));
    at = end;
  }
}

function misfit(position: number): RerunError {
  return new RerunError("CorruptFile", `The footer does not fit the file at byte ${position}`);
}
