/** The rows of a dataset behind a server: which chunks is asked at once, their bodies come segment by segment. */
import type { Chunk } from "../chunk/index.js";
import { either, type OpenFrame, queryOf, type ReaderOptions } from "../dataset/index.js";
import { type ChunkSource, type DataframeQuery, type FrameBatch, planDataframe, sourceOfChunks } from "../store/index.js";
import { CALL_BYTES, CALL_CHUNKS, type ChunkPlace, fetchChunks, MAX_CALLS } from "./fetch-chunks.js";
import { findChunks } from "./find-chunks.js";
import { indexValuesBySegment } from "./index-ranges.js";
import type { RemoteReader } from "./remote-reader.js";
import { openSegmentSource } from "./segment-source.js";

/** So much is fetched ahead of the segment that is read, and no more than a quarter of the memory. */
const AHEAD_BYTES = 128 * 2 ** 20;
/** Segments above this, or above a quarter of the memory, are read window by window. */
const WHOLE_SEGMENT_BYTES = 512 * 2 ** 20;

/** Opens a dataframe: looks up its columns, reads nothing else. @throws RerunError `NotFound`, `InvalidArgument` */
export async function openRemoteFrame(reader: RemoteReader, index: string | null, options: ReaderOptions): Promise<OpenFrame> {
  const { schema } = reader;
  const query = await queryOf(index, options, schema, reader.contents);
  const plan = planDataframe([], query, { schema });
  return {
    fields: plan.fields,
    metadata: plan.metadata,
    async *batches(read = {}) {
      const signal = either(options.signal, read.signal);
      signal?.throwIfAborted();
      if (query.limit === 0) return;
      const own = await indexValuesBySegment(reader, query, signal);
      const segmentIds = own === undefined ? reader.segmentIds : [...own.keys()];
      const exact: DataframeQuery = own === undefined ? query : { ...query, usingIndexValues: own };
      const ask = { entry: reader.entry, schema, query: exact, view: plan.view, segmentIds, signal };
      const places = segmentIds?.length === 0 ? new Map() : await findChunks(reader.connection, ask);
      for (const id of own?.keys() ?? []) if (!places.has(id)) places.set(id, []);
      yield* readSegments(reader, exact, places, { signal, outputs: read.outputs });
    },
  };
}

async function* readSegments(
  reader: RemoteReader,
  query: DataframeQuery,
  places: ReadonlyMap<string, readonly ChunkPlace[]>,
  options: { readonly signal: AbortSignal | undefined; readonly outputs: readonly number[] | undefined },
): AsyncGenerator<FrameBatch, void, undefined> {
  const stop = new AbortController();
  const signal = either(stop.signal, options.signal);
  const ahead = new ReadAhead(reader, places, signal);
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  try {
    for (const id of ahead.segmentIds) {
      const source = await ahead.take(id);
      const segment = { id, origin: `segment '${id}'`, source };
      const rest = left === Number.POSITIVE_INFINITY ? query : { ...query, limit: left };
      const plan = planDataframe([segment], rest, { schema: reader.schema, warn: () => undefined });
      const { memoryLimitBytes: maxBytes } = reader;
      for await (const batch of plan.batches({ signal, outputs: options.outputs, maxBytes })) {
        left -= batch.numRows;
        yield batch;
      }
      await source.close();
      if (left <= 0) return;
    }
  } finally {
    stop.abort();
  }
}

/** Chunks that one call fetches, of one or several segments. */
interface Group {
  readonly places: ChunkPlace[];
  readonly ids: Set<string>;
  sizeBytes: number;
  chunks: Promise<ReadonlyMap<string, Chunk>> | undefined;
  isDone: boolean;
  /** Segments that have not been read yet. */
  readonly waiting: Set<string>;
}

