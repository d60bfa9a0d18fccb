import type { Chunk } from "../chunk/index.js";
import { type ChunkStore, LazyStore, type RangeQuery } from "../store/index.js";
import { summaryOfEntry } from "./chunk-summary.js";
import type { IndexDelta, SeriesReply } from "./messages.js";
import { type SeriesOptions, SeriesReducer } from "./series.js";
import { StoreHistory } from "./store-history.js";

/**
 * What a viewer's questions are answered from: the chunks of one recording. What lies elsewhere comes as a promise; what is in
 * memory does not, so that its answer leaves in the very turn of the question.
 */
export interface QuerySource {
  readonly revision: number;
  /** What changed after `revision`; everything when that is 0, too long ago or from another store. */
  deltaSince(revision: number): Omit<IndexDelta, "info">;
  /** Without those that do not exist, or exist no more. */
  chunks(ids: readonly string[], signal?: AbortSignal): readonly Chunk[] | Promise<readonly Chunk[]>;
  series(query: RangeQuery & SeriesOptions, signal?: AbortSignal): SeriesReply | Promise<SeriesReply>;
}

/** So much of a series that lies elsewhere is in memory at once. */
const SERIES_STEP_BYTES: number = 32 * 1024 * 1024;
const ONLY_REVISION = 1;

export function sourceOf(store: ChunkStore | LazyStore): QuerySource {
  return store instanceof LazyStore ? lazySource(store) : liveSource(store);
}

function liveSource(store: ChunkStore): QuerySource {
  const history = StoreHistory.of(store);
  return {
    get revision() {
      return store.revision;
    },
    deltaSince: (revision) => history.deltaSince(revision),
    chunks: (ids) => ids.flatMap((id) => store.chunk(id) ?? []),
    series(query) {
      const reducer = new SeriesReducer(query);
      reducer.add(store.range(query));
      return reducer.finish();
    },
  };
}

function lazySource(store: LazyStore): QuerySource {
  const entries = new Map(store.entries().map((entry) => [entry.id, entry]));
  return {
    revision: ONLY_REVISION,
    deltaSince(revision) {
      const { timelines, entities } = store.schema();
      const base = { revision: ONLY_REVISION, isLive: false, timelines, removed: [] };
      if (revision === ONLY_REVISION) return { ...base, reset: false, added: [] };
      return { ...base, reset: true, entities, added: store.entries().map(summaryOfEntry) };
    },
    chunks: (ids, signal) =>
      store.load(
        ids.flatMap((id) => entries.get(id) ?? []),
        { signal },
      ),
    async series(query, signal) {
      const reducer = new SeriesReducer(query);
      for await (const parts of store.rangeInSteps(query, { signal, stepBytes: SERIES_STEP_BYTES })) reducer.add(parts);
      return reducer.finish();
    },
  };
}
