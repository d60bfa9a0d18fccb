import { mkdir, readdir, readlink, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Lance from "@lancedb/lancedb";
import * as arrow from "apache-arrow";
import { RerunError } from "../../core/index.js";
import { isMissing, removeStale } from "../segments/file-system.js";
import { conform, indexColumns } from "./conform.js";
import type { TableStorage, TableWrite } from "./table-storage.js";

const INSTALL = "npm install @lancedb/lancedb@0.30.0";
/** Lance tables are folders with this ending; those of others may have another name, and get a link. */
const SUFFIX = ".lance";

/** Lance with the apache-arrow that it was loaded with: it does not take the objects of another one. */
export interface LoadedLance {
  readonly lance: typeof Lance;
  readonly arrow: typeof arrow;
}

/**
 * User tables as Lance directories: the same that Rerun's own server reads and writes. All but `ownPlace`, `urlOf`, `detach`
 * and `reconcile` fail with `FailedPrecondition` as long as the optional package is not installed.
 */
export class LanceTables implements TableStorage {
  readonly #tablesFolder: string;
  readonly #linksFolder: string;
  readonly #load: () => LoadedLance;
  #connection: Promise<Lance.Connection> | undefined;
  /** The writing that runs or ran last, by table: Lance refuses two at a time. */
  readonly #writes = new Map<string, Promise<unknown>>();

  /** @param dataFolder of the server */
  constructor(dataFolder: string, load: () => LoadedLance = loadLance) {
    this.#load = load;
    this.#tablesFolder = join(dataFolder, "tables");
    this.#linksFolder = join(dataFolder, "table-links");
  }

  ownPlace(id: string): string {
    return id + SUFFIX;
  }

  urlOf(place: string): string {
    return isUrlOrPath(place) ? place : pathToFileURL(join(this.#tablesFolder, place)).href;
  }

  async create(id: string, place: string, schema: Uint8Array): Promise<void> {
    const connection = await this.#connect();
    const folder = this.#folderOf(place);
    if (await hasTable(folder)) throw new RerunError("AlreadyExists", `There is a Lance table already: ${this.urlOf(place)}`);
    await mkdir(folder, { recursive: true });
    await this.#link(id, folder);
    await translated(async () =>
      (await connection.createEmptyTable(id, this.#theirs(schema).schema, { mode: "create" })).close(),
    );
  }

  async attach(id: string, place: string): Promise<void> {
    await this.#connect();
    const folder = this.#folderOf(place);
    if (!(await hasTable(folder))) throw new RerunError("NotFound", `There is no Lance table: ${this.urlOf(place)}`);
    await this.#link(id, folder);
    await this.schema(id, place);
  }

  schema(id: string, place: string): Promise<Uint8Array> {
    return this.#withTable(id, place, (table) => this.#schemaOf(table));
  }

  async *scan(id: string, place: string): AsyncGenerator<Uint8Array, void, undefined> {
    const table = await this.#open(id, place);
    const { arrow: own } = this.#loaded();
    try {
      for await (const batch of table.query()) yield own.tableToIPC(new own.Table(batch), "stream");
    } finally {
      table.close();
    }
  }

  write(id: string, place: string, write: TableWrite): Promise<void> {
    const before = this.#writes.get(id) ?? Promise.resolve();
    const result = before.then(() => translated(() => this.#write(id, place, write)));
    const settled = result.catch(() => undefined);
    this.#writes.set(id, settled);
    void settled.then(() => {
      if (this.#writes.get(id) === settled) this.#writes.delete(id);
    });
    return result;
  }

  async detach(id: string): Promise<void> {
    await rm(join(this.#linksFolder, id + SUFFIX), { force: true });
  }

  async discard(id: string): Promise<void> {
    await this.detach(id);
    await rm(join(this.#tablesFolder, id + SUFFIX), { recursive: true, force: true });
  }

  async reconcile(known: ReadonlySet<string>): Promise<void> {
    for (const folder of [this.#tablesFolder, this.#linksFolder]) {
      for (const name of await namesIn(folder)) {
        const id = name.slice(0, -SUFFIX.length);
        if (name.endsWith(SUFFIX) && !known.has(id)) await this.#removeUnknown(folder, name);
      }
    }
  }

  async #removeUnknown(folder: string, name: string): Promise<void> {
    const path = join(folder, name);
    // Deleted tables keep their files: only a folder without a single version was never acknowledged.
    if (folder === this.#linksFolder || !(await hasTable(path))) await removeStale(path);
  }

  async #write(id: string, place: string, { mode, rows }: TableWrite): Promise<void> {
    if (mode === "overwrite") {
      const connection = await this.#connect();
      await this.#link(id, this.#folderOf(place));
      (await connection.createTable(id, this.#theirs(rows), { mode: "overwrite" })).close();
      return;
    }
    await this.#withTable(id, place, async (table) => {
      const { schema } = arrow.tableFromIPC(await this.#schemaOf(table));
      const conformed = this.#theirs(arrow.tableToIPC(conform(arrow.tableFromIPC(rows), schema), "stream"));
      if (mode === "append") {
        await table.add(conformed);
        return;
      }
      const keys = indexColumns(schema);
      if (keys.length === 0) {
        throw new RerunError(
          "InvalidArgument",
          `The table has no index column: ${mode} needs one whose field has the metadata rerun:is_table_index="true"`,
        );
      }
      const matched = table.mergeInsert(keys).whenMatchedUpdateAll();
      await (mode === "replace" ? matched.whenNotMatchedInsertAll() : matched).execute(conformed);
    });
  }

  async #withTable<T>(id: string, place: string, fn: (table: Lance.Table) => Promise<T>): Promise<T> {
    const table = await this.#open(id, place);
    try {
      return await fn(table);
    } finally {
      table.close();
    }
  }

  async #open(id: string, place: string): Promise<Lance.Table> {
    const connection = await this.#connect();
    const folder = this.#folderOf(place);
    if (!(await hasTable(folder))) {
      throw new RerunError(
        "FailedPrecondition",
        `The files of the table are not there any more. Put them back or delete the table: ${this.urlOf(place)}`,
      );
    }
    await this.#link(id, folder);
    return translated(() => connection.openTable(id));
  }

  #loaded(): LoadedLance {
    try {
      return this.#load();
    } catch (cause) {
      const message = `Tables need the package @lancedb/lancedb, which is not here. Install it beside rerun-ts: ${INSTALL}`;
      throw new RerunError("FailedPrecondition", message, { cause });
    }
  }

  #folderOf(place: string): string {
    const url = this.urlOf(place);
    return url.startsWith("file://") ? fileURLToPath(url) : url;
  }

  /** An IPC stream as a table of Lance's apache-arrow. */
  #theirs(ipc: Uint8Array): arrow.Table {
    return this.#loaded().arrow.tableFromIPC(ipc);
  }

  async #schemaOf(table: Lance.Table): Promise<Uint8Array> {
    const { arrow: own } = this.#loaded();
    return own.tableToIPC(new own.Table(await table.schema()), "stream");
  }

  #connect(): Promise<Lance.Connection> {
    const connect = async (): Promise<Lance.Connection> => {
      const { lance } = this.#loaded();
      await mkdir(this.#linksFolder, { recursive: true });
      return lance.connect(this.#linksFolder);
    };
    this.#connection ??= connect().catch((error: unknown) => {
      this.#connection = undefined; // The package may be there next time.
      throw error;
    });
    return this.#connection;
  }

  async #link(id: string, folder: string): Promise<void> {
    const path = join(this.#linksFolder, id + SUFFIX);
    try {
      await symlink(folder, path, "dir");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if ((await readlink(path)) === folder) return;
      await rm(path, { force: true });
      await symlink(folder, path, "dir");
    }
  }
}

function loadLance(): LoadedLance {
  const require = createRequire(import.meta.url);
  const lance = require("@lancedb/lancedb") as typeof Lance;
  return { lance, arrow: createRequire(require.resolve("@lancedb/lancedb"))("apache-arrow") as typeof arrow };
}

function isUrlOrPath(place: string): boolean {
  return place.startsWith("file://") || isAbsolute(place);
}

/** Whether a folder holds a version of a Lance table. */
async function hasTable(folder: string): Promise<boolean> {
  return (await namesIn(join(folder, "_versions"))).length > 0;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

/** Lance's errors are texts: the first line says what is wrong. */
async function translated<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (cause) {
    if (cause instanceof RerunError) throw cause;
    const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const isInput = /invalid|schema|type|field|column|append/i.test(line);
    throw new RerunError(isInput ? "InvalidArgument" : "Internal", `The table could not be used: ${line}`, { cause });
  }
}
