import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { RerunError } from "../core/index.js";

/** Lets `write` make a file beside `path` and puts it there when it is complete. What stood there stays until then. */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("E")) {
      throw new RerunError("InvalidArgument", `The file cannot be written (${cause.code}): ${path}`, { cause });
    }
    throw cause;
  }
}
