import type { ComponentSourceKindLike, SortDirectionLike, TextLogColumnKindLike } from "../gen/blueprint-enums.js";

/** A column of a component: `"/entity/path:Component"`, or its two parts. The text is split at the first colon without a backslash. */
export type ComponentColumnSelectorLike = string | { readonly entityPath: string; readonly component: string };
/** One column or several. */
export type ComponentColumnSelectorArrayLike = ComponentColumnSelectorLike | readonly ComponentColumnSelectorLike[];

/** Times from `start` to `end`, both included: numbers of a sequence, or nanoseconds. */
export type FilterByRangeLike =
  | readonly [start: number | bigint, end: number | bigint]
  | { readonly start: number | bigint; readonly end: number | bigint };
/** One range or several. */
export type FilterByRangeArrayLike = FilterByRangeLike | readonly FilterByRangeLike[];

/** A column that must hold a value; `active: false` keeps the choice without applying it. */
export type FilterIsNotNullLike =
  | ComponentColumnSelectorLike
  | { readonly active?: boolean; readonly column: ComponentColumnSelectorLike };
/** One filter or several. */
export type FilterIsNotNullArrayLike = FilterIsNotNullLike | readonly FilterIsNotNullLike[];

/** Columns: names of timelines and `"/entity/path:Component"` in one list, or the two kinds apart. */
export type SelectedColumnsLike =
  | readonly ComponentColumnSelectorLike[]
  | { readonly timeColumns: readonly string[]; readonly componentColumns: readonly ComponentColumnSelectorLike[] };
/** One choice of columns or several. */
export type SelectedColumnsArrayLike = SelectedColumnsLike | readonly SelectedColumnsLike[];

/** Entity paths in the order of their columns. */
export type ColumnOrderLike = readonly string[];

/** A column to sort by, with its direction if wanted. */
export type SortByLike = string | { readonly column: string; readonly direction?: SortDirectionLike | null | undefined };
/** One column or several. */
export type SortByArrayLike = SortByLike | readonly SortByLike[];

/** What a column of a table holds. */
export interface ColumnTypeLike {
  readonly component?: string | null | undefined;
  /** Full name: `rerun.components.Flag`. */
  readonly componentTypeName?: string | null | undefined;
}
/** One type or several. */
export type ColumnTypeArrayLike = ColumnTypeLike | readonly ColumnTypeLike[];

/** A column of a text log: its kind, or with whether it is shown (default: yes). */
export type TextLogColumnLike = TextLogColumnKindLike | { readonly kind: TextLogColumnKindLike; readonly visible?: boolean };
/** One column or several. */
export type TextLogColumnArrayLike = TextLogColumnLike | readonly TextLogColumnLike[];

/** A column of times: the timeline, or with whether it is shown (default: yes). */
export type TimelineColumnLike = string | { readonly timeline: string; readonly visible?: boolean };
/** One column or several. */
export type TimelineColumnArrayLike = TimelineColumnLike | readonly TimelineColumnLike[];

/** The dimension of a tensor that a slider moves through. */
export type TensorDimensionIndexSliderLike = number | { readonly dimension: number };
/** One slider or several. */
export type TensorDimensionIndexSliderArrayLike = TensorDimensionIndexSliderLike | readonly TensorDimensionIndexSliderLike[];

/** Where a visualizer takes one of its components from. */
export interface VisualizerComponentMappingLike {
  /** Component of the visualizer: `"Scalars:scalars"`. */
  readonly target: string;
  readonly sourceKind: ComponentSourceKindLike;
  /** Component of the entity, for the kind `SourceComponent`. Default: the one called like `target`. */
  readonly sourceComponent?: string | null | undefined;
  /** Path into the component's structure: `".values"`. */
  readonly selector?: string | null | undefined;
}
/** One mapping or several. */
export type VisualizerComponentMappingArrayLike = VisualizerComponentMappingLike | readonly VisualizerComponentMappingLike[];
