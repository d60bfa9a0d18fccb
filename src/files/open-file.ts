import { type FileHandle, open } from "node:fs/promises";
import { RerunError } from "../core/index.js";

/** Opens a file for reading. @throws RerunError `NotFound` with what the file system says */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RerunError("NotFound", `The file cannot be read: ${reason}`, { cause });
  }
}
