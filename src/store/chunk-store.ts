import { type Chunk, type ChunkLimits, isStatic, mergeChunks, sortByRowId, splitChunk } from "../chunk/index.js";
import {
  createTuidSource,
  newTuidHex,
  type Timeline,
  type TimeRange,
  type TuidSource,
  type WarningReporter,
  warnOnce,
} from "../core/index.js";
import { type CollectOptions, chunksToCollect } from "./collection.js";
import { chunksToMerge } from "./compaction.js";
import { EntityIndex } from "./entity-index.js";
import { type LatestAtQuery, type LatestAtResult, latestAtInEntity } from "./queries/latest-at.js";
import { type ChunkRows, type RangeQuery, rangeInEntity } from "./queries/range.js";
import { EntitySchemas, type StoreSchema } from "./schema.js";
import { LIVE_LIMITS } from "./store-config.js";
import type { RemovalReason, StoreEvent, StoreListener } from "./store-event.js";
import { unite } from "./time-range.js";

export interface ChunkStoreOptions {
  /** How chunks are cut and joined. Default: `LIVE_LIMITS`. */
  readonly limits?: ChunkLimits;
  /** Beyond this size the oldest temporal data is dropped. Default: no limit. */
  readonly memoryLimitBytes?: number;
  /** Ids of chunks that the store makes. */
  readonly ids?: TuidSource;
  /** Hears of chunks that are refused. Default: prints once. */
  readonly warn?: WarningReporter;
  /** Milliseconds, for the time budget of a collection. Default: `performance.now()`. */
  readonly now?: () => number;
}

export interface StoreStats {
  readonly numChunks: number;
  readonly numStaticChunks: number;
  readonly numRows: number;
  readonly numEntities: number;
  /** Heap size of all columns. */
  readonly sizeBytes: number;
}

/** A store at its limit frees this share of it at once: looking for the oldest chunks takes as long for one as for many. */
const COLLECTION_STEP = 0.05;

/**
 * The chunks of one recording, in memory, with indexes that answer latest-at and range queries in O(log chunks).
 *
 * Chunks are immutable; the store splits large ones, joins small ones and keeps rows sorted by row id, so the chunks it
 * holds are not always those it was given. A chunk whose id was seen before is ignored.
 */
export class ChunkStore {
  readonly #limits: ChunkLimits;
  readonly #memoryLimitBytes: number;
  readonly #ids: TuidSource;
  readonly #warn: WarningReporter;
  readonly #now: () => number;
  readonly #chunks: Map<string, Chunk> = new Map();
  readonly #entities: Map<string, EntityIndex> = new Map();
  readonly #schemas: EntitySchemas = new EntitySchemas();
  readonly #timelines: Map<string, { readonly timeline: Timeline; range: TimeRange | undefined }> = new Map();
  /** For each chunk the store made itself: the ids of the inserted chunks whose rows it holds. */
  readonly #origins: Map<string, readonly string[]> = new Map();
  /** How many chunks hold rows of an inserted chunk, by its id. */
  readonly #holders: Map<string, number> = new Map();
  readonly #listeners: Set<StoreListener> = new Set();
  #revision = 0;
  #schemaRevision = 0;
  #sizeBytes = 0;
  #numRows = 0;
  #numStaticChunks = 0;
  #rangesAreStale = false;
  #collectAbove: number;

