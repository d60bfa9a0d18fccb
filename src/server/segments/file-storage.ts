import { readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RerunError } from "../../core/index.js";
import { isMissing, pathOfUrl, readFileTail, statFile, walk } from "./file-system.js";
import { HandleCache } from "./handle-cache.js";
import type { ListedObject, ObjectStat, ObjectTail, ReadOptions, SourceStorage } from "./segment-storage.js";

/** Files that stay where their owners put them, named by `file://` URLs. They are only read. */
export class FileStorage implements SourceStorage {
  readonly #handles = new HandleCache();
  readonly #roots: readonly string[] | undefined;

  /** @param roots folders below which files may be registered; `undefined`: anywhere */
  constructor(roots?: readonly string[]) {
    this.#roots = roots;
  }

  async read(object: string, offset: number, length: number, options?: ReadOptions): Promise<Uint8Array> {
    return this.#handles.read(fileOf(object), object, offset, length, options);
  }

  async readTail(object: string, maxBytes: number): Promise<ObjectTail | undefined> {
    return readFileTail(fileOf(object), maxBytes);
  }

  async stat(object: string): Promise<ObjectStat | undefined> {
    const path = fileOf(object);
    const found = await statFile(path);
    await this.#handles.noteIdentity(path, found?.identity);
    return found === undefined ? undefined : { bytes: found.bytes, version: found.version };
  }

  async *list(prefix: string): AsyncGenerator<ListedObject, void, undefined> {
    for await (const { path, bytes } of walk(fileOf(prefix))) yield { object: pathToFileURL(path).href, bytes };
  }

  async isFolder(object: string): Promise<boolean> {
    const found = await stat(fileOf(object)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    return found?.isDirectory() === true;
  }

  async directUrl(): Promise<undefined> {
    return undefined;
  }

  /** For a `file://` URL or an absolute path of this machine. */
  objectOf(uri: string): string | undefined {
    if (isAbsolute(uri)) return pathToFileURL(uri).href;
    return pathOfUrl(uri) === undefined ? undefined : uri;
  }

  urlOf(object: string): string {
    return object;
  }

  /** Links are followed first. */
  async checkAllowed(object: string): Promise<void> {
    if (this.#roots === undefined) return;
    const real = await realPathOf(fileOf(object));
    const isInside = this.#roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
    if (!isInside) {
      throw new RerunError(
        "PermissionDenied",
        `The file lies outside the folders that this server may read. Start it with --root for another one: ${object}`,
      );
    }
  }

  close(): Promise<void> {
    return this.#handles.close();
  }
}

/** Without links; of what is not there yet, without those of the folders above. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
    // A link that leads nowhere is not followed by who creates a file there, but may lead somewhere tomorrow.
    const target = await readlink(path).catch(() => undefined);
    if (target !== undefined) return realPathOf(resolve(dirname(path), target));
    return join(await realPathOf(dirname(path)), basename(path));
  }
}

function fileOf(object: string): string {
  return fileURLToPath(object);
}
