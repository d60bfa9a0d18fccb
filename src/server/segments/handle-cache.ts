import { type FileHandle, open } from "node:fs/promises";
import { RerunError } from "../../core/index.js";
import { changedObject } from "./changed-object.js";
import { identityOf, isMissing, readExactly, statFile } from "./file-system.js";
import type { ReadOptions } from "./segment-storage.js";

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  /** Of the file when it was opened. */
  identity?: string;
  users: number;
  isForgotten: boolean;
}

/** Open files, so that many small reads of one file open it once. At most `limit` stay open without being read. */
export class HandleCache {
  readonly #limit: number;
  /** In order of last use. */
  readonly #files = new Map<string, OpenFile>();

  constructor(limit = 64) {
    this.#limit = limit;
  }

  /** @throws RerunError `NotFound` */
  async use<T>(path: string, fn: (handle: FileHandle) => Promise<T>): Promise<T> {
    const file = this.#files.get(path) ?? openForReading(path);
    this.#files.delete(path);
    this.#files.set(path, file);
    file.users++;
    try {
      return await fn(await file.handle);
    } catch (error) {
      if (isMissing(error)) await this.#forget(path);
      throw error;
    } finally {
      file.users--;
      if (file.isForgotten && file.users === 0) await closeFile(file);
      else await this.#closeOldest();
    }
  }

  /** Exactly these bytes of the file at a path, which is `object`. @throws RerunError as `SegmentStorage.read` */
  async read(path: string, object: string, offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const { signal, version } = options;
    signal?.throwIfAborted();
    if (version !== undefined) await this.#checkVersion(path, object, version);
    return this.use(path, (handle) => readExactly(handle, offset, length, object));
  }

  async #checkVersion(path: string, object: string, version: string): Promise<void> {
    const found = await statFile(path);
    await this.noteIdentity(path, found?.identity);
    if (found === undefined) throw new RerunError("NotFound", `The file is not there: ${object}`);
    if (found.version !== version) throw changedObject(object, version, found.version);
  }

  /** Tells which file is at a path now (`undefined`: none): one that was replaced is opened anew. */
  async noteIdentity(path: string, identity: string | undefined): Promise<void> {
    const file = this.#files.get(path);
    if (file?.identity !== undefined && file.identity !== identity) await this.#forget(path);
  }

  async close(): Promise<void> {
    for (const path of [...this.#files.keys()]) await this.#forget(path);
  }

  async #forget(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    file.isForgotten = true;
    if (file.users === 0) await closeFile(file);
  }

  async #closeOldest(): Promise<void> {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= this.#limit) return;
      if (file.users === 0) await this.#forget(path);
    }
  }
}

function openForReading(path: string): OpenFile {
  const opening = async (): Promise<FileHandle> => {
    try {
      const handle = await open(path);
      file.identity = identityOf(await handle.stat({ bigint: true }));
      return handle;
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new RerunError("NotFound", `The file is not there: ${path}`, { cause });
    }
  };
  const file: OpenFile = { handle: Promise.resolve().then(opening), users: 0, isForgotten: false };
  return file;
}

async function closeFile(file: OpenFile): Promise<void> {
  // A file that could not be opened has nothing to close; whoever used it has heard.
  await file.handle.then(
    (handle) => handle.close(),
    () => undefined,
  );
}
