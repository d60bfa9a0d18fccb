/** How tables of a catalog are shown: layouts, columns, previews, filters. The real SDK calls this part unstable. */
export type { ColumnTypeLike, SortByLike } from "../../../types/blueprint/index.js";
export { PreviewsConfig } from "../../../types/blueprint/index.js";
export { Column, type ColumnOptions, PreviewCell, SortBy } from "./column.js";
export { Filter } from "./filter.js";
export { col, FilterColumn, type ListFilters } from "./filter-column.js";
export { CardLayout, type CardLayoutOptions, TableLayout } from "./layouts.js";
export { StringFilters } from "./string-filters.js";
export { TableBlueprint, type TableBlueprintOptions } from "./table-blueprint.js";
