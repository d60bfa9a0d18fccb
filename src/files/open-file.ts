import { type FileHandle, open } from "node:fs/promises";
import { RerunError } from "../core/index.js";

/** Opens a file for reading. @throws RerunError `NotFound` with what the file system says */
export async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new Error(`expected a file, got the folder ${path}`);
    // Their bytes have no places, and no end that is known.
    if (!stats.isFile()) throw new Error(`expected a file, got ${stats.isFIFO() ? "a pipe" : "a device"}: ${path}`);
    return handle;
  } catch (cause) {
    await handle?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("NotFound", `The file cannot be read: ${reason}`, { cause });
  }
}
