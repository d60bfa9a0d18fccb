import type { Item, ViewQuery, ViewSpec } from "../state/view-query.js";

/** What the shell hands to every view component; a view keeps no state of the recording, only of its own navigation. */
export interface ViewProps {
  readonly spec: ViewSpec;
  readonly query: ViewQuery;
  readonly selection: readonly Item[];
  readonly hovered: Item | undefined;
  readonly theme: "light" | "dark";
  /** Whether this view has the user's focus: only then the wheel belongs to it. */
  readonly hasFocus: boolean;
  /** `additive` = with Ctrl or Cmd. `undefined` = the background was clicked. */
  onSelect(item: Item | undefined, additive: boolean): void;
  /** `clientX`/`clientY` place the tooltip. */
  onHover(item: Item | undefined, clientX: number, clientY: number): void;
  /** Changes its `nonce` when the camera shall move to the entity. */
  readonly focusRequest?: { readonly entityPath: string; readonly nonce: number };
  /** Changes when the view shall show everything again, as at the start. */
  readonly resetRequest?: number;
  /** What to say there when there is nothing to show. */
  readonly noData: string;
  /** A short line for the view's corner, e.g. `200 k of 3.1 M points`; `undefined` = nothing to say. */
  onStateLine(text: string | undefined): void;
  /** Called after the view drew its first frame with data. */
  onFirstFrame(): void;
}
