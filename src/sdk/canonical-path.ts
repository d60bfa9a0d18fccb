import { describe, formatEntityPath, normalizeEntityPath, RerunError, warnOnce } from "../core/index.js";
import type { LogPath } from "./recording-options.js";

/** Canonical text of the path that `call` was given. @throws RerunError `InvalidPath` */
export function canonicalPath(call: string, path: LogPath): string {
  if (typeof path === "string") return normalizeEntityPath(path, warnOnce);
  if (Array.isArray(path)) return formatEntityPath(path.map(String));
  throw new RerunError("InvalidPath", `${call}: entityPath: expected a text or a list of parts, got ${describe(path)}`);
}

/** The entity path of these parts, each taken literally: `newEntityPath(["world", 42, "my image!"])` is `/world/42/my\\ image\\!`. */
export function newEntityPath(parts: readonly (string | number | bigint | boolean)[]): string {
  return canonicalPath("newEntityPath", parts);
}
