import type { Chunk, ChunkEntry } from "../chunk/index.js";
import type { ChunkSource, FetchOptions } from "./chunk-source.js";

/** What a chunk takes beside its buffers: objects for it and its columns. */
const OBJECT_BYTES = 1024;

interface Held {
  readonly chunk: Chunk;
  readonly sizeBytes: number;
}

/** Chunks on their way, asked for at once. */
interface Flight {
  readonly chunks: Promise<ReadonlyMap<string, Chunk>>;
  readonly controller: AbortController;
  numWaiting: number;
}

/**
 * The chunks of a source that were used last, up to a number of bytes. A chunk that several ask for at the same time is fetched
 * once; what nobody waits for any more is given up.
 */
export class ChunkCache {
  readonly #source: ChunkSource;
  readonly #maxBytes: number;
  /** Least recently used first. */
  readonly #held = new Map<string, Held>();
  readonly #flights = new Map<string, Flight>();
  #sizeBytes = 0;

  constructor(source: ChunkSource, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  /** Size of the chunks that are held. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The chunks of these entries, in their order. All of them are in memory at the end, whatever the cache keeps of them. */
  async load(entries: readonly ChunkEntry[], options: FetchOptions = {}): Promise<Chunk[]> {
    const { signal } = options;
    signal?.throwIfAborted();
    const found = new Map<string, Chunk>();
    const missing = new Map<string, ChunkEntry>();
    const flights = new Set<Flight>();
    for (const entry of entries) {
      const chunk = this.#use(entry.id);
      const flight = this.#flights.get(entry.id);
      if (chunk !== undefined) found.set(entry.id, chunk);
      else if (flight !== undefined) flights.add(flight);
      else missing.set(entry.id, entry);
    }
    if (missing.size > 0) flights.add(this.#start([...missing.values()]));
    for (const chunks of await Promise.all(Array.from(flights, (flight) => this.#join(flight, signal)))) {
      for (const entry of entries) {
        const chunk = chunks.get(entry.id);
        if (chunk !== undefined) found.set(entry.id, chunk);
      }
    }
    return entries.flatMap(({ id }) => found.get(id) ?? []);
  }

  /** Lets go of everything. */
  clear(): void {
    for (const flight of new Set(this.#flights.values())) flight.controller.abort();
    this.#flights.clear();
    this.#held.clear();
    this.#sizeBytes = 0;
  }

  #use(id: string): Chunk | undefined {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    this.#held.delete(id);
    this.#held.set(id, held);
    return held.chunk;
  }

  #start(entries: readonly ChunkEntry[]): Flight {
    const controller = new AbortController();
    const chunks = this.#fetch(entries, controller.signal).finally(() => {
      for (const { id } of entries) if (this.#flights.get(id) === flight) this.#flights.delete(id);
    });
    const flight: Flight = { chunks, controller, numWaiting: 0 };
    for (const { id } of entries) this.#flights.set(id, flight);
    return flight;
  }

  async #fetch(entries: readonly ChunkEntry[], signal: AbortSignal): Promise<ReadonlyMap<string, Chunk>> {
    const chunks = await this.#source.fetch(entries, { signal });
    signal.throwIfAborted();
    const said = new Map(entries.map(({ id, sizeBytes }) => [id, sizeBytes]));
    for (const chunk of chunks) this.#keep(chunk, said.get(chunk.id) ?? 0);
    return new Map(chunks.map((chunk) => [chunk.id, chunk]));
  }

  /** @param said size by the index: with what the columns share their memory with */
  #keep(chunk: Chunk, said: number): void {
    const sizeBytes = Math.max(chunk.sizeBytes, said) + OBJECT_BYTES;
    if (sizeBytes > this.#maxBytes || this.#held.has(chunk.id)) return;
    this.#held.set(chunk.id, { chunk, sizeBytes });
    this.#sizeBytes += sizeBytes;
    for (const [id, oldest] of this.#held) {
      if (this.#sizeBytes <= this.#maxBytes) break;
      this.#held.delete(id);
      this.#sizeBytes -= oldest.sizeBytes;
    }
  }

  /** Waits for a flight. One that everybody has left is ended. */
  async #join(flight: Flight, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, Chunk>> {
    flight.numWaiting += 1;
    let leave: (() => void) | undefined;
    try {
      if (signal === undefined) return await flight.chunks;
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason);
        signal.addEventListener("abort", leave, { once: true });
      });
      return await Promise.race([flight.chunks, left]);
    } finally {
      if (leave !== undefined) signal?.removeEventListener("abort", leave);
      flight.numWaiting -= 1;
      if (flight.numWaiting === 0 && signal?.aborted) this.#giveUp(flight);
    }
  }

  #giveUp(flight: Flight): void {
    for (const [id, other] of this.#flights) if (other === flight) this.#flights.delete(id);
    flight.chunks.catch(() => undefined); // Nobody is left to hear of it.
    flight.controller.abort();
  }
}
