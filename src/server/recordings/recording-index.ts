import { isRerunError, RerunError } from "../../core/index.js";
import {
  decodeFooter,
  encodeFooter,
  locateRrdFooter,
  ManifestRows,
  type RrdManifest,
  RrdStreamDecoder,
  readRrdFooter,
  readStreamHeader,
  STREAM_FOOTER_BYTES,
  STREAM_HEADER_BYTES,
  type StreamFooter,
} from "../../rrd/index.js";
import type { ObjectStat, ObjectTail, SegmentStorage } from "../segments/segment-storage.js";

/** What a file holds, without its chunks. */
export interface RecordingIndex {
  readonly manifests: readonly RrdManifest[];
  /** The footer's payload: a part of the file, or made by reading the file through. */
  readonly footer:
    | { readonly kind: "inFile"; readonly offset: number; readonly length: number }
    | { readonly kind: "made"; readonly bytes: Uint8Array };
  /** Bytes of the file; what is at its end was read already. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ReadIndexOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how far a file without a footer was read. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Small files are read whole at once: their footer and what is needed of their chunks come in one reading. */
export const TAIL_BYTES: number = 64 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * The index of a recording by its footer; a file without one (still written, cut) is read through.
 *
 * @param end what the object is now, with its last `TAIL_BYTES`
 * @throws RerunError `CorruptFile` when it is no recording or damaged, `NotFound`
 */
export async function readRecordingIndex(
  storage: SegmentStorage,
  object: string,
  end: ObjectTail,
  options: ReadIndexOptions = {},
): Promise<RecordingIndex> {
  const { tail } = end;
  const tailStart = end.bytes - tail.length;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const at = offset - tailStart;
    if (at >= 0 && at + length <= tail.length) return tail.subarray(at, at + length);
    return storage.read(object, offset, length, { signal: options.signal, version: end.version });
  };
  await checkStart(end.bytes, read);
  const place = footerOf(end);
  if (place !== undefined) {
    const manifests = readRrdFooter(await read(place.offset, place.length), place);
    return { manifests, footer: { kind: "inFile", offset: place.offset, length: place.length }, read };
  }
  const bytes = await scan(storage, object, end, options);
  return { manifests: decodeFooter(bytes), footer: { kind: "made", bytes }, read };
}

/** Where the footer lies; `undefined` without one. */
export function footerOf({ bytes, tail }: ObjectTail): StreamFooter | undefined {
  return bytes < STREAM_FOOTER_BYTES ? undefined : locateRrdFooter(tail, bytes);
}

async function checkStart(fileBytes: number, read: RecordingIndex["read"]): Promise<void> {
  if (fileBytes < STREAM_HEADER_BYTES) throw new RerunError("CorruptFile", "Not an RRD file: file too small to be an RRD");
  readStreamHeader(await read(0, STREAM_HEADER_BYTES), 0);
}

/** The footer that the writer of the file would have written. */
async function scan(
  storage: SegmentStorage,
  object: string,
  stat: ObjectStat,
  { signal, onProgress }: ReadIndexOptions,
): Promise<Uint8Array> {
  const stores = new Map<string, [RrdManifest["storeId"], ManifestRows]>();
  const decoder = new RrdStreamDecoder({ warn: () => undefined });
  for (let position = 0; position < stat.bytes; position += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, stat.bytes - position);
    const piece = await storage.read(object, position, length, { signal, version: stat.version });
    for (const message of decoder.push(piece)) {
      if (message.kind === "blueprintActivation") continue;
      const key = JSON.stringify(message.storeId);
      const store = stores.get(key) ?? [message.storeId, new ManifestRows()];
      stores.set(key, store);
      if (message.kind === "chunk") store[1].add(message.chunk, message.place);
    }
    onProgress?.(Math.min(position + PIECE_BYTES, stat.bytes), stat.bytes);
  }
  // A file that is still written, or whose writer died, ends within a message. Damage before that end is refused.
  if (decoder.damage !== undefined) throw new RerunError("CorruptFile", decoder.damage.message);
  return encodeFooter(stores.values(), "lz4");
}

/** Why a file cannot be registered, in one line. */
export function reasonOf(error: unknown): string {
  if (isRerunError(error) || error instanceof Error) return error.message;
  return String(error);
}
