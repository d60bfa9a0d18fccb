import { tuidFromHex } from "../../core/index.js";
import type { ManifestChunk, RrdManifest } from "../../rrd/index.js";
import type { LayerRow } from "../catalog/catalog-store.js";
import { chunkKeyMaker } from "./chunk-key.js";
import type { Platform } from "./platform.js";

/** A layer with what is known of its chunks. */
export interface LayerChunks {
  readonly layer: LayerRow;
  readonly manifest: RrdManifest;
}

export async function chunksOfLayer(platform: Platform, layer: LayerRow): Promise<LayerChunks> {
  return { layer, manifest: await platform.manifests.manifestOf(layer) };
}

const keysOf = new WeakMap<RrdManifest, readonly Uint8Array[]>();

/** The keys of all chunks in the manifest's order. They are made once: signing is what costs. */
export function chunkKeys(platform: Platform, { layer, manifest }: LayerChunks): readonly Uint8Array[] {
  let keys = keysOf.get(manifest);
  if (keys === undefined) {
    const makeKey = chunkKeyMaker(platform.signer, layer);
    keys = manifest.chunks.map((chunk: ManifestChunk) => makeKey(tuidFromHex(chunk.id), chunk.byteOffset, chunk.byteSize));
    keysOf.set(manifest, keys);
  }
  return keys;
}
