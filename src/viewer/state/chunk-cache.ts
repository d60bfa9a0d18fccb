import type { Chunk } from "../../chunk/index.js";

/** Bytes of chunk bodies a viewer keeps when nothing else is said. */
export const DEFAULT_CACHE_BYTES: number = 256 * 1024 * 1024;

/**
 * Chunk bodies by id, the least recently used go first when the limit is passed.
 *
 * Chunks used since `startFrame()` are never evicted: what one picture needs stays even when it is more than the limit,
 * else two chunks of one picture would throw each other out for ever.
 */
export class ChunkCache {
  readonly limitBytes: number;
  // A Map iterates in order of insertion: re-inserting on use makes it an LRU list.
  readonly #entries = new Map<string, { readonly chunk: Chunk; frame: number }>();
  #sizeBytes = 0;
  #frame = 0;

  constructor(limitBytes: number = DEFAULT_CACHE_BYTES) {
    this.limitBytes = limitBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get numChunks(): number {
    return this.#entries.size;
  }

  /** From now on another picture is made: chunks it does not use may go. */
  startFrame(): void {
    this.#frame++;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** The chunk, marked as used now. */
  get(id: string): Chunk | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    if (entry.frame !== this.#frame) {
      entry.frame = this.#frame;
      this.#entries.delete(id);
      this.#entries.set(id, entry);
    }
    return entry.chunk;
  }

  /** The chunk, not marked as used. */
  peek(id: string): Chunk | undefined {
    return this.#entries.get(id)?.chunk;
  }

  put(chunk: Chunk): void {
    this.delete(chunk.id);
    this.#entries.set(chunk.id, { chunk, frame: this.#frame });
    this.#sizeBytes += chunk.sizeBytes;
    this.#evict();
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#sizeBytes -= entry.chunk.sizeBytes;
  }

  #evict(): void {
    if (this.#sizeBytes <= this.limitBytes) return;
    for (const [id, entry] of this.#entries) {
      if (this.#sizeBytes <= this.limitBytes) return;
      if (entry.frame < this.#frame) this.delete(id);
    }
  }
}
