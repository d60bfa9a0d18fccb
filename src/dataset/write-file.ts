import { RerunError } from "../core/index.js";
import { replaceFile } from "../files/index.js";

/** Lets `write` make a file that takes its place when it is complete. @throws RerunError `InvalidArgument` when it cannot be written */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  try {
    await replaceFile(path, write);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("E")) {
      throw new RerunError("InvalidArgument", `The file cannot be written (${cause.code}): ${path}`, { cause });
    }
    throw cause;
  }
}
