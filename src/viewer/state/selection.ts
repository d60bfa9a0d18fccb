import type { ViewerEvent } from "../../link/client.js";
import type { Item } from "./view-query.js";

export function isSameItem(a: Item | undefined, b: Item | undefined): boolean {
  return a === b || (a?.entityPath === b?.entityPath && a?.instance === b?.instance);
}

/**
 * The selection after a click on `item` (`undefined` = on nothing).
 * The first click selects the entity, a second one on it the instance; with Ctrl the item is added or taken away.
 */
export function selectionAfterClick(selection: readonly Item[], item: Item | undefined, isAdditive: boolean): readonly Item[] {
  if (item === undefined) return isAdditive ? selection : [];
  if (isAdditive) {
    const without = selection.filter((other) => !isSameItem(other, item));
    return without.length < selection.length ? without : [...selection, item];
  }
  const wasSelected = selection.some((other) => other.entityPath === item.entityPath);
  if (wasSelected || item.instance === undefined) return [item];
  const { instance: _, ...entity } = item;
  return [entity];
}

/** The event that tells the kernel. */
export function selectionEvent(selection: readonly Item[]): ViewerEvent {
  return { type: "selectionChange", items: selection };
}
