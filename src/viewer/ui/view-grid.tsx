import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { type Arrangement, moveBorder, stack, withShares } from "../state/arrangement.js";
import type { ViewSpec } from "../state/view-query.js";
import { ViewFrame } from "./view-frame.js";
import { useViewer } from "./viewer-context.js";

const SMALLEST_SHARE = 0.08;
const KEY_STEP = 0.04;

/** All views in their places, or the one that is maximized. Narrow viewers show one below the other. */
export function ViewGrid({ isNarrow }: { readonly isNarrow: boolean }): JSX.Element {
  const { model } = useViewer();
  const views = model.views.value;
  const maximized = views.find((view) => view.id === model.maximized.value);
  const only = maximized ?? (views.length === 1 ? views[0] : undefined);
  const arrangement = isNarrow ? stack(views.map((view) => ({ id: view.id, isSpatial: false }))) : model.arrangement.value;
  const isStacked = isNarrow && only === undefined;
  return (
    <div class={`views ${isStacked ? "stacked" : ""}`}>
      {only !== undefined ? (
        <ViewFrame key={only.id} spec={only} hasTitle={views.length > 1} />
      ) : (
        arrangement !== undefined && <Node arrangement={arrangement} path={[]} views={views} canResize={!isNarrow} />
      )}
    </div>
  );
}

function Node(props: {
  readonly arrangement: Arrangement;
  readonly path: readonly number[];
  readonly views: readonly ViewSpec[];
  readonly canResize: boolean;
}): JSX.Element | null {
  const { arrangement, path, views, canResize } = props;
  if (arrangement.kind === "view") {
    const spec = views.find((view) => view.id === arrangement.viewId);
    return spec === undefined ? null : <ViewFrame spec={spec} hasTitle />;
  }
  const parts: JSX.Element[] = [];
  arrangement.children.forEach((child, i) => {
    const key = keyOf(child);
    if (i > 0)
      parts.push(<Splitter key={`before ${key}`} container={arrangement} path={path} at={i - 1} canResize={canResize} />);
    parts.push(
      <div key={key} class={`cell ${child.kind === "view" ? "leaf" : ""}`} style={{ flexGrow: arrangement.shares[i] ?? 1 }}>
        <Node arrangement={child} path={[...path, i]} views={views} canResize={canResize} />
      </div>,
    );
  });
  return <div class={arrangement.kind === "row" ? "row" : "col"}>{parts}</div>;
}

function keyOf(arrangement: Arrangement): string {
  if (arrangement.kind === "view") return arrangement.viewId;
  const first = arrangement.children[0];
  return first === undefined ? "" : `${arrangement.kind} of ${keyOf(first)}`;
}

function Splitter(props: {
  readonly container: Exclude<Arrangement, { readonly kind: "view" }>;
  readonly path: readonly number[];
  readonly at: number;
  readonly canResize: boolean;
}): JSX.Element {
  const { model } = useViewer();
  const { container, path, at, canResize } = props;
  const isRow = container.kind === "row";
  const drag = useRef<{ readonly start: number; readonly size: number; readonly shares: readonly number[] } | undefined>(
    undefined,
  );
  const move = (shares: readonly number[], delta: number): void => {
    const before = model.arrangement.value;
    if (before !== undefined) model.arrangement.value = withShares(before, path, moveBorder(shares, at, delta, SMALLEST_SHARE));
  };
  if (!canResize) return <div class="split" />;
  const total = container.shares.reduce((sum, share) => sum + share, 0);
  const before = container.shares.slice(0, at + 1).reduce((sum, share) => sum + share, 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that is dragged has no element of its own
    <div
      class="split"
      role="separator"
      tabIndex={0}
      aria-orientation={isRow ? "vertical" : "horizontal"}
      aria-label="Size of the views"
      aria-valuenow={Math.round((before / total) * 100)}
      onPointerDown={(event) => {
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (box === undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const [start, size] = isRow ? [event.clientX, box.width] : [event.clientY, box.height];
        drag.current = { start, size, shares: container.shares };
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (drag.current === undefined) return;
        const { start, size, shares } = drag.current;
        move(shares, ((isRow ? event.clientX : event.clientY) - start) / size);
      }}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      onKeyDown={(event) => {
        const back = isRow ? "ArrowLeft" : "ArrowUp";
        const on = isRow ? "ArrowRight" : "ArrowDown";
        if (event.key !== back && event.key !== on) return;
        move(container.shares, event.key === on ? KEY_STEP : -KEY_STEP);
        event.stopPropagation();
        event.preventDefault();
      }}
    />
  );
}
