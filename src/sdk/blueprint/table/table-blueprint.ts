import { describe, escapeEntityPathPart, RerunError } from "../../../core/index.js";
import {
  archetypes,
  type ColumnDisplayModeLike,
  type PreviewsConfigFields,
  type SortByLike,
} from "../../../types/blueprint/index.js";
import { isAsComponents } from "../../bundles.js";
import type { ViewPart } from "../parts.js";
import { type BlueprintRow, row, viewRows } from "../rows.js";
import { saveBlueprint } from "../save.js";
import type { Column } from "./column.js";
import { Filter } from "./filter.js";
import { CardLayout, nameOf, TableLayout } from "./layouts.js";

export interface TableBlueprintOptions {
  readonly tableLayout?: TableLayout | undefined;
  /** Without it there are no cards. */
  readonly cardLayout?: CardLayout | undefined;
  /** Which of the two is shown first. Default: cards when there are any. */
  readonly defaultLayout?: "table" | "cards" | undefined;
  /** How columns without a name of their own are called. */
  readonly columnDisplayMode?: ColumnDisplayModeLike | undefined;
  /** Time of all previews. */
  readonly previewsConfig?: archetypes.PreviewsConfig | PreviewsConfigFields | undefined;
  /** A row is shown when all of them select it. A text is an expression in SQL. */
  readonly filters?: readonly (Filter | string)[] | undefined;
  /** Column that rows are sorted by. Default: they keep their order. */
  readonly sortBy?: SortByLike | undefined;
}

/** How the viewer shows a table of a catalog. Saved as `.rbl`, it is registered at the table or dataset. */
export class TableBlueprint {
  readonly #rows: readonly BlueprintRow[];

  /** @throws RerunError `InvalidArgument` for what is no layout, filter or column, and for `"cards"` without cards */
  constructor(options: TableBlueprintOptions = {}) {
    checkOptions(options);
    this.#rows = tableRows(options);
  }

  /**
   * Writes the blueprint to a file, to be registered.
   *
   * @param path Default: the application id with `.rbl`.
   * @throws RerunError `SinkFailed`
   */
  save(applicationId: string, path?: string): void {
    saveBlueprint(applicationId, this.#rows, path);
  }
}

function checkOptions({ tableLayout, cardLayout, defaultLayout, filters }: TableBlueprintOptions): void {
  const problem = (field: string, expected: string, value: unknown): RerunError =>
    new RerunError("InvalidArgument", `TableBlueprint.${field}: expected ${expected}, got ${describe(value)}`);
  if (tableLayout !== undefined && !(tableLayout instanceof TableLayout))
    throw problem("tableLayout", "a TableLayout", tableLayout);
  if (cardLayout !== undefined && !(cardLayout instanceof CardLayout)) throw problem("cardLayout", "a CardLayout", cardLayout);
  if (defaultLayout !== undefined && defaultLayout !== "table" && defaultLayout !== "cards") {
    throw problem("defaultLayout", '"table" or "cards"', defaultLayout);
  }
  if (defaultLayout === "cards" && cardLayout === undefined)
    throw problem("cardLayout", "a CardLayout for defaultLayout", cardLayout);
  if (filters !== undefined && !Array.isArray(filters)) throw problem("filters", "a list of filters", filters);
}

/** In the real SDK's order: the views of previews, the table, then each layout with its columns. */
function tableRows(options: TableBlueprintOptions): readonly BlueprintRow[] {
  const { cardLayout, defaultLayout, columnDisplayMode, previewsConfig, sortBy } = options;
  const columns = options.tableLayout?.columns ?? [];
  const fields = cardLayout?.fields ?? [];
  const views = new Map([...columns, ...fields].flatMap(({ previews }) => previews).map((view) => [view.path, view]));
  if (typeof sortBy === "string") nameOf("TableBlueprint.sortBy", sortBy);
  const filters = (options.filters ?? []).map((filter) => (filter instanceof Filter ? filter : new Filter(filter)).sql);
  const table = new archetypes.TableBlueprint({
    layout: defaultLayout,
    columnDisplayMode,
    filters: filters.length === 0 ? undefined : filters,
    sortBy,
  });
  const rows = [...[...views.values()].flatMap((view: ViewPart) => viewRows(view)), row("table", table)];
  if (previewsConfig !== undefined) {
    const previews = isAsComponents(previewsConfig) ? previewsConfig : new archetypes.PreviewsConfig(previewsConfig);
    rows.push(row("table", previews));
  }
  rows.push(row("table/layouts/table", new archetypes.TableLayout({ columnOrder: columns.map(({ source }) => source) })));
  rows.push(...columns.flatMap((column) => columnRows(column, "table/layouts/table/columns")));
  if (cardLayout !== undefined) {
    const { title, link } = cardLayout;
    const order = fields.map(({ source }) => source);
    rows.push(row("table/layouts/cards", new archetypes.CardLayout(order, { title, link })));
    rows.push(...fields.flatMap((field) => columnRows(field, "table/layouts/cards/fields")));
  }
  return rows;
}

function columnRows({ source, name, editable, visible, type, previews }: Column, parent: string): readonly BlueprintRow[] {
  const path = `${parent}/${escapeEntityPathPart(source)}`;
  const rows = [row(path, new archetypes.TableColumn({ name, editable, visible, columnType: type }))];
  if (previews.length > 0) rows.push(row(path, new archetypes.TableColumnPreview(previews.map((view) => view.path))));
  return rows;
}
