import { locateRrdFooter, RrdStreamDecoder, STREAM_FOOTER_BYTES } from "../../rrd/index.js";
import type { ObjectStat, SegmentStorage } from "../segments/segment-storage.js";
import { type ReadIndexOptions, type RecordingIndex, readRecordingIndex } from "./recording-index.js";

/** What a decoded manifest takes beside the encoded one, about; and what small files have in memory. */
const DECODED_FACTOR = 12;
const FILE_BYTES = 64 * 1024;
const PEEK_BYTES = 1024 * 1024;

/** A recording in a file: its id, and whether it is a blueprint. */
export interface PeekedRecording {
  readonly recordingId: string;
  readonly isBlueprint: boolean;
}

/** Indexes that were just read, kept for who needs them next: a file is looked into when it is named, and registered by a worker. */
export class RecentIndexes {
  readonly #storage: SegmentStorage;
  readonly #maxBytes: number;
  readonly #indexes = new Map<string, { readonly index: RecordingIndex; readonly bytes: number }>();
  #bytes = 0;

  constructor(storage: SegmentStorage, maxBytes: number) {
    this.#storage = storage;
    this.#maxBytes = maxBytes;
  }

  /**
   * The recordings of a file. Of one without a footer those that are announced at its beginning: it is not read through here.
   * @throws RerunError `CorruptFile`, `NotFound`
   */
  async peek(object: string, stat: ObjectStat): Promise<PeekedRecording[]> {
    const tail = await this.#storage.read(
      object,
      Math.max(0, stat.bytes - STREAM_FOOTER_BYTES),
      Math.min(stat.bytes, STREAM_FOOTER_BYTES),
    );
    if (stat.bytes > PEEK_BYTES && locateRrdFooter(tail, stat.bytes) === undefined) return this.#announced(object, stat);
    const index = await readRecordingIndex(this.#storage, object, stat);
    this.#put(keyOf(object, stat.version), index);
    return index.manifests.map(({ storeId }) => ({
      recordingId: storeId.recordingId,
      isBlueprint: storeId.kind === "blueprint",
    }));
  }

  /** The index of a file; one that was kept is given away. @throws RerunError `CorruptFile`, `NotFound` */
  async take(object: string, stat: ObjectStat, options: ReadIndexOptions): Promise<RecordingIndex> {
    const key = keyOf(object, stat.version);
    const kept = this.#indexes.get(key);
    if (kept === undefined) return readRecordingIndex(this.#storage, object, stat, options);
    this.#indexes.delete(key);
    this.#bytes -= kept.bytes;
    return kept.index;
  }

  async #announced(object: string, stat: ObjectStat): Promise<PeekedRecording[]> {
    const decoder = new RrdStreamDecoder({ warn: () => undefined });
    const found = new Map<string, PeekedRecording>();
    for (const message of decoder.push(await this.#storage.read(object, 0, Math.min(PEEK_BYTES, stat.bytes)))) {
      if (message.kind === "blueprintActivation") continue;
      const { recordingId, kind } = message.storeId;
      found.set(JSON.stringify([recordingId, kind]), { recordingId, isBlueprint: kind === "blueprint" });
    }
    return [...found.values()];
  }

  #put(key: string, index: RecordingIndex): void {
    if (this.#indexes.has(key)) return;
    const footerBytes = index.footer.kind === "made" ? index.footer.bytes.length : index.footer.length;
    const bytes = FILE_BYTES + DECODED_FACTOR * footerBytes;
    this.#indexes.set(key, { index, bytes });
    this.#bytes += bytes;
    for (const [oldest, kept] of this.#indexes) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#indexes.delete(oldest);
      this.#bytes -= kept.bytes;
    }
  }
}

function keyOf(object: string, version: string): string {
  return `${object}\n${version}`;
}
