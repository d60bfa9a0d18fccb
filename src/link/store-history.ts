import type { ChunkStore, StoreEvent } from "../store/index.js";
import { summaryOf } from "./chunk-summary.js";
import type { IndexDelta } from "./messages.js";

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
  deltaSince(revision: number): Omit<IndexDelta, "info"> {
    const store = this.#store;
    const { timelines, entities } = store.schema();
    const base = { revision: store.revision, isLive: true, timelines };
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
