import { constants } from "node:fs";
import { link, mkdir, open, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { newUuid, RerunError } from "../../core/index.js";
import { pathOfUrl, readFileTail, removeStale, statFile, walk } from "./file-system.js";
import { HandleCache } from "./handle-cache.js";
import type { ListedObject, ObjectStat, ObjectStorage, ObjectTail, ReadOptions } from "./segment-storage.js";

/** Written here first. */
const PENDING = ".pending";

/**
 * Objects as files below one folder of the server.
 *
 * An object is written beside its place, flushed to the disk and then linked to its name: it is there whole or not at all, also
 * after the machine stopped.
 */
export class DiskStorage implements ObjectStorage {
  readonly #root: string;
  readonly #handles = new HandleCache();
  /** What is being written. */
  readonly #writing = new Set<Promise<unknown>>();

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async read(object: string, offset: number, length: number, options?: ReadOptions): Promise<Uint8Array> {
    return this.#handles.read(this.#pathOf(object), object, offset, length, options);
  }

  async readTail(object: string, maxBytes: number): Promise<ObjectTail | undefined> {
    return readFileTail(this.#pathOf(object), maxBytes);
  }

  async stat(object: string): Promise<ObjectStat | undefined> {
    const found = await statFile(this.#pathOf(object));
    return found === undefined ? undefined : { bytes: found.bytes, version: found.version };
  }

  create(object: string, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists"> {
    const result = this.#create(object, body);
    const settled = result.catch(() => undefined).finally(() => this.#writing.delete(settled));
    this.#writing.add(settled);
    return result;
  }

  async #create(object: string, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists"> {
    const path = this.#pathOf(object);
    if ((await statFile(path)) !== undefined) return "exists";
    const pending = join(this.#root, PENDING, newUuid());
    await mkdir(dirname(pending), { recursive: true });
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeDurably(pending, body);
      return await linkOnce(pending, path);
    } finally {
      await rm(pending, { force: true });
    }
  }

  async remove(object: string): Promise<void> {
    const path = this.#pathOf(object);
    await this.#handles.noteIdentity(path, undefined);
    await rm(path, { force: true });
  }

  async *list(prefix: string): AsyncGenerator<ListedObject, void, undefined> {
    const folder = this.#pathOf(prefix.slice(0, prefix.lastIndexOf("/") + 1) || ".");
    for await (const { path, bytes } of walk(folder)) {
      const object = relative(this.#root, path).split(sep).join("/");
      if (object.startsWith(prefix) && !object.startsWith(`${PENDING}/`)) yield { object, bytes };
    }
  }

  async directUrl(): Promise<undefined> {
    return undefined;
  }

  /** For a `file://` URL below the folder: wherever that lies by now, the object is the same. */
  objectOf(uri: string): string | undefined {
    const path = pathOfUrl(uri);
    if (path === undefined) return undefined;
    const object = relative(this.#root, path).split(sep).join("/");
    const isOutside = object === "" || object === ".." || object.startsWith("../") || object.startsWith(`${PENDING}/`);
    return isOutside || isAbsolute(object) ? undefined : object + (uri.endsWith("/") ? "/" : "");
  }

  urlOf(object: string): string {
    return pathToFileURL(this.#pathOf(object)).href;
  }

  async checkAllowed(): Promise<void> {
    // All that lies here was put here by users.
  }

  async isFolder(object: string): Promise<boolean> {
    return (await this.list(object.endsWith("/") ? object : `${object}/`).next()).done !== true;
  }

  /** Removes what was half written when a server before this one ended; another one may be writing just now. */
  async clearPending(): Promise<void> {
    for await (const { path } of walk(join(this.#root, PENDING))) await removeStale(path);
  }

  /** Waits for what is being written: who writes must have been told to end. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
    await this.#handles.close();
  }

  /** Where an object lies. @throws RerunError `InvalidArgument` for a name that leads out of the folder */
  #pathOf(object: string): string {
    const path = resolve(this.#root, object);
    if (path !== this.#root && !path.startsWith(this.#root + sep)) {
      throw new RerunError("InvalidArgument", `The object name leads out of the storage: ${object}`);
    }
    return path;
  }
}

async function writeDurably(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    for await (const piece of body) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function linkOnce(from: string, to: string): Promise<"created" | "exists"> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return "exists";
    throw error;
  }
  const folder = await open(dirname(to));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return "created";
}
