import { describe, formatEntityPath, normalizeEntityPath, RerunError, warnOnce } from "../core/index.js";
import type { LogPath } from "./recording-options.js";

/** Canonical text of the path that a call was given. @throws RerunError `InvalidPath` */
export function canonicalPath(path: LogPath): string {
  if (typeof path === "string") return normalizeEntityPath(path, warnOnce);
  if (Array.isArray(path)) return formatEntityPath(path.map(String));
  throw new RerunError("InvalidPath", `Entity path: expected a text or a list of parts, got ${describe(path)}`);
}
