import { type BigIntStats, closeSync, openSync, readSync, statSync } from "node:fs";
import { type FileHandle, lstat, opendir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isRerunError, RerunError } from "../../core/index.js";
import type { ObjectStat, ObjectTail } from "./segment-storage.js";

/** Of a `file://` URL; `undefined` for anything else, also when it names another host. */
export function pathOfUrl(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  try {
    return fileURLToPath(url) || undefined;
  } catch {
    return undefined; // It names another host, or no path.
  }
}

/** The files below a folder, by name; a folder that is not there has none. */
export async function* walk(folder: string): AsyncGenerator<{ path: string; bytes: number }, void, undefined> {
  const entries: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, isFolder } of entries) {
    const path = join(folder, name);
    if (isFolder) yield* walk(path);
    else {
      const found = await statFile(path);
      if (found !== undefined) yield { path, bytes: found.bytes };
    }
  }
}

/** What is at a path now. */
export interface FileStat extends ObjectStat {
  /** Tells files apart that were written within one tick of the file system's clock. */
  readonly identity: string;
}

export async function statFile(path: string): Promise<FileStat | undefined> {
  try {
    const stats = await stat(path, { bigint: true });
    if (!stats.isFile()) return undefined;
    return { bytes: Number(stats.size), version: versionOf(stats), identity: identityOf(stats) };
  } catch (error) {
    // A link that leads to itself leads to no file, as one that leads nowhere.
    if (isMissing(error) || (error as Partial<NodeJS.ErrnoException>).code === "ELOOP") return undefined;
    throw error;
  }
}

/** Time of the last change in nanoseconds: it survives a copy that keeps times, so that a moved data folder stays valid. */
function versionOf({ mtimeNs }: BigIntStats): string {
  return String(mtimeNs);
}

export function identityOf({ dev, ino, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${mtimeNs}:${ctimeNs}`;
}

export async function readExactly(handle: FileHandle, offset: number, length: number, object: string): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw new RerunError("CorruptFile", `The file ends at byte ${offset + done}, expected ${offset + length}: ${object}`);
    }
    done += bytesRead;
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}

/**
 * The end of a file that is opened for nothing else. Not asynchronous on purpose: a registration reads thousands of files, and
 * four trips through the thread pool for each take ten times as long as the reading (measured: 0.17 s in place of 0.02 s for 1 000).
 */
export function readFileTail(path: string, maxBytes: number): ObjectTail | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isFile() !== true) return undefined;
  const file = openSync(path, "r");
  try {
    const bytes = Number(stats.size);
    const tail = new Uint8Array(Math.min(bytes, maxBytes));
    const count = readSync(file, tail, 0, tail.length, bytes - tail.length);
    if (count < tail.length) throw new RerunError("CorruptFile", `The file became shorter while it was read: ${path}`);
    return { bytes, version: versionOf(stats), tail };
  } finally {
    closeSync(file);
  }
}

/** What a server has not touched for so long, none has in hand. */
const STALE_MS = 3_600_000;

/** Removes a file or folder that was left behind, unless it was changed within the last hour. */
export async function removeStale(path: string): Promise<void> {
  const { mtimeMs } = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return { mtimeMs: Number.POSITIVE_INFINITY };
    throw error;
  });
  if (Date.now() - mtimeMs >= STALE_MS) await rm(path, { recursive: true, force: true });
}

export function isMissing(error: unknown): boolean {
  const code = (error as Partial<NodeJS.ErrnoException>).code;
  return code === "ENOENT" || code === "ENOTDIR" || isRerunError(error, "NotFound");
}
