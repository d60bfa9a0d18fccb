import type { ArrayData, ComponentDescriptor, DataType, TypedArray } from "../core/index.js";

/**
 * The instances of one component, validated but not yet copied: what a constructor hands to `log()`.
 *
 * Which form stands for which type (`log()` copies each of them into a column exactly once):
 * - number or bigint: one instance of a fixed-width scalar type
 * - typed array, `readonly number[]`: flat values of a fixed-width type (scalar, or fixed-size list of scalars, nested
 *   fixed-size lists too); its length is a multiple of the width. Elements are converted to the column's element type
 *   as a typed array's `set` does, so 64-bit targets need bigints. Float16 targets take `Uint16Array` bits only.
 * - boolean, string, `readonly string[]`, `readonly boolean[]`: for `bool` and `utf8`
 * - `ArrayData` of the component's type: anything else, and any type
 */
export type ComponentData =
  | number
  | bigint
  | boolean
  | string
  | TypedArray
  | readonly number[]
  | readonly boolean[]
  | readonly string[]
  | ArrayData;

/** What never changes between two logs of one component: shared by reference, so that identity is a cheap key. */
export interface ComponentLayout {
  readonly descriptor: ComponentDescriptor;
  /** Type of one instance (the `item` of the column's list). */
  readonly type: DataType;
}

/** Instances of one component with their meaning. The unit of `log()`: every archetype is a list of these. */
export interface ComponentBatch {
  readonly layout: ComponentLayout;
  readonly data: ComponentData;
}

/**
 * Anything `log()` accepts: every archetype, `AnyValues`, a described batch.
 *
 * `layouts[i]` belongs to `data[i]`; `data[i] === undefined` means "not logged", an empty array means "cleared".
 * `layouts` is one shared array per archetype class, sorted by `compareDescriptors`: its identity is the hot path's key.
 */
export interface AsComponents {
  readonly layouts: readonly ComponentLayout[];
  readonly data: readonly (ComponentData | undefined)[];
}

/** One component over many rows, for `sendColumns`: `lengths[row]` instances belong to each row (`undefined` = one each). */
export interface ComponentColumn {
  readonly layout: ComponentLayout;
  readonly data: ComponentData;
  readonly lengths?: readonly number[] | Uint32Array;
}
