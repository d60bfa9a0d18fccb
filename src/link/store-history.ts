import { type Chunk, isStatic } from "../chunk/index.js";
import type { RecordingInfo, TimeRange } from "../core/index.js";
import type { ChunkStore, StoreEvent } from "../store/index.js";
import type { ChunkSummary, IndexDelta } from "./messages.js";

/** Changes of chunks that are remembered; a viewer that is further behind starts anew. */
export const MAX_HISTORY = 20_000;

interface Change {
  readonly revision: number;
  // Ids alone: chunks that left the store must not be kept alive from here.
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** The latest changes of a store. There is one for each store, shared by all who ask. */
export class StoreHistory {
  readonly #store: ChunkStore;
  #changes: Change[] = [];
  #numChanged = 0;
  /** Deltas can be told from this revision on. */
  #since: number;

  private constructor(store: ChunkStore) {
    this.#store = store;
    this.#since = store.revision;
    store.subscribe((event) => this.#remember(event));
  }

  static of(store: ChunkStore): StoreHistory {
    let history = histories.get(store);
    if (history === undefined) {
      history = new StoreHistory(store);
      histories.set(store, history);
    }
    return history;
  }

  /** What changed after `revision`; everything when that is 0, too long ago or from another store. */
  deltaSince(revision: number, info: RecordingInfo): IndexDelta {
    const store = this.#store;
    const { timelines, entities } = store.schema();
    const base = { revision: store.revision, info, timelines };
    if (revision <= 0 || revision < this.#since || revision > store.revision) {
      return { ...base, reset: true, entities, added: Array.from(store.chunks(), summaryOf), removed: [] };
    }
    const added = new Set<string>();
    const removed = new Set<string>();
    for (const change of this.#changesAfter(revision)) {
      // What came and went meanwhile is not told at all.
      for (const id of change.removed) if (!added.delete(id)) removed.add(id);
      for (const id of change.added) added.add(id);
    }
    return {
      ...base,
      reset: false,
      ...(store.schemaRevision > revision && { entities }),
      added: [...added].flatMap((id) => {
        const chunk = store.chunk(id);
        return chunk === undefined ? [] : [summaryOf(chunk)];
      }),
      removed: [...removed],
    };
  }

  #changesAfter(revision: number): readonly Change[] {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#changes.slice(low);
  }

  #remember({ revision, added, removed }: StoreEvent): void {
    this.#changes.push({ revision, added: added.map(({ id }) => id), removed: removed.map(({ chunk }) => chunk.id) });
    this.#numChanged += added.length + removed.length;
    if (this.#numChanged > MAX_HISTORY) this.#forgetHalf();
  }

  #forgetHalf(): void {
    let dropped = 0;
    while (this.#numChanged > MAX_HISTORY / 2 && dropped < this.#changes.length) {
      const change = this.#changes[dropped];
      if (change === undefined) break;
      this.#numChanged -= change.added.length + change.removed.length;
      this.#since = change.revision;
      dropped += 1;
    }
    this.#changes = this.#changes.slice(dropped);
  }
}

const histories = new WeakMap<ChunkStore, StoreHistory>();

const BODY_BYTES = 256;
const BODY_BYTES_PER_COMPONENT = 320;
const BODY_BYTES_PER_TIMELINE = 96;

/** What a viewer plans with. */
export function summaryOf(chunk: Chunk): ChunkSummary {
  const timelines = new Map<string, TimeRange>();
  if (!isStatic(chunk)) for (const [name, { range }] of chunk.timelines) timelines.set(name, range);
  const components: string[] = [];
  for (const [name, { list }] of chunk.components) if (list.nullCount < list.length) components.push(name);
  return {
    id: chunk.id,
    entityPath: chunk.entityPath,
    numRows: chunk.numRows,
    sizeBytes:
      chunk.sizeBytes +
      BODY_BYTES +
      BODY_BYTES_PER_COMPONENT * chunk.components.size +
      BODY_BYTES_PER_TIMELINE * chunk.timelines.size,
    timelines,
    components,
  };
}
