import type { Chunk } from "../chunk/index.js";
import type { TimeRange } from "../core/index.js";
import type { ChunkPlace, ManifestChunk } from "../rrd/index.js";

/** What a manifest would say of a chunk. */
export function summarizeChunk(chunk: Chunk, place: ChunkPlace): ManifestChunk {
  const timelines = new Map<string, TimeRange>();
  for (const [name, column] of chunk.timelines) timelines.set(name, column.range);
  const isStatic = chunk.timelines.size === 0;
  const columns = [...chunk.components.values()].filter(({ list }) => isStatic || list.nullCount < list.length);
  return {
    id: chunk.id,
    entityPath: chunk.entityPath,
    isStatic,
    numRows: chunk.numRows,
    byteOffset: place.offset,
    byteSize: place.size,
    byteSizeUncompressed: place.uncompressedSize,
    timelines,
    components: columns.map((column) => column.descriptor),
  };
}
