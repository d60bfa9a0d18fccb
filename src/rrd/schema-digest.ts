import { schemaToIpc } from "../chunk/arrow.js";
import type { Field } from "../core/index.js";
import { sha256 } from "./sha256.js";

const NO_METADATA: ReadonlyMap<string, string> = new Map();

/** What stands for the columns of a recording: the 32 bytes of a hash, the same in whatever order they are. */
export function schemaDigest(fields: readonly Field[]): Uint8Array {
  const byName = [...fields].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return sha256(schemaToIpc(byName, NO_METADATA));
}
