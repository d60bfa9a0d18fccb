import type { DataFrame, WaitOptions } from "../dataset/index.js";
import type { Connection } from "./connection.js";

/** The server that an entry is on, as its entries know it: the `CatalogClient`. */
export interface Catalog {
  /** Address of the server. */
  readonly url: string;
  entryNames(options?: { readonly includeHidden?: boolean | undefined } & WaitOptions): Promise<string[]>;
  sql(query: string, options?: WaitOptions): Promise<DataFrame>;
  close(): Promise<void>;
}

/** What entries work with. */
export interface CatalogContext {
  readonly catalog: Catalog;
  readonly connection: Connection;
  /** What a result in memory, and the chunks of a query, may take. */
  readonly memoryLimitBytes: number;
}
