import { randomBytes } from "node:crypto";
import { access, constants, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import {
  clockNanos,
  createClock,
  createTuidSource,
  newTuidHex,
  RerunError,
  type WarningReporter,
  warnOnce,
} from "../core/index.js";
import { useNativeLz4 } from "../files/index.js";
import type { CatalogStore } from "./catalog/catalog-store.js";
import { openSqliteCatalog } from "./catalog/sqlite-catalog.js";
import { ManifestCache } from "./recordings/manifest-cache.js";
import { RecentDrafts } from "./recordings/recent-drafts.js";
import { reasonOf } from "./recordings/recording-index.js";
import { newEntry } from "./redap/entries.js";
import type { Platform } from "./redap/platform.js";
import { createSigner } from "./redap/signer.js";
import { ENTRIES_TABLE } from "./redap/tables.js";
import { DiskStorage } from "./segments/disk-storage.js";
import { FileStorage } from "./segments/file-storage.js";
import { joinStorages } from "./segments/object-storages.js";
import { s3SettingsFrom } from "./segments/s3-settings.js";
import { S3Storage } from "./segments/s3-storage.js";
import { LanceTables } from "./tables/lance-tables.js";

export interface OpenPlatformOptions {
  readonly dataDir: string;
  /** Folders whose files may be registered, beside the data folder; `undefined`: any. */
  readonly roots?: readonly string[];
  /** `s3://bucket/prefix` below which objects may be registered. Default: none. */
  readonly s3Roots?: readonly string[];
  /** Whether clients are told where to read objects of object stores themselves. Default: false. */
  readonly directUrls?: boolean;
  /** For decoded indexes. Default 256 MiB. */
  readonly cacheBytes?: number;
  /** Default 16 GiB. */
  readonly maxUploadBytes?: number;
  readonly warn?: WarningReporter;
}

export interface OpenPlatform {
  readonly platform: Platform;
  /** Idempotent. */
  close(): Promise<void>;
}

const CACHE_BYTES = 256 * 2 ** 20;
const UPLOAD_BYTES = 16 * 2 ** 30;
/** How long it can be asked what became of a task: 30 days. */
const KEEP_TASKS_NS = 30n * 86_400n * 1_000_000_000n;
const SECRET_SETTING = "signing-secret";

/** Opens the catalog and the storages in a folder, and puts in order what a server before this one left undone. */
export async function openPlatform(options: OpenPlatformOptions): Promise<OpenPlatform> {
  const { dataDir, warn = warnOnce, cacheBytes = CACHE_BYTES } = options;
  useNativeLz4();
  const folder = await openFolder(dataDir);
  const catalog = openSqliteCatalog(join(folder, "catalog.db"));
  const objects = new DiskStorage(join(folder, "objects"));
  const roots = options.roots === undefined ? undefined : await realRoots([folder, ...options.roots]);
  const files = new FileStorage(roots);
  const s3 = new S3Storage(s3SettingsFrom(process.env), options.s3Roots ?? []);
  const storage = joinStorages({ objects, files, s3 });
  const clock = createClock();
  const ids = createTuidSource();
  const platform: Platform = {
    catalog,
    files,
    objects,
    storage,
    manifests: new ManifestCache(storage, cacheBytes / 2),
    drafts: new RecentDrafts(storage, cacheBytes / 2),
    tables: new LanceTables(folder),
    signer: createSigner(
      Buffer.from(await settingOf(catalog, SECRET_SETTING, () => randomBytes(48).toString("base64")), "base64"),
    ),
    newId: () => newTuidHex(ids),
    nowNs: () => clockNanos(clock),
    hasDirectUrls: options.directUrls ?? false,
    warn,
    limits: { uploadBytes: options.maxUploadBytes ?? UPLOAD_BYTES },
  };
  await ensureEntriesTable(platform);
  await catalog.write([], (tx) => tx.forgetOld(platform.nowNs() - KEEP_TASKS_NS));
  await objects.clearPending();
  const tables = await catalog.entries({ kinds: ["table"] });
  await platform.tables.reconcile(new Set(tables.map(({ id }) => id)));
  return {
    platform,
    close: async () => {
      await catalog.close();
      await objects.close();
      await files.close();
    },
  };
}

/** The folder without links, made when it is not there. */
async function openFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (cause) {
    throw new RerunError("Unavailable", `The data folder cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

async function realRoots(roots: readonly string[]): Promise<string[]> {
  return Promise.all(
    roots.map((root) =>
      realpath(root).catch((cause: unknown) => {
        throw new RerunError("NotFound", `A folder whose files may be registered is not there: ${root}`, { cause });
      }),
    ),
  );
}

/** A setting that is made when the catalog is new. */
function settingOf(catalog: CatalogStore, key: string, make: () => string): Promise<string> {
  return catalog.write([], async (tx) => {
    const known = await tx.setting(key);
    if (known !== undefined) return known;
    const value = make();
    await tx.putSetting(key, value);
    return value;
  });
}

async function ensureEntriesTable(platform: Platform): Promise<void> {
  await platform.catalog.write([], async (tx) => {
    const [known] = await tx.entries({ name: ENTRIES_TABLE });
    if (known !== undefined) return;
    const details = { table: { provider: "entries" } } as const;
    await tx.putEntry(newEntry(platform, { id: platform.newId(), name: ENTRIES_TABLE, kind: "table", details }));
  });
}
