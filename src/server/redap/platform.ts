import type { WarningReporter } from "../../core/index.js";
import type { CatalogStore } from "../catalog/catalog-store.js";
import type { ManifestCache } from "../recordings/manifest-cache.js";
import type { RecentDrafts } from "../recordings/recent-drafts.js";
import type { DiskStorage } from "../segments/disk-storage.js";
import type { FileStorage } from "../segments/file-storage.js";
import type { SegmentStorage } from "../segments/segment-storage.js";
import type { LanceTables } from "../tables/lance-tables.js";
import type { ByteBudget } from "./byte-budget.js";
import type { Signer } from "./signer.js";

/** What the calls work with. Nothing of it holds state that the catalog and the storages do not have. */
export interface Platform {
  readonly catalog: CatalogStore;
  /** Files that stay where they are. */
  readonly files: FileStorage;
  /** What the server stored itself. */
  readonly objects: DiskStorage;
  /** Both, told apart by an object's name. */
  readonly storage: SegmentStorage;
  readonly manifests: ManifestCache;
  readonly drafts: RecentDrafts;
  readonly tables: LanceTables;
  /** Memory for what was read of files and not yet sent, of all calls together. */
  readonly readBudget: ByteBudget;
  /** Signs what clients carry back: chunk keys, upload tokens. */
  readonly signer: Signer;
  /** 32 lower-case hexadecimal digits, later ones greater. */
  readonly newId: () => string;
  readonly nowNs: () => bigint;
  readonly warn: WarningReporter;
  readonly limits: PlatformLimits;
}

export interface PlatformLimits {
  /** What one upload may hold. */
  readonly uploadBytes: number;
}
