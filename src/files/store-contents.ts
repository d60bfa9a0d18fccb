import { type Chunk, type ChunkEntry, entryOf } from "../chunk/index.js";
import type { Field, Timeline } from "../core/index.js";
import type { RrdManifest } from "../rrd/index.js";
import { type EntitySchema, EntitySchemas } from "../store/index.js";

/** Timelines, entities and components of one store of a file: from its manifest, or chunk by chunk. */
export class StoreContents {
  readonly #timelines = new Map<string, Timeline>();
  readonly #schemas = new EntitySchemas();

  static ofManifest(manifest: RrdManifest): StoreContents {
    const contents = new StoreContents();
    for (const timeline of manifest.timelines) contents.#timelines.set(timeline.name, timeline);
    for (const field of manifest.fields) contents.#addColumn(field);
    return contents;
  }

  /** @returns what an index would say of the chunk */
  add(chunk: Chunk): ChunkEntry {
    for (const { timeline } of chunk.timelines.values()) {
      if (!this.#timelines.has(timeline.name)) this.#timelines.set(timeline.name, timeline);
    }
    if (chunk.numRows > 0) this.#schemas.insert(chunk);
    return entryOf(chunk);
  }

  /** By name. */
  get timelines(): readonly Timeline[] {
    return [...this.#timelines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** In entity path order. */
  get entities(): readonly EntitySchema[] {
    return this.#schemas.all();
  }

  /** A column of the recording's schema, in dataframe form. */
  #addColumn({ metadata, type }: Field): void {
    const path = metadata?.get("rerun:entity_path");
    const component = metadata?.get("rerun:component");
    if (path === undefined || component === undefined) return;
    const archetype = metadata?.get("rerun:archetype");
    const componentType = metadata?.get("rerun:component_type");
    this.#schemas.add(path, {
      descriptor: {
        component,
        ...(archetype === undefined ? {} : { archetype }),
        ...(componentType === undefined ? {} : { componentType }),
      },
      type: type.kind === "list" ? type.item.type : type,
      isStatic: metadata?.get("rerun:is_static") === "true",
      isEmpty: metadata?.get("rerun:is_semantically_empty") === "true",
    });
  }
}
