import type { Chunk } from "../chunk/index.js";
import type { ArrayData } from "../core/index.js";

/** Share of a chunk's bytes that may be something else. */
const MAX_OTHERS = 1 / 16;

/** Whether next to nothing but row ids, times and numbers of 32 or 64 bits is in a chunk: no texts, no bytes. */
export function isOfWords(chunk: Chunk): boolean {
  let others = 0;
  for (const { list } of chunk.components.values()) others += narrowBytes(list);
  return others <= MAX_OTHERS * chunk.sizeBytes;
}

/** Bytes of the buffers whose elements are narrower than 32 bits. */
function narrowBytes({ validity, values, typeIds, children }: ArrayData): number {
  let size = (validity?.length ?? 0) + (typeIds?.length ?? 0);
  if (values !== undefined && values.BYTES_PER_ELEMENT < 4) size += values.byteLength;
  if (children !== undefined) for (const child of children) size += narrowBytes(child);
  return size;
}
