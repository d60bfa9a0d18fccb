import type { ChunkSummary, RecordingIndex } from "../../link/client.js";
import { ChunkTimeline } from "./chunk-timeline.js";

interface EntityChunks {
  readonly ids: Set<string>;
  /** By component and timeline (empty text = static chunks); made when asked for. */
  readonly timelines: Map<string, ChunkTimeline>;
  readonly statics: Map<string, readonly string[]>;
}

/** Which chunks a question about one component needs, from the index alone. Follows the index by `update`. */
export class ChunkPlanner {
  #index: RecordingIndex | undefined;
  readonly #entities = new Map<string, EntityChunks>();

  /** Takes over a newer index; keeps what did not change. */
  update(index: RecordingIndex): void {
    const before = this.#index?.chunks;
    this.#index = index;
    if (before === index.chunks) return;
    if (before !== undefined) {
      for (const [id, summary] of before) if (!index.chunks.has(id)) this.#touch(summary.entityPath).ids.delete(id);
    }
    for (const [id, summary] of index.chunks) {
      if (before === undefined || !before.has(id)) this.#touch(summary.entityPath).ids.add(id);
    }
  }

  /** Ids of the static chunks that hold the component. */
  staticChunks(entityPath: string, component: string): readonly string[] {
    const entity = this.#entities.get(entityPath);
    if (entity === undefined) return [];
    let ids = entity.statics.get(component);
    if (ids === undefined) {
      ids = this.#summaries(entity, component)
        .filter((summary) => summary.timelines.size === 0)
        .map((summary) => summary.id);
      entity.statics.set(component, ids);
    }
    return ids;
  }

  /** The chunks that hold the component on that timeline. */
  timeline(entityPath: string, component: string, timeline: string): ChunkTimeline | undefined {
    const entity = this.#entities.get(entityPath);
    if (entity === undefined) return undefined;
    const key = JSON.stringify([component, timeline]);
    let chunks = entity.timelines.get(key);
    if (chunks === undefined) {
      chunks = new ChunkTimeline(this.#summaries(entity, component), timeline);
      entity.timelines.set(key, chunks);
    }
    return chunks;
  }

  /** Summaries of all chunks of the entity that hold the component, in id order. */
  chunksOf(entityPath: string, component?: string): readonly ChunkSummary[] {
    const entity = this.#entities.get(entityPath);
    return entity === undefined ? [] : this.#summaries(entity, component);
  }

  #summaries(entity: EntityChunks, component: string | undefined): ChunkSummary[] {
    const summaries: ChunkSummary[] = [];
    for (const id of entity.ids) {
      const summary = this.#index?.chunks.get(id);
      if (summary !== undefined && (component === undefined || summary.components.includes(component))) summaries.push(summary);
    }
    return summaries.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #touch(entityPath: string): EntityChunks {
    let entity = this.#entities.get(entityPath);
    if (entity === undefined) {
      entity = { ids: new Set(), timelines: new Map(), statics: new Map() };
      this.#entities.set(entityPath, entity);
    }
    entity.timelines.clear();
    entity.statics.clear();
    return entity;
  }
}
