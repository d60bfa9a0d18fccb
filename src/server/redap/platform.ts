import type { WarningReporter } from "../../core/index.js";
import type { CatalogStore } from "../catalog/catalog-store.js";
import type { ManifestCache } from "../recordings/manifest-cache.js";
import type { RecentDrafts } from "../recordings/recent-drafts.js";
import type { ObjectStorage, SourceStorage } from "../segments/segment-storage.js";
import type { TableStorage } from "../tables/table-storage.js";
import type { Signer } from "./signer.js";

/** What the calls work with. Nothing of it holds state that the catalog and the storages do not have. */
export interface Platform {
  readonly catalog: CatalogStore;
  /** Files of this machine that stay where they are. */
  readonly files: SourceStorage;
  /** What the server stored itself. */
  readonly objects: ObjectStorage;
  /** All that can be registered: those, and objects of object stores. */
  readonly storage: SourceStorage;
  readonly manifests: ManifestCache;
  readonly drafts: RecentDrafts;
  readonly tables: TableStorage;
  /** Signs what clients carry back: chunk keys, upload tokens. */
  readonly signer: Signer;
  /** 32 lower-case hexadecimal digits, later ones greater. */
  readonly newId: () => string;
  readonly nowNs: () => bigint;
  /** Whether clients may be told where to read objects themselves. */
  readonly hasDirectUrls: boolean;
  readonly warn: WarningReporter;
  readonly limits: PlatformLimits;
}

export interface PlatformLimits {
  /** What one upload may hold. */
  readonly uploadBytes: number;
}
