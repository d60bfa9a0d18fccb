import { isAtOrBelow, lastPart, parentPath } from "../../core/index.js";
import type { EntitySchema } from "../../link/client.js";

/** An entity or a part of a path that only has entities below it. */
export interface TreeNode {
  readonly path: string;
  /** Last part of the path, as written in code. */
  readonly name: string;
  readonly children: readonly TreeNode[];
  /** Whether anything was logged at this path. */
  readonly hasData: boolean;
}

/** One line of the drawn tree. */
export interface TreeRow {
  readonly node: TreeNode;
  /** 0 at the top. */
  readonly depth: number;
  readonly isExpanded: boolean;
}

/** The entities without the recording's own properties, which are no data of the user. */
export function userEntities(entities: readonly EntitySchema[]): readonly EntitySchema[] {
  return entities.filter(({ path }) => !isAtOrBelow(path, "/__properties"));
}

/** The entities as a tree, in path order. The root itself is a node only when something was logged at it. */
export function buildTree(entities: readonly EntitySchema[]): readonly TreeNode[] {
  interface Draft {
    readonly path: string;
    readonly name: string;
    readonly children: Draft[];
    hasData: boolean;
  }
  const roots: Draft[] = [];
  const byPath = new Map<string, Draft>();
  const ensure = (path: string): Draft => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const draft: Draft = { path, name: path === "/" ? "/" : lastPart(path), children: [], hasData: false };
    byPath.set(path, draft);
    const parent = parentPath(path);
    if (parent === undefined || parent === "/") roots.push(draft);
    else ensure(parent).children.push(draft);
    return draft;
  };
  for (const entity of entities) ensure(entity.path).hasData = true;
  return roots;
}

/** The lines to draw: everything below a collapsed node is left out; with `search`, what matches, its ancestors and what is below it. */
export function treeRows(tree: readonly TreeNode[], collapsed: ReadonlySet<string>, search = ""): readonly TreeRow[] {
  const needle = search.trim().toLowerCase();
  const rows: TreeRow[] = [];
  const visit = (node: TreeNode, depth: number, isInMatch: boolean): boolean => {
    const matches = isInMatch || node.path.toLowerCase().includes(needle);
    const at = rows.length;
    const isExpanded = needle !== "" || !collapsed.has(node.path);
    rows.push({ node, depth, isExpanded });
    let hasMatch = matches;
    if (isExpanded) for (const child of node.children) hasMatch = visit(child, depth + 1, matches) || hasMatch;
    if (!hasMatch) rows.length = at;
    return hasMatch;
  };
  for (const node of tree) visit(node, 0, needle === "");
  return rows;
}

/** Whether neither the entity nor an ancestor is hidden. */
export function isShown(hidden: ReadonlySet<string>, entityPath: string): boolean {
  if (hidden.size === 0) return true;
  for (const path of hidden) if (isAtOrBelow(entityPath, path)) return false;
  return true;
}

/** `hidden` with the entity's own mark turned over. */
export function toggleHidden(hidden: ReadonlySet<string>, entityPath: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(entityPath)) next.add(entityPath);
  return next;
}
