import { randomUUID } from "node:crypto";
import { access, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { RerunError } from "../core/index.js";

/**
 * Lets `write` make a file beside `path` and puts it there when it is complete, on the disk. What stood there stays until then.
 *
 * @throws RerunError `InvalidArgument` when it cannot be written
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await access(dirname(path));
    await write(temporary);
    await putOnDisk(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("E")) {
      throw new RerunError("InvalidArgument", `The file cannot be written (${cause.code}): ${path}`, { cause });
    }
    throw cause;
  }
}

/** The name must not be on the disk before the bytes. */
async function putOnDisk(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
