import { RerunError } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { type EntryDetails, EntryKind as EntryKindNumber } from "../protos/redap.js";
import type { Connection } from "./connection.js";
import { type EntryId, entryIdFrom, normalEntryId } from "./entry-id.js";

export interface ListOptions extends WaitOptions {
  /** Also what belongs to other entries or to the server itself. Default: false. */
  readonly includeHidden?: boolean | undefined;
}

/** Which entry: its name, or its id. */
export type EntryRef = string | { readonly id: EntryId };

/** What is looked for. */
export type EntryType = "dataset" | "table";

const KINDS: Readonly<Record<EntryType, EntryKindNumber[]>> = {
  dataset: [EntryKindNumber.DATASET],
  table: [EntryKindNumber.TABLE],
};
const KINDS_WITH_HIDDEN: Readonly<Record<EntryType, EntryKindNumber[]>> = {
  dataset: [EntryKindNumber.DATASET, EntryKindNumber.BLUEPRINT_DATASET, EntryKindNumber.ASSET_DATASET],
  table: [EntryKindNumber.TABLE],
};
/** Names of the server's own. */
const HIDDEN_PREFIX = "__";

/** All entries of a type, by name. */
export async function listEntries(
  connection: Connection,
  type: EntryType,
  { includeHidden = false, signal }: ListOptions,
): Promise<EntryDetails[]> {
  const request = { filter: { entryKinds: (includeHidden ? KINDS_WITH_HIDDEN : KINDS)[type] } };
  const { entries } = await connection.call((client, call) => client.findEntries(request, call), { signal });
  return entries
    .filter(({ name = "" }) => includeHidden || !name.startsWith(HIDDEN_PREFIX))
    .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}

/** The id of an entry; hidden ones are found by their names too. @throws RerunError `NotFound`, `InvalidArgument` */
export async function findEntry(
  connection: Connection,
  type: EntryType,
  entry: EntryRef,
  signal: AbortSignal | undefined,
): Promise<EntryId> {
  if (typeof entry === "object" && typeof entry?.id === "string") return normalEntryId(entry.id);
  if (typeof entry !== "string") throw new RerunError("InvalidArgument", "Either a name or { id } must be provided.");
  const request = { filter: { name: entry, entryKinds: KINDS_WITH_HIDDEN[type] } };
  const { entries } = await connection.call((client, call) => client.findEntries(request, call), { signal });
  const [found] = entries;
  if (found === undefined) throw new RerunError("NotFound", `No ${type} found with name '${entry}'`);
  return entryIdFrom(found.id);
}
