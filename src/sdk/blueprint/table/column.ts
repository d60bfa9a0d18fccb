import { type ComponentDescriptor, describe, RerunError } from "../../../core/index.js";
import type { ColumnTypeLike, SortDirectionLike } from "../../../types/blueprint/index.js";
import { partOf, type View, type ViewPart } from "../parts.js";

/** Shows references to recordings as pictures: the views that draw them. */
export class PreviewCell {
  readonly views: readonly ViewPart[];

  /** @throws RerunError `InvalidArgument` without a view, or with anything else */
  constructor(views: View | readonly View[]) {
    const list: readonly unknown[] = Array.isArray(views) ? views : [views];
    if (list.length === 0) throw new RerunError("InvalidArgument", "PreviewCell: expected at least one view, got none");
    this.views = list.map((view) => {
      const part = partOf(view);
      if (part?.kind !== "view") throw new RerunError("InvalidArgument", `PreviewCell: expected views, got ${describe(view)}`);
      return part;
    });
  }
}

export interface ColumnOptions {
  /** Shown instead of the column's name. */
  readonly name?: string | undefined;
  /** Whether cells can be edited, where the table may be written. Default: no. */
  readonly editable?: boolean | undefined;
  /** As what values are shown: a component (`rr.components.Url`) or its full name, a field's descriptor, or previews. Default: told by the data. */
  readonly columnType?: { readonly name: string } | string | ComponentDescriptor | PreviewCell | undefined;
  /** Default: `true`. A hidden column keeps its place and its settings. */
  readonly visible?: boolean | undefined;
}

/** How a layout shows one column. */
export class Column {
  readonly source: string;
  readonly name: string | undefined;
  readonly editable: boolean | undefined;
  readonly visible: boolean | undefined;
  readonly type: ColumnTypeLike | undefined;
  readonly previews: readonly ViewPart[];

  /** @param source the column's name in Arrow @throws RerunError `InvalidArgument` for an empty name or type */
  constructor(source: string, options: ColumnOptions = {}) {
    if (typeof source !== "string" || source === "") {
      throw new RerunError("InvalidArgument", `Column: expected the name of a column, got ${describe(source)}`);
    }
    const { columnType } = options;
    this.source = source;
    this.name = options.name;
    this.editable = options.editable;
    this.visible = options.visible;
    this.type = columnType instanceof PreviewCell ? undefined : typeOf(columnType);
    this.previews = columnType instanceof PreviewCell ? columnType.views : [];
  }
}

function typeOf(columnType: { readonly name: string } | string | ComponentDescriptor | undefined): ColumnTypeLike | undefined {
  if (columnType === undefined) return undefined;
  if (typeof columnType === "string" && columnType !== "") return { componentTypeName: columnType };
  if (typeof columnType === "object" && columnType !== null) {
    if ("component" in columnType) return { component: columnType.component, componentTypeName: columnType.componentType };
    if (typeof columnType.name === "string") return { componentTypeName: columnType.name };
  }
  throw new RerunError(
    "InvalidArgument",
    `Column.columnType: expected a component, its full name, a descriptor or a PreviewCell, got ${describe(columnType)}`,
  );
}

/** A column that rows are sorted by. */
export class SortBy {
  readonly column: string;
  readonly direction: SortDirectionLike | undefined;

  /** @param options `direction`: ascending when it is not given. */
  constructor(column: string, options: { readonly direction?: SortDirectionLike | undefined } = {}) {
    this.column = column;
    this.direction = options.direction;
  }
}

/** Columns of one layout, each once. @throws RerunError `InvalidArgument` */
export function distinctColumns(place: string, columns: readonly Column[] = []): readonly Column[] {
  const sources = new Set<string>();
  for (const column of columns) {
    if (!(column instanceof Column))
      throw new RerunError("InvalidArgument", `${place}: expected Columns, got ${describe(column)}`);
    if (sources.has(column.source))
      throw new RerunError("InvalidArgument", `${place}: the column "${column.source}" comes twice`);
    sources.add(column.source);
  }
  return columns;
}
