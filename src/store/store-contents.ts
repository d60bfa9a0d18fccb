import { type Chunk, type ChunkEntry, entryOf } from "../chunk/index.js";
import type { Field, Timeline } from "../core/index.js";
import { type EntitySchema, EntitySchemas } from "./schema.js";

/** Timelines, entities and components of one recording: from the columns of its dataframe form, or chunk by chunk. */
export class StoreContents {
  readonly #timelines = new Map<string, Timeline>();
  readonly #schemas = new EntitySchemas();

  /** @param columns what a manifest or the schema of a dataset says */
  static ofColumns(columns: { readonly timelines: readonly Timeline[]; readonly fields: readonly Field[] }): StoreContents {
    const contents = new StoreContents();
    for (const timeline of columns.timelines) contents.#timelines.set(timeline.name, timeline);
    for (const field of columns.fields) contents.#addColumn(field);
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
