import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { RerunError } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import { type EntryDetails, EntryKind as EntryKindNumber } from "../protos/redap.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { type EntryId, entryIdFrom, entryIdMessage } from "./entry-id.js";

/** What an entry of a catalog is. */
export type EntryKind = "dataset" | "dataset_view" | "table" | "table_view" | "blueprint_dataset" | "asset_dataset";

const KINDS: ReadonlyMap<EntryKindNumber, EntryKind> = new Map([
  [EntryKindNumber.DATASET, "dataset"],
  [EntryKindNumber.DATASET_VIEW, "dataset_view"],
  [EntryKindNumber.TABLE, "table"],
  [EntryKindNumber.TABLE_VIEW, "table_view"],
  [EntryKindNumber.BLUEPRINT_DATASET, "blueprint_dataset"],
  [EntryKindNumber.ASSET_DATASET, "asset_dataset"],
]);

/** What datasets and tables have in common. */
export interface Entry {
  readonly id: EntryId;
  readonly name: string;
  readonly kind: EntryKind;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly catalog: Catalog;
  /** Deletes the entry on the server, with the hidden datasets that it owns. */
  delete(options?: WaitOptions): Promise<void>;
  /** Renames the entry. @throws RerunError `AlreadyExists`, `InvalidArgument` */
  setName(name: string, options?: WaitOptions): Promise<void>;
}

/** The kind in a message. */
export function entryKindOf(kind: EntryKindNumber): EntryKind {
  const found = KINDS.get(kind);
  if (found === undefined) throw new RerunError("InvalidData", `the server has an entry of the unknown kind ${kind}`);
  return found;
}

/** What the server says of an entry, and what changes it. */
export class EntryRecord {
  readonly id: EntryId;
  readonly kind: EntryKind;
  readonly createdAt: Date;
  readonly #context: CatalogContext;
  #name: string;
  #updatedAt: Date;

  constructor(context: CatalogContext, details: EntryDetails | undefined) {
    if (details === undefined) throw new RerunError("InvalidData", "the server's answer lacks the details of an entry");
    this.id = entryIdFrom(details.id);
    this.kind = entryKindOf(details.entryKind);
    this.createdAt = dateOf(details.createdAt);
    this.#updatedAt = dateOf(details.updatedAt);
    this.#name = details.name ?? "";
    this.#context = context;
  }

  get name(): string {
    return this.#name;
  }

  get updatedAt(): Date {
    return this.#updatedAt;
  }

  async delete({ signal }: WaitOptions = {}): Promise<void> {
    const settings = { entry: this.id, signal, changes: true };
    await this.#context.connection.call(
      (client, options) => client.deleteEntry({ id: entryIdMessage(this.id) }, options),
      settings,
    );
  }

  async setName(name: string, { signal }: WaitOptions = {}): Promise<void> {
    const settings = { entry: this.id, signal, changes: true };
    const request = { id: entryIdMessage(this.id), entryDetailsUpdate: { name } };
    const { entryDetails } = await this.#context.connection.call(
      (client, options) => client.updateEntry(request, options),
      settings,
    );
    this.#name = entryDetails?.name ?? name;
    if (entryDetails?.updatedAt !== undefined) this.#updatedAt = dateOf(entryDetails.updatedAt);
  }
}

function dateOf(time: Timestamp | undefined): Date {
  return new Date(Number(time?.seconds ?? 0n) * 1000 + (time?.nanos ?? 0) / 1e6);
}
