import { readFileSync } from "node:fs";
import { RerunError } from "../../core/index.js";
import { isJsonObject } from "./frames.js";

/** What this package needs of the kernel's connection file. */
export interface ConnectionInfo {
  /** Key of the message signatures; empty = messages are not signed. */
  readonly key: string;
}

/**
 * Path of the connection file in a kernel's command line: `--config-path FILE` or `--config-path=FILE`.
 *
 * @returns `undefined` when the command line names none
 */
export function connectionFilePath(argv: readonly string[]): string | undefined {
  const option = "--config-path";
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (argument === option) return argv[i + 1];
    if (argument?.startsWith(`${option}=`)) return argument.slice(option.length + 1);
  }
  return undefined;
}

/** @throws RerunError `InvalidData` when the file cannot be read or is no connection file */
export function readConnectionFile(path: string): ConnectionInfo {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new RerunError("InvalidData", `The kernel's connection file cannot be read: ${path}`, { cause });
  }
  if (!isJsonObject(value) || typeof value.key !== "string") {
    throw new RerunError("InvalidData", `The kernel's connection file has no key: ${path}`);
  }
  const scheme = value.signature_scheme;
  if (value.key !== "" && scheme !== undefined && scheme !== "hmac-sha256") {
    throw new RerunError("InvalidData", `The kernel signs messages with ${String(scheme)}, expected hmac-sha256: ${path}`);
  }
  return { key: value.key };
}