  constructor(options: ChunkStoreOptions = {}) {
    this.#limits = options.limits ?? LIVE_LIMITS;
    this.#memoryLimitBytes = options.memoryLimitBytes ?? Number.POSITIVE_INFINITY;
    this.#collectAbove = this.#memoryLimitBytes;
    this.#ids = options.ids ?? createTuidSource();
    this.#warn = options.warn ?? warnOnce;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Grows by one with every change. 0 = nothing was ever inserted. */
  get revision(): number {
    return this.#revision;
  }

  /** The revision that brought the newest entity or component, or made one static. */
  get schemaRevision(): number {
    return this.#schemaRevision;
  }

  /**
   * Takes a chunk in. Ignored: no rows, no components, an id seen before. Refused with a warning: a timeline of another type
   * than the store knows it.
   *
   * @returns whether the chunk was taken
   */
  insert(chunk: Chunk): boolean {
    if (chunk.numRows === 0 || chunk.components.size === 0 || this.#holders.has(chunk.id)) return false;
    if (!this.#agreesOnTimelines(chunk)) return false;
    const sorted = sortByRowId(chunk);
    if (this.#schemas.insert(sorted)) this.#schemaRevision = this.#revision + 1;
    this.#extendRanges(sorted);
    const change = isStatic(sorted) ? this.#insertStatic(sorted) : this.#insertTemporal(sorted);
    this.#publish({ inserted: chunk, ...change });
    if (this.#sizeBytes > this.#collectAbove) this.#keepLimit();
    return true;
  }

  /**
   * Drops temporal chunks, the oldest first, until the target is reached, the time is over or nothing may go any more. By default
   * the chunks stay that hold the latest cell of a component on a timeline. Static data always stay.
   *
   * @returns the bytes freed
   */
  collect(options: CollectOptions = {}): number {
    const { targetBytes = 0, timeBudgetMs = Number.POSITIVE_INFINITY } = options;
    const end = this.#now() + timeBudgetMs;
    const before = this.#sizeBytes;
    if (before <= targetBytes) return 0;
    const removed: Chunk[] = [];
    for (const chunk of chunksToCollect(this.#chunks.values(), this.#entities.values(), options)) {
      if (this.#sizeBytes <= targetBytes || (removed.length > 0 && this.#now() >= end)) break;
      this.#detach(chunk);
      this.#forgetOrigins(chunk.id);
      removed.push(chunk);
    }
    if (removed.length > 0) {
      this.#rangesAreStale = true;
      this.#publish({ added: [], removed: removed.map((chunk) => ({ chunk, reason: "collected" })) });
    }
    return before - this.#sizeBytes;
  }

  /** All chunks, in the order in which they came to be. */
  chunks(): IterableIterator<Chunk> {
    return this.#chunks.values();
  }

  chunk(id: string): Chunk | undefined {
    return this.#chunks.get(id);
  }

  /** The latest cell of a component; Clear is not looked at (see `latestAtWithClear`). */
  latestAt(query: LatestAtQuery): LatestAtResult | undefined {
    const entity = this.#entities.get(query.entityPath);
    return entity === undefined ? undefined : latestAtInEntity(entity, query);
  }

  /** The cells of a component within a time range. */
  range(query: RangeQuery): ChunkRows[] {
    const entity = this.#entities.get(query.entityPath);
    return entity === undefined ? [] : rangeInEntity(entity, query);
  }

  /** Timelines with their ranges, entities with their components. `entities` is the same array until something is new. */
  schema(): StoreSchema {
    if (this.#rangesAreStale) this.#computeRanges();
    const timelines = [...this.#timelines.values()]
      .flatMap(({ timeline, range }) => (range === undefined ? [] : [{ ...timeline, range }]))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { timelines, entities: this.#schemas.all() };
  }

  stats(): StoreStats {
    return {
      numChunks: this.#chunks.size,
      numStaticChunks: this.#numStaticChunks,
      numRows: this.#numRows,
      numEntities: this.#entities.size,
      sizeBytes: this.#sizeBytes,
    };
  }

  /** Calls `listener` after every change. @returns the end of the subscription */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What could not be freed now is looked for again when the store has grown by as much as a collection frees. */
  #keepLimit(): void {
    const step = COLLECTION_STEP * this.#memoryLimitBytes;
    this.collect({ targetBytes: this.#memoryLimitBytes - step });
    this.#collectAbove = Math.max(this.#memoryLimitBytes, this.#sizeBytes + step);
  }

  #insertStatic(chunk: Chunk): Omit<StoreEvent, "revision"> {
    const displaced = this.#entity(chunk.entityPath).insertStatic(chunk);
    this.#attach(chunk, [chunk.id]);
    for (const old of displaced) {
      this.#detach(old);
      this.#forgetOrigins(old.id);
    }
    return { added: [chunk], removed: displaced.map((old) => ({ chunk: old, reason: "overwritten" })) };
  }

  #insertTemporal(chunk: Chunk): Omit<StoreEvent, "revision"> {
    const pieces = splitChunk(chunk, this.#limits, () => newTuidHex(this.#ids));
    if (pieces.length > 1) {
      for (const piece of pieces) this.#attach(piece, [chunk.id]);
      return { added: pieces, removed: [] };
    }
    const entity = this.#entity(chunk.entityPath);
    const removed: { readonly chunk: Chunk; readonly reason: RemovalReason }[] = [];
    const origins: string[] = [chunk.id];
    let merged = chunk;
    for (let near = chunksToMerge(entity, merged, this.#limits); near.length > 0; ) {
      for (const old of near) {
        this.#detach(old);
        removed.push({ chunk: old, reason: "compacted" });
        for (const origin of this.#forgetOrigins(old.id)) origins.push(origin);
      }
      merged = mergeChunks([...near, merged], newTuidHex(this.#ids));
      near = chunksToMerge(entity, merged, this.#limits);
    }
    this.#attach(merged, origins);
    return { added: [merged], removed };
  }

  #entity(path: string): EntityIndex {
    let entity = this.#entities.get(path);
    if (entity === undefined) {
      entity = new EntityIndex();
      this.#entities.set(path, entity);
    }
    return entity;
  }

  #attach(chunk: Chunk, origins: readonly string[]): void {
    this.#chunks.set(chunk.id, chunk);
    this.#origins.set(chunk.id, origins);
    for (const origin of origins) this.#holders.set(origin, (this.#holders.get(origin) ?? 0) + 1);
    this.#sizeBytes += chunk.sizeBytes;
    this.#numRows += chunk.numRows;
    if (isStatic(chunk)) this.#numStaticChunks += 1;
    else this.#entity(chunk.entityPath).insert(chunk);
  }

  #detach(chunk: Chunk): void {
    this.#chunks.delete(chunk.id);
    this.#sizeBytes -= chunk.sizeBytes;
    this.#numRows -= chunk.numRows;
    if (isStatic(chunk)) this.#numStaticChunks -= 1;
    else this.#entity(chunk.entityPath).remove(chunk);
  }

  #forgetOrigins(chunkId: string): readonly string[] {
    const origins = this.#origins.get(chunkId) ?? [];
    this.#origins.delete(chunkId);
    for (const origin of origins) {
      const holders = (this.#holders.get(origin) ?? 0) - 1;
      if (holders > 0) this.#holders.set(origin, holders);
      else this.#holders.delete(origin);
    }
    return origins;
  }

  #agreesOnTimelines(chunk: Chunk): boolean {
    for (const { timeline } of chunk.timelines.values()) {
      const known = this.#timelines.get(timeline.name)?.timeline;
      if (known === undefined || known.type === timeline.type) continue;
      this.#warn({
        code: "InvalidData",
        message: `Timeline "${timeline.name}" is a ${known.type} in this recording, got a ${timeline.type}: the data is left out, from ${chunk.entityPath}`,
      });
      return false;
    }
    return true;
  }

  #extendRanges(chunk: Chunk): void {
    for (const { timeline, range } of chunk.timelines.values()) {
      const known = this.#timelines.get(timeline.name);
      if (known === undefined) this.#timelines.set(timeline.name, { timeline, range });
      else known.range = unite(known.range, range);
    }
  }

  #computeRanges(): void {
    for (const known of this.#timelines.values()) known.range = undefined;
    for (const chunk of this.#chunks.values()) this.#extendRanges(chunk);
    this.#rangesAreStale = false;
  }

  #publish(change: Omit<StoreEvent, "revision">): void {
    this.#revision += 1;
    const event: StoreEvent = { revision: this.#revision, ...change };
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#warn({ code: "ListenerFailed", message: `A listener of a recording failed: ${String(error)}` });
      }
    }
  }
}
