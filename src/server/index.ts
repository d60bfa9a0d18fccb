export { type MintTokenOptions, mintToken, type Permission } from "./auth/tokens.js";
export type * from "./catalog/catalog-store.js";
export { openSqliteCatalog, type SqliteCatalogOptions } from "./catalog/sqlite-catalog.js";
export { defaultDataFolder } from "./data-folder.js";
export { type PlatformServer, type PlatformServerOptions, startPlatformServer } from "./start-server.js";
