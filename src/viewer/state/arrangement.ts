/**
 * Where views lie: a tree of rows and columns with shares, as Rerun's containers. Decided once for the views there are;
 * views that come later share the place of the last one, so that nothing else moves.
 */
export type Arrangement =
  | { readonly kind: "view"; readonly viewId: string }
  | {
      readonly kind: "row" | "column";
      readonly children: readonly Arrangement[];
      /** Relative size of each child. */
      readonly shares: readonly number[];
    };

export interface ArrangedView {
  readonly id: string;
  readonly isSpatial: boolean;
}

/** A first spatial view gets the large left part, the others lie right of it; without one all lie in a grid. */
export function arrange(views: readonly ArrangedView[]): Arrangement | undefined {
  const first = views[0];
  if (first === undefined) return undefined;
  if (views.length === 1) return { kind: "view", viewId: first.id };
  if (!first.isSpatial) return grid(views);
  const others = views.slice(1);
  const right = others.length <= 4 ? stack(others) : grid(others);
  return { kind: "row", children: [{ kind: "view", viewId: first.id }, right], shares: [others.length > 4 ? 1 : 1.45, 1] };
}

/** All views in one column, for narrow places. */
export function stack(views: readonly ArrangedView[]): Arrangement {
  return container(
    "column",
    views.map((view): Arrangement => ({ kind: "view", viewId: view.id })),
  );
}

/** Adds views by dividing the place of the last one. */
export function append(arrangement: Arrangement | undefined, added: readonly ArrangedView[]): Arrangement | undefined {
  if (arrangement === undefined) return arrange(added);
  if (added.length === 0) return arrangement;
  if (arrangement.kind === "view") {
    const isRow = added.length === 1;
    return { kind: isRow ? "row" : "column", children: [arrangement, grid(added)], shares: [1, isRow ? 1 : 2] };
  }
  const last = arrangement.children.length - 1;
  const children = arrangement.children.map((child, i) => (i === last ? (append(child, added) ?? child) : child));
  return { ...arrangement, children };
}

/** The arrangement with other shares for the container at `path` (child numbers from the top). */
export function withShares(arrangement: Arrangement, path: readonly number[], shares: readonly number[]): Arrangement {
  if (arrangement.kind === "view") return arrangement;
  const [at, ...rest] = path;
  if (at === undefined) return { ...arrangement, shares };
  const children = arrangement.children.map((child, i) => (i === at ? withShares(child, rest, shares) : child));
  return { ...arrangement, children };
}

/** Shares after the border behind child `at` was moved by `delta` (part of the whole); no child gets smaller than `smallest`. */
export function moveBorder(shares: readonly number[], at: number, delta: number, smallest: number): readonly number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const before = shares[at] ?? 0;
  const after = shares[at + 1] ?? 0;
  const least = Math.min(smallest * total, (before + after) / 2);
  const moved = Math.min(after - least, Math.max(least - before, delta * total));
  return shares.map((share, i) => (i === at ? before + moved : i === at + 1 ? after - moved : share));
}

function grid(views: readonly ArrangedView[]): Arrangement {
  const numColumns = Math.ceil(Math.sqrt(views.length));
  const numRows = Math.ceil(views.length / numColumns);
  const rows: Arrangement[] = [];
  for (let row = 0; row < numRows; row++) {
    const cells = views.slice(row * numColumns, (row + 1) * numColumns);
    rows.push(
      container(
        "row",
        cells.map((view): Arrangement => ({ kind: "view", viewId: view.id })),
      ),
    );
  }
  return container("column", rows);
}

function container(kind: "row" | "column", children: readonly Arrangement[]): Arrangement {
  const only = children[0];
  return children.length === 1 && only !== undefined ? only : { kind, children, shares: children.map(() => 1) };
}
