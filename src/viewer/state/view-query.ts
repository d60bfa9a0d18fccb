/**
 * What a view may ask about the recording at the current time: the contract between the viewer's state (which fetches
 * and caches chunks) and the pure view builders (which turn component values into draw data).
 */
import type { ArrayData, ComponentDescriptor } from "../../core/index.js";
import type { EntitySchema } from "../../link/messages.js";

/** The cell that answers a latest-at query: instances `start … end - 1` of `values`. */
export interface ComponentCell {
  readonly descriptor: ComponentDescriptor;
  /** The items of the column's list, of all rows; look only at `start … end - 1`. */
  readonly values: ArrayData;
  readonly start: number;
  readonly end: number;
  /** Chunk id and row: the same key means the same bytes, so draw data and textures can be kept. */
  readonly key: string;
  /** Time of the row on the current timeline; `undefined` when static. */
  readonly time?: bigint;
}

/** One snapshot of the recording at one time. Cheap to make, valid until time, data or visibility change. */
export interface ViewQuery {
  readonly timeline: string | undefined;
  /** Current time; `undefined` when there is no timeline. */
  readonly time: bigint | undefined;
  /** Every entity of the recording, in path order, hidden ones included. */
  readonly entities: readonly EntitySchema[];
  /** Whether the user hid the entity or an ancestor. */
  isVisible(entityPath: string): boolean;
  /**
   * Latest cell of `component` (identifier, e.g. `Points3D:positions`) at the current time, Clear respected.
   * `undefined` = no data, or its chunk is still on the way: then the query is `isPending` and a new one follows by itself.
   */
  latestAt(entityPath: string, component: string): ComponentCell | undefined;
  /** Whether any `latestAt` of this query had to be answered without a chunk that is still being fetched. */
  readonly isPending: boolean;
}

export type ViewClass = "3d" | "2d" | "time-series" | "text-log" | "text-document";

/** A view of the layout: what is drawn is every visible entity at or below `origin` (or of `entities`, when given). */
export interface ViewSpec {
  /** Stable over layout changes. */
  readonly id: string;
  readonly viewClass: ViewClass;
  readonly name: string;
  /** Entity path whose space the view shows. */
  readonly origin: string;
  /** Entity paths whose data the view draws, in path order. */
  readonly entities: readonly string[];
}

/** What is selected or hovered: an entity, or one instance of it. */
export interface Item {
  readonly entityPath: string;
  readonly instance?: number;
  /** Position in the view's space where it was picked. */
  readonly position?: readonly [number, number, number];
  /** Pixel of the entity's image under the pointer, and its value as recorded. */
  readonly pixel?: { readonly x: number; readonly y: number; readonly text?: string };
}
