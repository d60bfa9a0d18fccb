import { type Chunk, type ChunkEntry, rangeRows } from "../chunk/index.js";
import { ChunkCache } from "./chunk-cache.js";
import type { ChunkSource, FetchOptions } from "./chunk-source.js";
import type { StoreStats } from "./chunk-store.js";
import { EntryIndex } from "./entry-index.js";
import { type LatestAtQuery, type LatestAtResult, latestOfChunks } from "./queries/latest-at.js";
import { byFirstRow, type ChunkRows, type RangeQuery } from "./queries/range.js";
import type { StoreSchema } from "./schema.js";

export interface LazyStoreOptions {
  /** How many bytes of chunks are kept for the next query. Default: 128 MiB. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 128 * 1024 * 1024;

/**
 * The chunks of a source as a store: indexed at once by what the source knows of them, read when a query needs them, and kept
 * within a budget of bytes. Answers are those of a `ChunkStore` that holds all of them.
 */
export class LazyStore {
  readonly #source: ChunkSource;
  readonly #index: EntryIndex;
  readonly #cache: ChunkCache;

  constructor(source: ChunkSource, options: LazyStoreOptions = {}) {
    this.#source = source;
    this.#index = new EntryIndex(source.entries);
    this.#cache = new ChunkCache(source, options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  }

  /** Timelines with their ranges, entities with their components. */
  schema(): StoreSchema {
    const timelines = this.#source.timelines.flatMap((timeline) => {
      const range = this.#index.range(timeline.name);
      return range === undefined ? [] : [{ ...timeline, range }];
    });
    return { timelines, entities: this.#source.entities };
  }

  /** Of all chunks, read or not. */
  stats(): StoreStats {
    return this.#index.stats();
  }

  /** Bytes of chunks that are in memory now. */
  get cachedBytes(): number {
    return this.#cache.sizeBytes;
  }

  /** All chunks, in the order of the source, each id once. */
  entries(): readonly ChunkEntry[] {
    return this.#index.entries;
  }

  /** The chunks that a latest-at query has to look into: the static ones with the component, or the temporal ones. */
  latestAtEntries(query: LatestAtQuery): readonly ChunkEntry[] {
    const statics = this.#index.statics(query.entityPath, query.component);
    return statics.length > 0 ? statics : this.#index.latestAt(query);
  }

  /** The chunks that a range query has to look into: the static ones with the component, or the temporal ones by first time. */
  rangeEntries(query: RangeQuery): readonly ChunkEntry[] {
    const statics = this.#index.statics(query.entityPath, query.component);
    return statics.length > 0 ? statics : this.#index.overlapping(query);
  }

  /** The chunks of these entries, in their order: from memory, or read. All of them are in memory at once then. */
  load(entries: readonly ChunkEntry[], options?: FetchOptions): Promise<Chunk[]> {
    return this.#cache.load(entries, options);
  }

  /** As `ChunkStore.latestAt`. */
  async latestAt(query: LatestAtQuery, options?: FetchOptions): Promise<LatestAtResult | undefined> {
    const fixed = await this.#static(query, options);
    return fixed ?? latestOfChunks(await this.load(this.#index.latestAt(query), options), query);
  }

  /** As `ChunkStore.range`. */
  async range(query: RangeQuery, options?: FetchOptions): Promise<ChunkRows[]> {
    const parts: ChunkRows[] = [];
    for await (const some of this.rangeInSteps(query, options)) parts.push(...some);
    return byFirstRow(parts, query.timeline);
  }

  /** The same a few chunks at a time, by their first time: as many as fit into `stepBytes` are in memory at once. */
  async *rangeInSteps(
    query: RangeQuery,
    options: FetchOptions & { readonly stepBytes?: number } = {},
  ): AsyncGenerator<ChunkRows[], void, undefined> {
    const { component, timeline, range } = query;
    const fixed = await this.#static({ ...query, at: 0n }, options);
    if (fixed !== undefined) {
      yield [{ chunk: fixed.chunk, rows: Uint32Array.of(fixed.row) }];
      return;
    }
    for (const step of stepsOf(this.#index.overlapping(query), options.stepBytes ?? Number.POSITIVE_INFINITY)) {
      const chunks = await this.load(step, options);
      yield chunks
        .map((chunk) => ({ chunk, rows: rangeRows(chunk, timeline, range, component) }))
        .filter(({ rows }) => rows.length > 0);
    }
  }

  /** An index of a file counts a column without cells as static data too: only the chunks tell. */
  async #static(query: LatestAtQuery, options?: FetchOptions): Promise<LatestAtResult | undefined> {
    const statics = this.#index.statics(query.entityPath, query.component);
    if (statics.length === 0) return undefined;
    return latestOfChunks(await this.load(statics, options), { ...query, timeline: undefined });
  }

  /** Frees the chunks in memory and closes the source. May be called twice. */
  async close(): Promise<void> {
    this.#cache.clear();
    await this.#source.close();
  }
}

/** The entries in their order, each step with at least one and at most `stepBytes` of chunks. */
function* stepsOf(entries: readonly ChunkEntry[], stepBytes: number): Generator<ChunkEntry[]> {
  let step: ChunkEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (step.length > 0 && bytes + entry.sizeBytes > stepBytes) {
      yield step;
      [step, bytes] = [[], 0];
    }
    step.push(entry);
    bytes += entry.sizeBytes;
  }
  if (step.length > 0) yield step;
}
