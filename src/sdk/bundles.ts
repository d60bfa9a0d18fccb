import { describe, RerunError } from "../core/index.js";
import type { AsComponents, ComponentLayout } from "../types/index.js";

/** Whether `log()` accepts the value: every archetype, `AnyValues`, a described batch. */
export function isAsComponents(value: unknown): value is AsComponents {
  if (typeof value !== "object" || value === null) return false;
  const bundle = value as Partial<AsComponents>;
  return Array.isArray(bundle.layouts) && Array.isArray(bundle.data);
}

/**
 * What is logged as one bundle. Of a component that comes twice the first is taken, and `onTwice` is told.
 *
 * @throws RerunError `InvalidArgument` when it is nothing that can be logged
 */
export function mergeBundles(entity: unknown, onTwice: (component: string) => void): AsComponents {
  if (isAsComponents(entity)) return entity;
  if (!Array.isArray(entity)) throw notLoggable(entity);
  const merged = { layouts: [] as ComponentLayout[], data: [] as unknown[] };
  const seen = new Set<string>();
  for (const bundle of entity) {
    if (!isAsComponents(bundle)) throw notLoggable(bundle);
    for (const [i, layout] of bundle.layouts.entries()) {
      const data = bundle.data[i];
      if (data === undefined) continue;
      const { component } = layout.descriptor;
      if (seen.has(component)) {
        onTwice(component);
        continue;
      }
      seen.add(component);
      merged.layouts.push(layout);
      merged.data.push(data);
    }
  }
  return { layouts: sharedLayouts(merged.layouts), data: merged.data as AsComponents["data"] };
}

function notLoggable(value: unknown): RerunError {
  return new RerunError(
    "InvalidArgument",
    `log: expected an archetype, AnyValues or another bundle of components, or a list of them, got ${describe(value)}`,
  );
}

interface LayoutNode {
  readonly next: WeakMap<ComponentLayout, LayoutNode>;
  list?: readonly ComponentLayout[];
}

const root: LayoutNode = { next: new WeakMap() };

/** One list object for each sequence of layouts: the batcher goes by its identity. */
function sharedLayouts(layouts: readonly ComponentLayout[]): readonly ComponentLayout[] {
  let node = root;
  for (const layout of layouts) {
    let next = node.next.get(layout);
    if (next === undefined) {
      next = { next: new WeakMap() };
      node.next.set(layout, next);
    }
    node = next;
  }
  node.list ??= layouts;
  return node.list;
}
