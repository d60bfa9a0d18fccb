import { RerunError } from "../../core/index.js";
import { decodeFooter, type RrdManifest } from "../../rrd/index.js";
import type { LayerRow } from "../catalog/catalog-store.js";
import type { SegmentStorage } from "../segments/segment-storage.js";

interface Cached {
  readonly manifests: Promise<readonly RrdManifest[]>;
  bytes: number;
}

/** What a decoded manifest takes beside the encoded one, about. */
const DECODED_FACTOR = 12;

/** Manifests that were read lately. They belong to contents that do not change, so that nothing in here becomes untrue. */
export class ManifestCache {
  readonly #storage: SegmentStorage;
  readonly #maxBytes: number;
  /** In order of last use. */
  readonly #entries = new Map<string, Cached>();
  #bytes = 0;

  constructor(storage: SegmentStorage, maxBytes: number) {
    this.#storage = storage;
    this.#maxBytes = maxBytes;
  }

  /** The manifest of a layer. @throws RerunError `FailedPrecondition` when it cannot be read any more */
  async manifestOf(layer: LayerRow): Promise<RrdManifest> {
    const key = keyOf(layer.object, layer.objectVersion);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { manifests: this.#read(layer), bytes: DECODED_FACTOR * Number(layer.manifestBytes) };
      this.#bytes += entry.bytes;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict();
    try {
      const found = (await entry.manifests).find(({ storeId }) => storeId.recordingId === layer.segment);
      if (found !== undefined) return found;
      throw new RerunError("CorruptFile", "its footer says nothing of the segment any more");
    } catch (cause) {
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RerunError(
        "FailedPrecondition",
        `The index of segment '${layer.segment}', layer '${layer.layer}' cannot be read: ${reason}. Register the file again: ${layer.object}`,
        { cause },
      );
    }
  }

  async #read(layer: LayerRow): Promise<readonly RrdManifest[]> {
    const { object, objectVersion, manifestObject, manifestOffset, manifestBytes } = layer;
    const options = manifestObject === object ? { version: objectVersion } : {};
    return decodeFooter(await this.#storage.read(manifestObject, Number(manifestOffset), Number(manifestBytes), options));
  }

  #evict(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes || this.#entries.size <= 1) return;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }
}

function keyOf(object: string, version: string): string {
  return `${object}\n${version}`;
}
