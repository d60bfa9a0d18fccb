import type { Chunk } from "../../chunk/index.js";
import type { RecordingSource } from "./recording-source.js";

const MAX_REQUESTS = 2;
/** Bodies asked for in one request, in bytes: big enough to be fast, small enough that a newer wish does not wait long. */
const MAX_REQUEST_BYTES: number = 4 * 1024 * 1024;
const RETRY_MS = 2000;

export interface FetcherHost {
  readonly source: RecordingSource;
  sizeBytes(chunkId: string): number;
  /** Runs the task later in this frame, so that all wishes of a frame travel together. */
  schedule(task: () => void): void;
  /** Runs the task after that time. */
  delay(task: () => void, timeoutMs: number): void;
  /** A request leaves. */
  onSend(): void;
  onChunks(chunks: readonly Chunk[], missing: readonly string[]): void;
  onError(error: unknown): void;
}

/**
 * Fetches chunk bodies: what is wanted now first, then what is likely wanted soon; each once, a few requests at a time.
 * Wishes that were withdrawn before their request left are never sent.
 */
export class ChunkFetcher {
  readonly #host: FetcherHost;
  #wanted = new Set<string>();
  #ahead: readonly string[] = [];
  readonly #inFlight = new Set<string>();
  #numRequests = 0;
  #isScheduled = false;
  #isClosed = false;

  constructor(host: FetcherHost) {
    this.#host = host;
  }

  get isIdle(): boolean {
    return this.#numRequests === 0 && this.#wanted.size === 0;
  }

  /** Forgets the wishes so far: another picture is made. Requests on their way are finished. */
  clearWishes(): void {
    this.#wanted.clear();
    this.#ahead = [];
  }

  want(chunkId: string): void {
    if (this.#inFlight.has(chunkId) || this.#wanted.has(chunkId)) return;
    this.#wanted.add(chunkId);
    this.#wake();
  }

  /** Chunks to fetch when nothing else is wanted, in this order. Replaces the former ones. */
  wantAhead(chunkIds: readonly string[]): void {
    this.#ahead = chunkIds.filter((id) => !this.#inFlight.has(id));
    if (this.#ahead.length > 0) this.#wake();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.clearWishes();
  }

  #wake(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#host.schedule(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    while (!this.#isClosed && this.#numRequests < MAX_REQUESTS) {
      const ids = this.#nextRequest();
      if (ids.length === 0) return;
      this.#numRequests++;
      for (const id of ids) this.#inFlight.add(id);
      this.#host.onSend();
      this.#host.source.chunks(ids).then(
        (reply) => {
          this.#finish(ids);
          if (!this.#isClosed) this.#host.onChunks(reply.chunks, reply.missing);
          this.#send();
        },
        (error: unknown) => {
          this.#finish(ids);
          if (this.#isClosed) return;
          this.#host.onError(error);
          if (this.#isClosed) return;
          this.#host.delay(() => {
            for (const id of ids) this.want(id);
          }, RETRY_MS);
        },
      );
    }
  }

  #finish(ids: readonly string[]): void {
    this.#numRequests--;
    for (const id of ids) this.#inFlight.delete(id);
  }

  #nextRequest(): string[] {
    const ids: string[] = [];
    let bytes = 0;
    for (const id of this.#wanted) {
      const size = this.#host.sizeBytes(id);
      if (ids.length > 0 && bytes + size > MAX_REQUEST_BYTES) break;
      ids.push(id);
      bytes += size;
    }
    for (const id of ids) this.#wanted.delete(id);
    if (ids.length > 0) return ids;
    // Only one request at a time for what nobody waits for, so that a wish never waits behind two of them.
    if (this.#numRequests > 0) return ids;
    let taken = 0;
    for (const id of this.#ahead) {
      const size = this.#host.sizeBytes(id);
      if (ids.length > 0 && bytes + size > MAX_REQUEST_BYTES) break;
      taken++;
      if (this.#inFlight.has(id)) continue;
      ids.push(id);
      bytes += size;
    }
    this.#ahead = this.#ahead.slice(taken);
    return ids;
  }
}
