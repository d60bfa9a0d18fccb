import { type Chunk, instanceType, isStatic } from "../chunk/index.js";
import {
  type ComponentDescriptor,
  compareDescriptors,
  compareEntityPaths,
  type DataType,
  type Timeline,
  type TimeRange,
} from "../core/index.js";

export interface ComponentSchema {
  readonly descriptor: ComponentDescriptor;
  /** Type of one instance. */
  readonly type: DataType;
  /** Whether there is static data of it. */
  readonly isStatic: boolean;
}

export interface EntitySchema {
  readonly path: string;
  /** In file order. */
  readonly components: readonly ComponentSchema[];
}

export interface StoreSchema {
  /** By name, each with its first and last time. */
  readonly timelines: readonly (Timeline & { readonly range: TimeRange })[];
  /** In entity path order. */
  readonly entities: readonly EntitySchema[];
}

/** What has been seen of entities and components. Grows only. */
export class EntitySchemas {
  readonly #entities: Map<string, Map<string, ComponentSchema>> = new Map();
  #sorted: readonly EntitySchema[] | undefined = [];

  /** @returns whether anything was new */
  insert(chunk: Chunk): boolean {
    let isNew = false;
    let known = this.#entities.get(chunk.entityPath);
    if (known === undefined) {
      known = new Map();
      this.#entities.set(chunk.entityPath, known);
      isNew = true;
    }
    const chunkIsStatic = isStatic(chunk);
    for (const [name, { descriptor, list }] of chunk.components) {
      const before = known.get(name);
      if (before !== undefined && (before.isStatic || !chunkIsStatic)) continue;
      known.set(name, { descriptor, type: instanceType(list), isStatic: chunkIsStatic });
      isNew = true;
    }
    if (isNew) this.#sorted = undefined;
    return isNew;
  }

  /** In entity path order; the same array until something is new. */
  all(): readonly EntitySchema[] {
    this.#sorted ??= [...this.#entities]
      .sort(([a], [b]) => compareEntityPaths(a, b))
      .map(([path, components]) => ({
        path,
        components: [...components.values()].sort((a, b) => compareDescriptors(a.descriptor, b.descriptor)),
      }));
    return this.#sorted;
  }
}
