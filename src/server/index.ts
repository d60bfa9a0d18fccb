export type * from "./catalog/catalog-store.js";
export { openSqliteCatalog, type SqliteCatalogOptions } from "./catalog/sqlite-catalog.js";