/** Fetches the segments that come next while one is read, within bounds of calls and bytes. */
class ReadAhead {
  /** In the order of their rows. */
  readonly segmentIds: readonly string[];
  readonly #reader: RemoteReader;
  readonly #places: ReadonlyMap<string, readonly ChunkPlace[]>;
  readonly #signal: AbortSignal | undefined;
  readonly #groups: Group[] = [];
  readonly #groupsOf = new Map<string, Group[]>();
  readonly #aheadBytes: number;
  readonly #wholeSegmentBytes: number;
  #next = 0;

  constructor(reader: RemoteReader, places: ReadonlyMap<string, readonly ChunkPlace[]>, signal: AbortSignal | undefined) {
    this.#reader = reader;
    this.#places = places;
    this.#signal = signal;
    this.#aheadBytes = Math.min(AHEAD_BYTES, reader.memoryLimitBytes / 4);
    this.#wholeSegmentBytes = Math.min(WHOLE_SEGMENT_BYTES, reader.memoryLimitBytes / 4);
    this.segmentIds = [...places.keys()].sort();
    for (const id of this.segmentIds) if (!this.#isLarge(id)) this.#group(id);
  }

  /** The chunks of a segment; to be asked for in order. */
  async take(id: string): Promise<ChunkSource> {
    if (this.#isLarge(id)) return openSegmentSource(this.#reader.connection, this.#reader.entry, id, this.#signal);
    const groups = this.#groupsOf.get(id) ?? [];
    for (const group of groups) this.#begin(group);
    this.#fill();
    const fetched = await Promise.all(groups.map((group) => group.chunks));
    // Looked up where they are: groups hold the chunks of thousands of small segments.
    const chunkOf = ({ id: chunkId }: ChunkPlace): Chunk | [] =>
      fetched.find((chunks) => chunks?.has(chunkId))?.get(chunkId) ?? [];
    for (const group of groups) {
      group.waiting.delete(id);
      // A group that nobody waits for holds nothing.
      if (group.waiting.size === 0) group.chunks = Promise.resolve(new Map());
    }
    this.#fill();
    return sourceOfChunks((this.#places.get(id) ?? []).flatMap(chunkOf));
  }

  #isLarge(id: string): boolean {
    return (this.#places.get(id) ?? []).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > this.#wholeSegmentBytes;
  }

  /** Small segments share a call, as long as no chunk is in two of them. */
  #group(segmentId: string): void {
    const own = new Set<Group>();
    for (const place of this.#places.get(segmentId) ?? []) {
      let group = this.#groups[this.#groups.length - 1];
      if (group === undefined || group.sizeBytes >= CALL_BYTES || group.places.length >= CALL_CHUNKS || group.ids.has(place.id)) {
        group = { places: [], ids: new Set(), sizeBytes: 0, chunks: undefined, isDone: false, waiting: new Set() };
        this.#groups.push(group);
      }
      group.places.push(place);
      group.ids.add(place.id);
      group.sizeBytes += place.sizeBytes;
      group.waiting.add(segmentId);
      own.add(group);
    }
    this.#groupsOf.set(segmentId, [...own]);
  }

  #begin(group: Group): void {
    if (group.chunks !== undefined) return;
    group.chunks = fetchChunks(this.#reader.connection, group.places, this.#signal).finally(() => {
      group.isDone = true;
      this.#fill();
    });
    group.chunks.catch(() => undefined); // Whoever takes the segment hears of it.
  }

  /** Begins what may begin. */
  #fill(): void {
    if (this.#signal?.aborted === true) return;
    for (;;) {
      const begun = this.#groups.filter((group) => group.chunks !== undefined && group.waiting.size > 0);
      const bytes = begun.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const numCalls = begun.filter(({ isDone }) => !isDone).length;
      while (this.#groups[this.#next]?.chunks !== undefined) this.#next += 1;
      const next = this.#groups[this.#next];
      if (next === undefined || numCalls >= MAX_CALLS || (begun.length > 0 && bytes + next.sizeBytes > this.#aheadBytes)) return;
      this.#begin(next);
    }
  }
}
