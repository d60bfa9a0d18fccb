import { readdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RerunError } from "../core/index.js";
import type { Entry, EntryKind } from "./catalog/catalog-store.js";
import { createDataset } from "./redap/entries.js";
import type { Platform } from "./redap/platform.js";
import { registerFiles } from "./redap/register.js";
import type { RegisterPayload } from "./redap/register-work.js";
import { attachTable } from "./redap/tables.js";
import { endedTasks } from "./redap/task-table.js";

export interface LoadFoldersOptions {
  /** Datasets of the recordings in a folder: name → folder. */
  readonly datasets?: Readonly<Record<string, string>>;
  /** Tables that lie in folders as Lance: name → folder. */
  readonly tables?: Readonly<Record<string, string>>;
  /** Hears how far it is, once a second at most. */
  readonly tell?: (text: string) => void;
  readonly signal: AbortSignal;
}

const TELL_MS = 1000;
const MAX_WAIT_MS = 2 ** 31 - 1;

/**
 * Datasets and tables of the command line: made once, and completed at each start by what is new in their folders. A file that
 * was changed is registered again. What cannot be registered is a warning, and the others are.
 *
 * @throws RerunError for a folder that is not there, or a name that something else has
 */
export async function loadFolders(platform: Platform, options: LoadFoldersOptions): Promise<void> {
  for (const [name, folder] of Object.entries(options.datasets ?? {})) {
    const files = await recordingsIn(folder);
    const dataset = (await entryNamed(platform, name, "dataset")) ?? (await createDataset(platform, name));
    await loadDataset(platform, dataset, files, options);
  }
  for (const [name, folder] of Object.entries(options.tables ?? {})) await loadTable(platform, name, folder);
}

async function loadDataset(
  platform: Platform,
  dataset: Entry,
  files: readonly string[],
  { tell, signal }: LoadFoldersOptions,
): Promise<void> {
  const ids = await registerFiles(platform, dataset, files);
  let [done, last] = [0, performance.now()];
  for await (const ended of endedTasks(platform, ids, MAX_WAIT_MS, signal)) {
    for (const { status, message, payload } of ended) {
      if (status !== "failed") continue;
      const { url } = JSON.parse(payload) as RegisterPayload;
      platform.warn({ code: "NotRegistered", message: `Not in the dataset '${dataset.name}': ${url}\n${message}` });
    }
    done += ended.length;
    if (performance.now() - last < TELL_MS && done < ids.length) continue;
    last = performance.now();
    tell?.(`${dataset.name}: ${done} of ${ids.length} new recordings are registered`);
  }
}

async function loadTable(platform: Platform, name: string, folder: string): Promise<void> {
  const url = pathToFileURL(resolve(folder)).href;
  const known = await entryNamed(platform, name, "table");
  if (known === undefined) {
    await attachTable(platform, name, url);
    return;
  }
  const { table } = known.details;
  const place = table?.provider === "lance" ? platform.tables.urlOf(table.url) : undefined;
  if (place === url) return;
  throw new RerunError("AlreadyExists", `The table '${name}' lies elsewhere: ${place ?? "in the server"}, not in ${url}`);
}

async function entryNamed(platform: Platform, name: string, kind: EntryKind): Promise<Entry | undefined> {
  const [entry] = await platform.catalog.entries({ name });
  if (entry === undefined || entry.kind === kind) return entry;
  throw new RerunError("AlreadyExists", `'${name}' cannot be a ${kind}: the catalog has a ${entry.kind} of that name`);
}

/** Of the folder itself, whatever the case of their ending. */
async function recordingsIn(folder: string): Promise<string[]> {
  const path = resolve(folder);
  const names = await readdir(path).catch((cause: unknown) => {
    throw new RerunError("NotFound", `The folder of a dataset cannot be read: ${path}`, { cause });
  });
  return names
    .filter((name) => /\.rrd$/i.test(basename(name)))
    .sort()
    .map((name) => pathToFileURL(resolve(path, name)).href);
}
