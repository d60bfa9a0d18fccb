import { type Chunk, type ChunkEntry, entryOf } from "../chunk/index.js";
import type { Timeline } from "../core/index.js";
import type { ChunkStore } from "./chunk-store.js";
import type { EntitySchema } from "./schema.js";
import { StoreContents } from "./store-contents.js";

/**
 * Chunks of one recording that lie elsewhere, in a file or behind a server: what is known of them is here, their bodies come
 * when they are asked for.
 */
export interface ChunkSource {
  /** In the order of the file. Of several with one id the first counts. */
  readonly entries: readonly ChunkEntry[];
  /** By name. */
  readonly timelines: readonly Timeline[];
  /** In entity path order. */
  readonly entities: readonly EntitySchema[];
  /**
   * The chunks of these entries, in their order, but for those that are damaged. Nothing is kept: whoever calls bounds what is
   * in memory at once.
   *
   * @throws RerunError `CorruptFile` for a chunk that is not what its entry says, `Closed`; the reason of `signal`
   */
  fetch(entries: readonly ChunkEntry[], options?: FetchOptions): Promise<readonly Chunk[]>;
  /** Frees what the source holds. May be called twice. */
  close(): Promise<void>;
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
}

const entries = new WeakMap<Chunk, ChunkEntry>();

/** What a store in memory holds now, as a source. Later changes of the store do not change it. */
export function sourceOfStore(store: ChunkStore): ChunkSource {
  const { timelines, entities } = store.schema();
  return heldSource(store.chunks(), { timelines: timelines.map(({ name, type }) => ({ name, type })), entities });
}

/** Chunks in memory as a source: as they are, without the index and the compaction of a store. Of several with one id the first counts. */
export function sourceOfChunks(chunks: readonly Chunk[]): ChunkSource {
  const contents = new StoreContents();
  for (const chunk of chunks) contents.add(chunk);
  return heldSource(chunks, contents);
}

function heldSource(held: Iterable<Chunk>, { timelines, entities }: Pick<ChunkSource, "timelines" | "entities">): ChunkSource {
  const chunks = new Map<string, Chunk>();
  for (const chunk of held) if (!chunks.has(chunk.id)) chunks.set(chunk.id, chunk);
  return {
    entries: Array.from(chunks.values(), knownEntryOf),
    timelines,
    entities,
    fetch: async (wanted, { signal } = {}) => {
      signal?.throwIfAborted();
      return wanted.flatMap(({ id }) => chunks.get(id) ?? []);
    },
    close: async () => undefined,
  };
}

/** Chunks do not change: what is said of one is computed once. */
function knownEntryOf(chunk: Chunk): ChunkEntry {
  let entry = entries.get(chunk);
  if (entry === undefined) {
    entry = entryOf(chunk);
    entries.set(chunk, entry);
  }
  return entry;
}
