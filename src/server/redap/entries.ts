import { create } from "@bufbuild/protobuf";
import { RerunError } from "../../core/index.js";
import {
  type CreateDatasetEntryRequest,
  type CreateDatasetEntryResponse,
  CreateDatasetEntryResponseSchema,
  type DatasetDetails,
  type DeleteEntryRequest,
  type DeleteEntryResponse,
  DeleteEntryResponseSchema,
  EntryKind as EntryKindNumber,
  type FindEntriesRequest,
  type FindEntriesResponse,
  FindEntriesResponseSchema,
  type ReadDatasetEntryResponse,
  ReadDatasetEntryResponseSchema,
  type UpdateDatasetEntryRequest,
  type UpdateDatasetEntryResponse,
  UpdateDatasetEntryResponseSchema,
  type UpdateEntryRequest,
  type UpdateEntryResponse,
  UpdateEntryResponseSchema,
} from "../../protos/redap.js";
import type { CatalogTx, Entry, EntryDetails, EntryKind } from "../catalog/catalog-store.js";
import { type CallHeaders, datasetOf, entryIdFrom, entryNotFound, entryOf, required } from "./entry-ids.js";
import { datasetEntryMessage, entryDetailsMessage, KIND_NUMBERS } from "./entry-messages.js";
import { checkEntryName, checkNewEntryName } from "./entry-names.js";
import type { Platform } from "./platform.js";

/** What a filter without kinds stands for: clients of before asset datasets do not know those. */
const LEGACY_KINDS: readonly EntryKind[] = ["dataset", "table", "blueprintDataset"];

export async function findEntries(platform: Platform, { filter }: FindEntriesRequest): Promise<FindEntriesResponse> {
  const kinds = filter?.entryKinds ?? [];
  if (kinds.includes(EntryKindNumber.UNSPECIFIED)) {
    throw new RerunError("InvalidArgument", "find_entries: entry_kinds must not contain ENTRY_KIND_UNSPECIFIED");
  }
  if (filter?.name !== undefined) checkEntryName(filter.name);
  const numbers = kinds.length > 0 ? kinds : filter?.entryKind === undefined ? [] : [filter.entryKind];
  const id = entryIdFrom(filter?.id);
  const named = filter?.id !== undefined || filter?.name !== undefined;
  const allKinds = Object.keys(KIND_NUMBERS) as EntryKind[];
  const wanted = numbers.length > 0 ? allKinds.filter((kind) => numbers.includes(KIND_NUMBERS[kind])) : LEGACY_KINDS;
  const entries = await platform.catalog.entries({
    ...(named && numbers.length === 0 ? {} : { kinds: wanted }),
    ...(id === undefined ? {} : { id }),
    ...(filter?.name === undefined ? {} : { name: filter.name }),
  });
  return create(FindEntriesResponseSchema, { entries: entries.map(entryDetailsMessage) });
}

export async function createDatasetEntry(
  platform: Platform,
  request: CreateDatasetEntryRequest,
): Promise<CreateDatasetEntryResponse> {
  const name = request.name ?? "";
  checkNewEntryName(name);
  const dataset = await createDataset(platform, name, entryIdFrom(request.id));
  return create(CreateDatasetEntryResponseSchema, { dataset: datasetEntryMessage(dataset) });
}

/** A new dataset with its hidden datasets of blueprints and assets. @throws RerunError `AlreadyExists` */
export function createDataset(platform: Platform, name: string, id: string = platform.newId()): Promise<Entry> {
  return platform.catalog.write([id], async (tx) => {
    if ((await tx.entry(id)) !== undefined) throw new RerunError("AlreadyExists", `Entry id '${id}' already exists`);
    const [blueprintDataset, assetDataset] = [platform.newId(), platform.newId()];
    const dataset = newEntry(platform, { id, name, kind: "dataset", details: { blueprintDataset, assetDataset } });
    await tx.putEntry(dataset);
    await tx.putEntry(newEntry(platform, { id: blueprintDataset, name: `__bp_${id}`, kind: "blueprintDataset", owner: id }));
    await tx.putEntry(newEntry(platform, { id: assetDataset, name: `__as_${id}`, kind: "assetDataset", owner: id }));
    return dataset;
  });
}

type NewEntry = Pick<Entry, "id" | "name" | "kind"> & Partial<Entry>;

export function newEntry(platform: Platform, entry: NewEntry): Entry {
  const now = platform.nowNs();
  return { createdAtNs: now, updatedAtNs: now, revision: 0n, details: {}, ...entry };
}

