import type { Chunk } from "../../chunk/index.js";
import { isRerunError } from "../../core/index.js";
import type { ChunkSummary, RecordingIndex, SeriesReply } from "../../link/client.js";
import { ChunkCache } from "./chunk-cache.js";
import { ChunkFetcher } from "./chunk-fetcher.js";
import { ChunkPlanner } from "./chunk-planner.js";
import { applyDelta, EMPTY_INDEX } from "./recording-index.js";
import { CLEAR_COMPONENT, type FrameWish, type QueryContext, RecordingQuery } from "./recording-query.js";
import type { RecordingSource, SeriesQuery } from "./recording-source.js";

export interface RecordingOptions {
  /** Limit of the chunk cache. Default 256 MiB. */
  readonly cacheBytes?: number;
  /** Runs a task later in this frame. Default: a timer of 0 ms. */
  readonly schedule?: (task: () => void) => void;
  /** Runs a task after some time. Default: a timer. */
  readonly delay?: (task: () => void, timeoutMs: number) => void;
}

/**
 * `index`: what exists changed; `chunks`: bodies came that somebody waits for; `error`: a request failed (`lastError`);
 * `waiting`: what is waited for changed (`waitingBytes`).
 */
export type RecordingChange = "index" | "chunks" | "error" | "waiting";

const RETRY_MS = 2000;

/**
 * The recording as this viewer knows it: its index, kept up to date, and the chunk bodies that were looked at, in a
 * bounded cache. Bodies are fetched when a query misses them, once; an evicted one is fetched again.
 */
export class Recording {
  readonly #source: RecordingSource;
  readonly #cache: ChunkCache;
  readonly #fetcher: ChunkFetcher;
  readonly #planner = new ChunkPlanner();
  readonly #listeners = new Set<(change: RecordingChange) => void>();
  readonly #delay: (task: () => void, timeoutMs: number) => void;
  /** Chunks somebody waits for since the last `startFrame`. */
  readonly #awaited = new Set<string>();
  #index: RecordingIndex = EMPTY_INDEX;
  #cleared: ReadonlySet<string> = new Set();
  #gone = new Set<string>();
  #knownRevision = -1;
  #isRefreshing = false;
  #isClosed = false;
  #wantedRevision = 0;
  #numSeries = 0;
  lastError: unknown;

