import type { EntitySchema } from "../../../link/messages.js";
import type { ComponentCell, ViewQuery } from "../../state/view-query.js";

/**
 * Asks a query only for components an entity has: most entities have few of the many components a spatial view knows,
 * and every question would cost a search through chunks.
 */
export class EntityReader {
  readonly query: ViewQuery;
  readonly #components: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(query: ViewQuery) {
    this.query = query;
    this.#components = componentsByPath(query.entities);
  }

  /** Latest cell, or `undefined` when there is none. An empty cell counts as none: it was cleared. */
  cell(entityPath: string, component: string): ComponentCell | undefined {
    if (!this.has(entityPath, component)) return undefined;
    const cell = this.query.latestAt(entityPath, component);
    return cell === undefined || cell.end <= cell.start ? undefined : cell;
  }

  has(entityPath: string, component: string): boolean {
    return this.#components.get(entityPath)?.has(component) === true;
  }

  /** Paths of all entities that have the component, in path order. */
  pathsWith(component: string): readonly string[] {
    return this.query.entities.filter((entity) => this.has(entity.path, component)).map((entity) => entity.path);
  }
}

const known = new WeakMap<readonly EntitySchema[], ReadonlyMap<string, ReadonlySet<string>>>();

function componentsByPath(entities: readonly EntitySchema[]): ReadonlyMap<string, ReadonlySet<string>> {
  let byPath = known.get(entities);
  if (byPath === undefined) {
    byPath = new Map(entities.map((e) => [e.path, new Set(e.components.map((c) => c.descriptor.component))]));
    known.set(entities, byPath);
  }
  return byPath;
}
