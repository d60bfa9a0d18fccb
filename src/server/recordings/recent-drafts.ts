import { RerunError } from "../../core/index.js";
import { RrdStreamDecoder } from "../../rrd/index.js";
import type { ObjectStat, SegmentStorage } from "../segments/segment-storage.js";
import { type Draft, draftLayers } from "./draft-layer.js";
import { footerOf, type ReadIndexOptions, readRecordingIndex, TAIL_BYTES } from "./recording-index.js";

const PEEK_BYTES = 1024 * 1024;
/** What a draft takes in memory, about, beside its properties. */
const DRAFT_BYTES = 2048;

/** A recording in a file: its id, and whether it is a blueprint. */
export interface PeekedRecording {
  readonly recordingId: string;
  readonly isBlueprint: boolean;
}

export interface PeekedFile extends ObjectStat {
  readonly recordings: readonly PeekedRecording[];
}

/**
 * What was just read of files, kept for who needs it next: a file is looked into when it is named, and registered by a worker.
 * Drafts are kept and not the indexes they were made of: of a thousand files those take the garbage collector a fifth of a second.
 */
export class RecentDrafts {
  readonly #storage: SegmentStorage;
  readonly #maxBytes: number;
  /** By object and version, in order of arrival. */
  readonly #drafts = new Map<string, { readonly drafts: readonly Draft[]; readonly bytes: number }>();
  #bytes = 0;

  constructor(storage: SegmentStorage, maxBytes: number) {
    this.#storage = storage;
    this.#maxBytes = maxBytes;
  }

  /**
   * A file with its recordings. Of one without a footer those that are announced at its beginning: it is not read through here.
   * `undefined` when there is no such file.
   *
   * @throws RerunError `CorruptFile`
   */
  async peek(object: string, signal?: AbortSignal): Promise<PeekedFile | undefined> {
    const end = await this.#storage.readTail(object, TAIL_BYTES, signal);
    if (end === undefined) return undefined;
    const { bytes, version } = end;
    if (bytes > PEEK_BYTES && footerOf(end) === undefined) {
      return { bytes, version, recordings: await this.#announced(object, end, signal) };
    }
    const index = await readRecordingIndex(this.#storage, object, end, signal === undefined ? {} : { signal });
    const drafts = await draftLayers(index, object, end);
    this.#put(keyOf(object, version), drafts);
    const recordings = drafts.map(({ layer, isBlueprint }) => ({ recordingId: layer.segment, isBlueprint }));
    return { bytes, version, recordings };
  }

  /**
   * What a file that was looked into holds of a recording.
   * @throws RerunError `CorruptFile`, `NotFound`, `FailedPrecondition` when the file is another one by now
   */
  async draftOf(object: string, stat: ObjectStat, recordingId: string, options: ReadIndexOptions): Promise<Draft> {
    const kept = this.#drafts.get(keyOf(object, stat.version));
    const drafts = kept?.drafts ?? (await this.#read(object, stat, options));
    const draft = drafts.find(({ layer }) => layer.segment === recordingId);
    if (draft === undefined) throw new RerunError("NotFound", `the file has no recording '${recordingId}'`);
    return draft;
  }

  async #read(object: string, stat: ObjectStat, options: ReadIndexOptions): Promise<Draft[]> {
    const end = await this.#storage.readTail(object, TAIL_BYTES, options.signal);
    if (end === undefined) throw new RerunError("NotFound", "the file is not there any more");
    if (end.version !== stat.version || end.bytes !== stat.bytes) {
      throw new RerunError("FailedPrecondition", "the file was changed while it was registered. Register it again");
    }
    return draftLayers(await readRecordingIndex(this.#storage, object, end, options), object, end);
  }

  async #announced(object: string, stat: ObjectStat, signal: AbortSignal | undefined): Promise<PeekedRecording[]> {
    const decoder = new RrdStreamDecoder({ warn: () => undefined });
    const found = new Map<string, PeekedRecording>();
    const { bytes, version } = stat;
    for (const message of decoder.push(await this.#storage.read(object, 0, Math.min(PEEK_BYTES, bytes), { version, signal }))) {
      if (message.kind === "blueprintActivation") continue;
      const { recordingId, kind } = message.storeId;
      found.set(JSON.stringify([recordingId, kind]), { recordingId, isBlueprint: kind === "blueprint" });
    }
    return [...found.values()];
  }

  #put(key: string, drafts: readonly Draft[]): void {
    if (this.#drafts.has(key)) return;
    let bytes = 0;
    for (const { layer, madeFooter } of drafts) {
      bytes += DRAFT_BYTES + (layer.properties?.length ?? 0) + (madeFooter?.length ?? 0);
    }
    this.#drafts.set(key, { drafts, bytes });
    this.#bytes += bytes;
    for (const [oldest, kept] of this.#drafts) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drafts.delete(oldest);
      this.#bytes -= kept.bytes;
    }
  }
}

function keyOf(object: string, version: string): string {
  return `${object}\n${version}`;
}