  constructor(source: RecordingSource, options: RecordingOptions = {}) {
    this.#source = source;
    this.#cache = new ChunkCache(options.cacheBytes);
    this.#delay = options.delay ?? ((task, timeoutMs) => void setTimeout(task, timeoutMs));
    this.#fetcher = new ChunkFetcher({
      source,
      sizeBytes: (id) => this.#index.chunks.get(id)?.sizeBytes ?? 0,
      schedule: options.schedule ?? ((task) => void setTimeout(task, 0)),
      delay: this.#delay,
      onSend: () => this.#tell("waiting"),
      onChunks: (chunks, missing) => this.#receive(chunks, missing),
      onError: (error) => this.#fail(error),
    });
  }

  get index(): RecordingIndex {
    return this.#index;
  }

  /** Whether the index came at least once. */
  get isKnown(): boolean {
    return this.#knownRevision >= 0;
  }

  /** How much somebody waits for, as far as it is known; `undefined` = nothing. */
  get waitingBytes(): number | undefined {
    if (this.#awaited.size === 0 && this.#numSeries === 0) return undefined;
    let bytes = 0;
    for (const id of this.#awaited) bytes += this.#index.chunks.get(id)?.sizeBytes ?? 0;
    return bytes;
  }

  get cachedBytes(): number {
    return this.#cache.sizeBytes;
  }

  /** @returns the function that ends the subscription */
  subscribe(listener: (change: RecordingChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Brings the index up to `revision` (or once, without it). Calls meanwhile are answered by one further request. */
  refresh(revision = 0): void {
    if (this.#isClosed || this.#isRefreshing || revision <= this.#knownRevision) return;
    this.#isRefreshing = true;
    this.#wantedRevision = 0;
    this.#source.index(Math.max(0, this.#knownRevision)).then(
      (delta) => {
        this.#isRefreshing = false;
        if (this.#isClosed) return;
        this.#setIndex(applyDelta(this.#index, delta));
        this.refresh(this.#wantedRevision);
      },
      (error: unknown) => {
        this.#isRefreshing = false;
        if (this.#isClosed) return;
        this.#fail(error);
        if (this.#isClosed) return;
        this.#delay(() => this.refresh(Math.max(revision, this.#wantedRevision)), RETRY_MS);
      },
    );
  }

  /** A notice said that the recording is at `revision` now. */
  noticeRevision(revision: number): void {
    this.#wantedRevision = Math.max(this.#wantedRevision, revision);
    this.refresh(revision);
  }

  /** Another picture is made: wishes of the last one that did not leave yet are dropped. */
  startFrame(): void {
    this.#cache.startFrame();
    this.#fetcher.clearWishes();
    this.#awaited.clear();
  }

  /** @param fetch whether chunks the query misses are fetched; default true */
  query(wish: FrameWish, fetch = true): RecordingQuery {
    const context: QueryContext = {
      index: this.#index,
      planner: this.#planner,
      clearedEntities: this.#cleared,
      isVisible: (entityPath) => wish.isVisible(entityPath),
      chunk: (id) => (fetch ? this.chunk(id) : this.peek(id)),
    };
    return new RecordingQuery(context, wish.timeline, wish.time);
  }

  /** The chunk's body if it is here; else it is fetched and `chunks` is told when it came. */
  chunk(id: string): Chunk | undefined {
    const chunk = this.#cache.get(id);
    if (chunk === undefined && !this.#gone.has(id)) {
      this.#awaited.add(id);
      this.#fetcher.want(id);
    }
    return chunk;
  }

  /** The chunk's body if it is here; nothing is fetched. */
  peek(id: string): Chunk | undefined {
    return this.#cache.peek(id);
  }

  /** Summaries of the entity's chunks (that hold `component`). */
  chunksOf(entityPath: string, component?: string): readonly ChunkSummary[] {
    return this.#planner.chunksOf(entityPath, component);
  }

  /** Fetches, when there is nothing better to do, what these components need between two times; at most `maxBytes` of it. */
  prefetch(
    asked: Iterable<readonly [string, string]>,
    timeline: string,
    span: { readonly from: bigint; readonly to: bigint },
    maxBytes: number,
  ): void {
    const ids = new Set<string>();
    for (const [entityPath, component] of asked) {
      const chunks = this.#planner.timeline(entityPath, component, timeline);
      for (const id of chunks?.startingIn(span.from, span.to) ?? []) if (!this.#cache.has(id) && !this.#gone.has(id)) ids.add(id);
    }
    const startOf = (id: string): bigint => this.#index.chunks.get(id)?.timelines.get(timeline)?.min ?? 0n;
    const ordered = [...ids].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
    let bytes = 0;
    const taken = ordered.filter((id) => {
      bytes += this.#index.chunks.get(id)?.sizeBytes ?? 0;
      return bytes <= maxBytes;
    });
    this.#fetcher.wantAhead(taken);
  }

  /** The points of a plot. While what holds them cannot be reached it is asked again. */
  async series(query: SeriesQuery): Promise<SeriesReply> {
    this.#numSeries += 1;
    this.#tell("waiting");
    try {
      for (;;) {
        try {
          const reply = await this.#source.series(query);
          this.#forgetError();
          return reply;
        } catch (error) {
          if (this.#isClosed || !isRerunError(error, "Unavailable", "Timeout")) throw error;
          this.#fail(error);
          await new Promise<void>((resolve) => this.#delay(resolve, RETRY_MS));
          if (this.#isClosed) throw error;
        }
      }
    } finally {
      this.#numSeries -= 1;
      this.#tell("waiting");
    }
  }

  /** Nothing is asked and nothing is told any more; what is here stays readable. */
  close(): void {
    this.#isClosed = true;
    this.#fetcher.close();
    this.#source.close?.();
  }

  #setIndex(index: RecordingIndex): void {
    const before = this.#index;
    this.#index = index;
    this.#knownRevision = index.revision;
    this.#gone = new Set();
    if (before.chunks !== index.chunks) {
      for (const id of before.chunks.keys()) if (!index.chunks.has(id)) this.#cache.delete(id);
    }
    this.#planner.update(index);
    this.#cleared = new Set(
      index.entities
        .filter((entity) => entity.components.some((component) => component.descriptor.component === CLEAR_COMPONENT))
        .map((entity) => entity.path),
    );
    this.#tell("index");
  }

  #receive(chunks: readonly Chunk[], missing: readonly string[]): void {
    let isAwaited = false;
    for (const chunk of chunks) {
      // A chunk that was compacted away meanwhile is of no use: the index names its successor.
      if (!this.#index.chunks.has(chunk.id)) continue;
      this.#cache.put(chunk);
      isAwaited = this.#awaited.delete(chunk.id) || isAwaited;
    }
    for (const id of missing) {
      this.#gone.add(id);
      isAwaited = this.#awaited.delete(id) || isAwaited;
    }
    if (missing.length > 0) this.#dropMissing(missing);
    if (isAwaited || this.lastError !== undefined) {
      this.lastError = undefined;
      this.#tell("chunks");
    }
  }

  #dropMissing(missing: readonly string[]): void {
    if (this.#index.isLive) this.noticeRevision(this.#knownRevision + 1);
    // What a damaged file does not give never comes: it is as if it were not there.
    else this.#setIndex(applyDelta(this.#index, { ...this.#index, reset: false, added: [], removed: missing }));
  }

  #forgetError(): void {
    if (this.lastError === undefined) return;
    this.lastError = undefined;
    this.#tell("chunks");
  }

  #fail(error: unknown): void {
    // A closed connection stays closed: asking again would be for ever.
    if (isRerunError(error, "Closed")) this.close();
    this.lastError = error;
    this.#tell("error");
  }

  #tell(change: RecordingChange): void {
    if (this.#isClosed && change !== "error") return;
    for (const listener of [...this.#listeners]) listener(change);
  }
}
