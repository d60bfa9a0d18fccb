import { newUuid } from "../core/index.js";
import type { VisualizerComponentMappingLike } from "./blueprint/likes.js";
import type { AsComponents } from "./component-batch.js";

/** How a visualizer differs from its default. */
export interface VisualizerOptions {
  /** Where it takes components from, when not from those of the same name. */
  readonly mappings?: readonly VisualizerComponentMappingLike[] | undefined;
}

/** One way to draw an entity, for the overrides of a view. Archetypes make theirs with `visualizer()`. */
export class Visualizer {
  /** Drawn when the object is made. */
  readonly id: string = newUuid();
  readonly visualizerType: string;
  /** Components that count more than what was logged. */
  readonly overrides: AsComponents | undefined;
  readonly mappings: readonly VisualizerComponentMappingLike[] | undefined;

  /** @param visualizerType name of the visualizer: `"SeriesLines"` */
  constructor(visualizerType: string, options: VisualizerOptions & { readonly overrides?: AsComponents | undefined } = {}) {
    this.visualizerType = visualizerType;
    this.overrides = options.overrides;
    this.mappings = options.mappings;
  }
}
