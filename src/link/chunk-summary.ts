import { type Chunk, type ChunkEntry, isStatic } from "../chunk/index.js";
import type { TimeRange } from "../core/index.js";
import type { ChunkSummary } from "./messages.js";

const BODY_BYTES = 256;
const BODY_BYTES_PER_COMPONENT = 320;
const BODY_BYTES_PER_TIMELINE = 96;

/** What a viewer plans with. */
export function summaryOf(chunk: Chunk): ChunkSummary {
  const timelines = new Map<string, TimeRange>();
  if (!isStatic(chunk)) for (const [name, { range }] of chunk.timelines) timelines.set(name, range);
  const components: string[] = [];
  for (const [name, { list }] of chunk.components) if (list.nullCount < list.length) components.push(name);
  const { id, entityPath, numRows } = chunk;
  return { id, entityPath, numRows, sizeBytes: bodyBytes(chunk), timelines, components };
}

/** The same of a chunk that lies elsewhere. */
export function summaryOfEntry(entry: ChunkEntry): ChunkSummary {
  const { id, entityPath, numRows, timelines } = entry;
  return { id, entityPath, numRows, sizeBytes: bodyBytes(entry), timelines, components: [...entry.components.keys()] };
}

/** About the size of the body on the wire. */
function bodyBytes(of: {
  readonly sizeBytes: number;
  readonly components: { readonly size: number };
  readonly timelines: { readonly size: number };
}): number {
  return of.sizeBytes + BODY_BYTES + BODY_BYTES_PER_COMPONENT * of.components.size + BODY_BYTES_PER_TIMELINE * of.timelines.size;
}