export async function deleteEntry(
  platform: Platform,
  request: DeleteEntryRequest,
  headers: CallHeaders,
): Promise<DeleteEntryResponse> {
  const entry = await entryOf(platform, headers, request.id);
  if (entry.details.table?.provider === "entries") {
    throw new RerunError("InvalidArgument", `The system table '${entry.name}' cannot be deleted`);
  }
  await platform.catalog.write([entry.id], async (tx) => {
    if (!(await tx.deleteEntry(entry.id))) throw entryNotFound(entry.id);
    if (entry.owner !== undefined) await forgetOwned(tx, entry);
  });
  return create(DeleteEntryResponseSchema);
}

/** A hidden dataset may be deleted on its own: its owner then has none. */
async function forgetOwned(tx: CatalogTx, entry: Entry): Promise<void> {
  const owner = entry.owner === undefined ? undefined : await tx.entry(entry.owner);
  if (owner === undefined) return;
  const { blueprintDataset, assetDataset, ...others } = owner.details;
  const kept: EntryDetails = {
    ...others,
    ...(blueprintDataset === undefined || blueprintDataset === entry.id ? {} : { blueprintDataset }),
    ...(assetDataset === undefined || assetDataset === entry.id ? {} : { assetDataset }),
  };
  await tx.putEntry({ ...owner, details: kept });
}

export async function updateEntry(
  platform: Platform,
  request: UpdateEntryRequest,
  headers: CallHeaders,
): Promise<UpdateEntryResponse> {
  const { name } = required(request.entryDetailsUpdate, "UpdateEntryRequest.entry_details_update");
  const { id } = await entryOf(platform, headers, request.id);
  if (name !== undefined) checkNewEntryName(name);
  const entry = await changeEntry(platform, id, (before) => {
    if (before.details.table?.provider === "entries") {
      throw new RerunError("InvalidArgument", `The system table '${before.name}' cannot be renamed`);
    }
    return name === undefined ? before : { ...before, name };
  });
  return create(UpdateEntryResponseSchema, { entryDetails: entryDetailsMessage(entry) });
}

/** Changes an entry within a transaction; gives the new one. */
export function changeEntry(platform: Platform, id: string, change: (before: Entry) => Entry): Promise<Entry> {
  return platform.catalog.write([id], async (tx) => {
    const before = await tx.entry(id);
    if (before === undefined) throw entryNotFound(id);
    const after = { ...change(before), updatedAtNs: platform.nowNs() };
    await tx.putEntry(after);
    return after;
  });
}

export async function readDatasetEntry(platform: Platform, headers: CallHeaders): Promise<ReadDatasetEntryResponse> {
  return create(ReadDatasetEntryResponseSchema, { dataset: datasetEntryMessage(await datasetOf(platform, headers)) });
}

export async function updateDatasetEntry(
  platform: Platform,
  request: UpdateDatasetEntryRequest,
  headers: CallHeaders,
): Promise<UpdateDatasetEntryResponse> {
  const given = required(request.datasetDetails, "UpdateDatasetEntryRequest.dataset_details");
  const { id } = await datasetOf(platform, headers);
  const details = await datasetDetails(platform, given);
  const entry = await changeEntry(platform, id, (before) => ({ ...before, details }));
  return create(UpdateDatasetEntryResponseSchema, { dataset: datasetEntryMessage(entry) });
}

async function datasetDetails(platform: Platform, message: DatasetDetails): Promise<EntryDetails> {
  const blueprintDataset = await checkedDataset(platform, entryIdFrom(message.blueprintDataset), "blueprintDataset");
  const assetDataset = await checkedDataset(platform, entryIdFrom(message.assetDataset), "assetDataset");
  const defaultBlueprint = message.defaultBlueprintSegment?.id;
  const defaultSegmentTableBlueprint = message.defaultSegmentTableBlueprintSegment?.id;
  return {
    ...(blueprintDataset === undefined ? {} : { blueprintDataset }),
    ...(assetDataset === undefined ? {} : { assetDataset }),
    ...(defaultBlueprint === undefined ? {} : { defaultBlueprint }),
    ...(defaultSegmentTableBlueprint === undefined ? {} : { defaultSegmentTableBlueprint }),
  };
}

const WRONG_KIND = {
  blueprintDataset: "dataset blueprint dataset must be a blueprint dataset",
  assetDataset: "dataset asset dataset must be an asset dataset",
} as const;

/** @throws RerunError when there is no such dataset, or it is of another kind */
export async function checkedDataset(
  platform: Platform,
  id: string | undefined,
  kind: keyof typeof WRONG_KIND,
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const entry = await platform.catalog.entry(id);
  if (entry === undefined) throw entryNotFound(id);
  if (entry.kind !== kind) throw new RerunError("InvalidArgument", WRONG_KIND[kind]);
  return id;
}
