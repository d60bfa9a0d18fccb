import { type Chunk, instanceType, isStatic } from "../chunk/index.js";
import {
  type ArrayData,
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
  /** Whether no cell has an instance: all are null or empty. */
  readonly isEmpty: boolean;
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
    let isNew = !this.#entities.has(chunk.entityPath);
    for (const { descriptor, list } of chunk.components.values()) {
      const component = { descriptor, type: instanceType(list), isStatic: isStatic(chunk), isEmpty: !hasInstances(list) };
      if (this.add(chunk.entityPath, component)) isNew = true;
    }
    return isNew;
  }

  /** Joins what is said of a component with what is known of it. @returns whether anything was new */
  add(entityPath: string, component: ComponentSchema): boolean {
    let known = this.#entities.get(entityPath);
    if (known === undefined) {
      known = new Map();
      this.#entities.set(entityPath, known);
    }
    const { component: name } = component.descriptor;
    const before = known.get(name);
    const fixed = component.isStatic || before?.isStatic === true;
    const isEmpty = component.isEmpty && before?.isEmpty !== false;
    if (before !== undefined && before.isStatic === fixed && before.isEmpty === isEmpty) return false;
    known.set(name, { ...component, isStatic: fixed, isEmpty });
    this.#sorted = undefined;
    return true;
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

function hasInstances({ offsets, length }: ArrayData): boolean {
  return (offsets?.[length] ?? 0) > (offsets?.[0] ?? 0);
}
