import type { ChunkEntry } from "../chunk/index.js";
import type { TimeRange } from "../core/index.js";
import type { StoreStats } from "./chunk-store.js";
import { IntervalTree } from "./interval-tree.js";
import type { LatestAtQuery } from "./queries/latest-at.js";
import type { RangeQuery } from "./queries/range.js";
import { unite } from "./time-range.js";

/** Entries, and the place of each among all. */
type EntryTree = IntervalTree<ChunkEntry, number>;

const NO_TIME: TimeRange = { min: 0n, max: -1n };

interface EntityEntries {
  /** Static chunks, by component. */
  readonly statics: Map<string, ChunkEntry[]>;
  /** Temporal chunks, by timeline and component. */
  readonly temporal: Map<string, Map<string, EntryTree>>;
}

/** Where the cells of a recording are, by what is known of its chunks. */
export class EntryIndex {
  /** Each id once: the first of several. */
  readonly entries: readonly ChunkEntry[];
  readonly #entities = new Map<string, EntityEntries>();
  readonly #ranges = new Map<string, TimeRange>();

  constructor(entries: Iterable<ChunkEntry>) {
    const byId = new Map<string, ChunkEntry>();
    for (const entry of entries) {
      if (byId.has(entry.id)) continue;
      this.#add(entry, byId.size);
      byId.set(entry.id, entry);
    }
    this.entries = [...byId.values()];
  }

  /** First and last time on a timeline. */
  range(timeline: string): TimeRange | undefined {
    return this.#ranges.get(timeline);
  }

  stats(): StoreStats {
    let [numStaticChunks, numRows, sizeBytes] = [0, 0, 0];
    for (const entry of this.entries) {
      numStaticChunks += entry.isStatic ? 1 : 0;
      numRows += entry.numRows;
      sizeBytes += entry.sizeBytes;
    }
    return { numChunks: this.entries.length, numStaticChunks, numRows, numEntities: this.#entities.size, sizeBytes };
  }

  /** The static chunks with the component. */
  statics(entityPath: string, component: string): readonly ChunkEntry[] {
    return this.#entities.get(entityPath)?.statics.get(component) ?? [];
  }

  /** The temporal chunks that may hold the latest cell. */
  latestAt({ entityPath, component, timeline, at }: LatestAtQuery): ChunkEntry[] {
    const tree = timeline === undefined ? undefined : this.#tree(entityPath, timeline, component);
    // Of the chunks that end by then those that end last; and those that go on.
    const end = tree?.latestEnd(at) ?? at;
    const found: ChunkEntry[] = [];
    tree?.forEachOverlap(end, at, (entry) => found.push(entry));
    return found;
  }

  /** The temporal chunks with cells in the range, by their first time. */
  overlapping({ entityPath, component, timeline, range }: RangeQuery): ChunkEntry[] {
    const found: { readonly entry: ChunkEntry; readonly start: bigint; readonly order: number }[] = [];
    if (range.min <= range.max) {
      this.#tree(entityPath, timeline, component)?.forEachOverlap(range.min, range.max, (entry, order) => {
        found.push({ entry, start: rangeOf(entry, timeline, component).min, order });
      });
    }
    found.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.order - b.order));
    return found.map(({ entry }) => entry);
  }

  #tree(entityPath: string, timeline: string, component: string): EntryTree | undefined {
    return this.#entities.get(entityPath)?.temporal.get(timeline)?.get(component);
  }

  #add(entry: ChunkEntry, order: number): void {
    let entity = this.#entities.get(entry.entityPath);
    if (entity === undefined) {
      entity = { statics: new Map(), temporal: new Map() };
      this.#entities.set(entry.entityPath, entity);
    }
    for (const [timeline, range] of entry.timelines) this.#ranges.set(timeline, unite(this.#ranges.get(timeline), range));
    for (const [component, { timelines }] of entry.components) {
      if (entry.isStatic) {
        const statics = entity.statics.get(component);
        if (statics === undefined) entity.statics.set(component, [entry]);
        else statics.push(entry);
        continue;
      }
      for (const timeline of timelines.keys()) treeOf(entity, timeline, component).insert(entry, order);
    }
  }
}

function treeOf({ temporal }: EntityEntries, timeline: string, component: string): EntryTree {
  let trees = temporal.get(timeline);
  if (trees === undefined) {
    trees = new Map();
    temporal.set(timeline, trees);
  }
  let tree = trees.get(component);
  if (tree === undefined) {
    tree = new IntervalTree({
      boundsOf: (entry) => rangeOf(entry, timeline, component),
      compareTies: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    });
    trees.set(component, tree);
  }
  return tree;
}

/** First and last time of the cells of a component. */
function rangeOf({ components }: ChunkEntry, timeline: string, component: string): TimeRange {
  return components.get(component)?.timelines.get(timeline) ?? NO_TIME;
}
