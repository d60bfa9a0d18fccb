import type { AsComponents, Visualizer, VisualizerOptions } from "../../types/index.js";

/** An archetype that has a visualizer of its own. */
export interface VisualizableArchetype extends AsComponents {
  visualizer(options?: VisualizerOptions): Visualizer;
}

/** What may differ for one entity in a view: how it is drawn, or how it behaves (`EntityBehavior`, `VisibleTimeRanges`). */
export type Override = Visualizer | VisualizableArchetype | AsComponents;

/** Overrides by entity path, from the root. A path with several visualizers is drawn by all of them. */
export type Overrides =
  | Readonly<Record<string, Override | readonly Override[]>>
  | ReadonlyMap<string, Override | readonly Override[]>;

/** What all views have in common. */
export interface ViewOptions {
  /** Entity that the view is about: its space is the view's. Default: `/`. */
  readonly origin?: string | undefined;
  /** Which entities are shown, as query expressions. Default: `$origin/**`. */
  readonly contents?: string | readonly string[] | AsComponents | undefined;
  /** Shown as title. */
  readonly name?: string | undefined;
  /** Default: `true`. */
  readonly visible?: boolean | undefined;
  /** Whether there is a title bar. Default: `true`. */
  readonly titlebar?: boolean | undefined;
  /** Values of components that entities of the view do not have. */
  readonly defaults?: readonly AsComponents[] | undefined;
  readonly overrides?: Overrides | undefined;
}
