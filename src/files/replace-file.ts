import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { access, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Lets `write` make a file beside `path` and puts it there when it is complete, on the disk. What stood there stays until then.
 * What `write` and the file system throw is passed on, and nothing is left behind.
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = besides(path);
  try {
    await access(dirname(path));
    await write(temporary);
    // The name must not be on the disk before the bytes.
    const file = await open(temporary, "r+");
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The same at once, for a few bytes. */
export function replaceFileSync(path: string, bytes: Uint8Array): void {
  const temporary = besides(path);
  try {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function besides(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.partial`;
}
