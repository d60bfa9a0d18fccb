import type { ChunkEntry } from "../chunk/index.js";
import { RerunError } from "../core/index.js";
import { type ManifestChunk, readManifest } from "../rrd/index.js";
import { type ChunkSource, StoreContents } from "../store/index.js";
import type { Connection } from "./connection.js";
import type { EntryId } from "./entry-id.js";
import { type ChunkPlace, fetchChunks } from "./fetch-chunks.js";
import { columnOf } from "./tables.js";

/**
 * The chunks of one segment by its manifest: their bodies come when they are asked for.
 *
 * @throws RerunError `NotFound` for a segment that is not there
 */
export async function openSegmentSource(
  connection: Connection,
  entry: EntryId,
  segmentId: string,
  signal: AbortSignal | undefined,
): Promise<ChunkSource> {
  const request = { segmentId: { id: segmentId }, generateDirectUrls: false };
  const parts = await connection.collect((client, options) => client.getRrdManifest(request, options), { entry, signal });
  const places = new Map<string, ChunkPlace>();
  const entries: ManifestChunk[] = [];
  const schemas: {
    readonly timelines: ReturnType<typeof readManifest>["timelines"];
    readonly fields: ReturnType<typeof readManifest>["fields"];
  }[] = [];
  for (const { rrdManifest } of parts) {
    if (rrdManifest === undefined) throw new RerunError("InvalidData", "the server's answer lacks its manifest");
    const manifest = readManifest(rrdManifest);
    const keys = columnOf({ ...manifest.table, batches: [manifest.table] }, "chunk_key");
    manifest.chunks.forEach((chunk, row) => {
      if (places.has(chunk.id)) return;
      places.set(chunk.id, { id: chunk.id, segmentId, sizeBytes: chunk.sizeBytes, keys, row });
      entries.push(chunk);
    });
    schemas.push(manifest);
  }
  const contents = StoreContents.ofColumns({
    timelines: schemas.flatMap(({ timelines }) => timelines),
    fields: schemas.flatMap(({ fields }) => fields),
  });
  return {
    entries,
    timelines: contents.timelines,
    entities: contents.entities,
    async fetch(wanted: readonly ChunkEntry[], options = {}) {
      const distinct = new Map(wanted.flatMap(({ id }) => places.get(id) ?? []).map((place) => [place.id, place]));
      const chunks = await fetchChunks(connection, [...distinct.values()], options.signal);
      return wanted.flatMap(({ id }) => chunks.get(id) ?? []);
    },
    close: async () => undefined,
  };
}
