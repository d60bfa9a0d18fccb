/**
 * What travels in the custom messages of the widget, around the viewer's protocol.
 *
 * All pages that show a widget hear all it sends, so each view has an id and answers carry the id of the view that asked.
 */
import type { Notice, Reply, Request } from "../link/messages.js";

/** From a view to the kernel. */
export type FromView =
  | { readonly view: string; readonly request: Request }
  /** Answers a `ping`: this view is alive. */
  | { readonly view: string; readonly pong: number };

/** From the kernel to the views: to the named one, or to all. */
export type ToView =
  | { readonly view?: string; readonly message: Reply | Notice }
  /** Who shows this? Each view answers with a `pong` of the same number. */
  | { readonly ping: number };

/** Members of the widget's state that the loader reads. */
export interface ViewerState {
  /** Names the viewer's code: pages load each key once. */
  readonly bundle_key: string;
  readonly viewer_options: ViewerOptions;
}

/** How a viewer looks; plain JSON. */
export interface ViewerOptions {
  /** Pixels. */
  readonly height: number;
  readonly theme: "auto" | "light" | "dark";
  /** Timeline chosen at the start. */
  readonly timeline?: string;
}
