import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { arrowTableFromIpc } from "../../chunk/arrow.js";
import { fixedSizeBinaryArray, numberArray, textArray } from "../../chunk/index.js";
import { RerunError, tuidFromHex, UINT8 } from "../../core/index.js";
import {
  type CreateTableEntryRequest,
  type CreateTableEntryResponse,
  CreateTableEntryResponseSchema,
  type GetTableSchemaRequest,
  type GetTableSchemaResponse,
  GetTableSchemaResponseSchema,
  LanceTableSchema,
  type ReadTableEntryRequest,
  type ReadTableEntryResponse,
  ReadTableEntryResponseSchema,
  type RegisterTableRequest,
  type RegisterTableResponse,
  RegisterTableResponseSchema,
  type ScanTableRequest,
  type ScanTableResponse,
  ScanTableResponseSchema,
  type Schema,
  TableInsertMode,
  type UpdateTableEntryRequest,
  type UpdateTableEntryResponse,
  UpdateTableEntryResponseSchema,
  type WriteTableRequest,
  type WriteTableResponse,
  WriteTableResponseSchema,
} from "../../protos/redap.js";
import { dataframePartFromIpc, decodeMessage, ipcFromDataframePart, tableFromDataframePart } from "../../rpc/index.js";
import type { Entry } from "../catalog/catalog-store.js";
import type { InsertMode } from "../tables/table-storage.js";
import { type Column, column, dataframe, schemaMessage, TIMESTAMP } from "./dataframe.js";
import { changeEntry, checkedDataset, newEntry } from "./entries.js";
import { type CallHeaders, entryIdFrom, required, tableOf } from "./entry-ids.js";
import { KIND_NUMBERS, tableEntryMessage } from "./entry-messages.js";
import { checkNewEntryName } from "./entry-names.js";
import type { Platform } from "./platform.js";

/** The server's own table of all entries. */
export const ENTRIES_TABLE = "__entries";

const MODES: Readonly<Record<TableInsertMode, InsertMode>> = {
  [TableInsertMode.UNSPECIFIED]: "append",
  [TableInsertMode.APPEND]: "append",
  [TableInsertMode.OVERWRITE]: "overwrite",
  [TableInsertMode.REPLACE]: "replace",
  [TableInsertMode.UPDATE]: "update",
};

export async function createTableEntry(platform: Platform, request: CreateTableEntryRequest): Promise<CreateTableEntryResponse> {
  const { name, schema } = request;
  checkNewEntryName(name);
  await checkNameFree(platform, name);
  const ipc = schemaIpc(schema);
  const id = platform.newId();
  const place = await placeOf(platform, request.providerDetails, id);
  try {
    await platform.tables.create(id, place, ipc);
    const entry = await putTable(platform, id, name, place);
    return create(CreateTableEntryResponseSchema, { table: tableEntryMessage(platform, entry) });
  } catch (error) {
    await platform.tables.discard(id);
    throw error;
  }
}

export async function registerTable(platform: Platform, request: RegisterTableRequest): Promise<RegisterTableResponse> {
  checkNewEntryName(request.name);
  const { entry } = await attachTable(platform, request.name, await givenUrl(platform, request.providerDetails));
  return create(RegisterTableResponseSchema, { tableEntry: tableEntryMessage(platform, entry) });
}

/** A new entry for a table that exists. */
export async function attachTable(platform: Platform, name: string, url: string): Promise<{ readonly entry: Entry }> {
  await checkNameFree(platform, name);
  const id = platform.newId();
  try {
    await platform.tables.attach(id, url);
    return { entry: await putTable(platform, id, name, url) };
  } catch (error) {
    await platform.tables.detach(id);
    throw error;
  }
}

async function checkNameFree(platform: Platform, name: string): Promise<void> {
  const [other] = await platform.catalog.entries({ name });
  if (other !== undefined) throw new RerunError("AlreadyExists", `Entry name '${name}' already exists`);
}

function putTable(platform: Platform, id: string, name: string, place: string): Promise<Entry> {
  return platform.catalog.write([id], async (tx) => {
    const blueprintDataset = platform.newId();
    const details = { blueprintDataset, table: { provider: "lance", url: place } } as const;
    const entry = newEntry(platform, { id, name, kind: "table", details });
    await tx.putEntry(entry);
    await tx.putEntry(newEntry(platform, { id: blueprintDataset, name: `__bp_${id}`, kind: "blueprintDataset", owner: id }));
    return entry;
  });
}

async function placeOf(platform: Platform, details: Any | undefined, id: string): Promise<string> {
  const isGiven = details !== undefined && details.value.length > 0;
  return isGiven ? givenUrl(platform, details) : platform.tables.ownPlace(id);
}

async function givenUrl(platform: Platform, details: Any | undefined): Promise<string> {
  if (details === undefined || !details.typeUrl.endsWith(`/${LanceTableSchema.typeName}`)) {
    throw new RerunError(
      "InvalidArgument",
      `expected provider details of type ${LanceTableSchema.typeName}, got '${details?.typeUrl ?? ""}'`,
    );
  }
  const { tableUrl: url } = decodeMessage(LanceTableSchema, details.value);
  const object = platform.files.objectOf(url);
  if (object === undefined) throw new RerunError("InvalidArgument", `a table lies in a folder of this machine, got: ${url}`);
  await platform.files.checkAllowed(object);
  return url;
}

export async function readTableEntry(
  platform: Platform,
  request: ReadTableEntryRequest,
  headers: CallHeaders,
): Promise<ReadTableEntryResponse> {
  const entry = await tableOf(platform, headers, request.id, notATable);
  return create(ReadTableEntryResponseSchema, { table: tableEntryMessage(platform, entry) });
}

export async function updateTableEntry(
  platform: Platform,
  request: UpdateTableEntryRequest,
  headers: CallHeaders,
): Promise<UpdateTableEntryResponse> {
  const given = required(request.tableDetails, "UpdateTableEntryRequest.table_details");
  const { id } = await tableOf(platform, headers, request.id, notATable);
  const blueprintDataset = await checkedDataset(platform, entryIdFrom(given.blueprintDataset), "blueprintDataset");
  const defaultBlueprint = given.defaultBlueprintSegment?.id;
  const entry = await changeEntry(platform, id, (before) => ({
    ...before,
    details: {
      ...(before.details.table === undefined ? {} : { table: before.details.table }),
      ...(blueprintDataset === undefined ? {} : { blueprintDataset }),
      ...(defaultBlueprint === undefined ? {} : { defaultBlueprint }),
    },
  }));
  return create(UpdateTableEntryResponseSchema, { table: tableEntryMessage(platform, entry) });
}

export async function getTableSchema(
  platform: Platform,
  request: GetTableSchemaRequest,
  headers: CallHeaders,
): Promise<GetTableSchemaResponse> {
  const entry = await tableOf(platform, headers, request.tableId);
  const place = lancePlace(entry);
  if (place === undefined) {
    const columns = entriesColumns([]);
    return create(GetTableSchemaResponseSchema, { schema: schemaMessage(columns.map(({ field }) => field)) });
  }
  const arrowSchema = await platform.tables.schema(entry.id, place);
  return create(GetTableSchemaResponseSchema, { schema: { arrowSchema } });
}

export async function* scanTable(
  platform: Platform,
  request: ScanTableRequest,
  headers: CallHeaders,
): AsyncGenerator<ScanTableResponse> {
  const entry = await tableOf(platform, headers, request.tableId);
  const place = lancePlace(entry);
  if (place === undefined) {
    const entries = await platform.catalog.entries({});
    yield create(ScanTableResponseSchema, { dataframePart: dataframe(entriesColumns(entries), entries.length) });
    return;
  }
  for await (const batch of platform.tables.scan(entry.id, place)) {
    yield create(ScanTableResponseSchema, { dataframePart: dataframePartFromIpc(batch) });
  }
}

/** Each message is committed by itself, in order; the call is answered when all are, and the catalog knows. */
export async function writeTable(
  platform: Platform,
  requests: AsyncIterable<WriteTableRequest>,
  headers: CallHeaders,
): Promise<WriteTableResponse> {
  const entry = await tableOf(platform, headers);
  const place = lancePlace(entry);
  if (place === undefined) throw new RerunError("InvalidArgument", `The system table '${entry.name}' cannot be written`);
  let isChanged = false;
  for await (const { dataframePart, insertMode } of requests) {
    tableFromDataframePart(dataframePart); // Refuses what is damaged before anything is written.
    const rows = ipcFromDataframePart(dataframePart);
    await platform.tables.write(entry.id, place, { mode: MODES[insertMode] ?? "append", rows });
    isChanged = true;
  }
  if (isChanged) await changeEntry(platform, entry.id, (before) => ({ ...before, revision: before.revision + 1n }));
  return create(WriteTableResponseSchema);
}

function notATable(id: string): string {
  return `table with entry ID '${id}' not found`;
}

function lancePlace({ details: { table } }: Entry): string | undefined {
  return table?.provider === "lance" ? table.url : undefined;
}

function schemaIpc(message: Schema | undefined): Uint8Array {
  const bytes = required(message?.arrowSchema, "CreateTableEntryRequest.schema");
  try {
    if (bytes.length === 0) throw new TypeError("it is empty");
    arrowTableFromIpc(bytes);
    return bytes;
  } catch (cause) {
    throw new RerunError("InvalidArgument", `the schema cannot be read: ${String(cause)}`, { cause });
  }
}

function entriesColumns(entries: readonly Entry[]): Column[] {
  const kind = new Map([["rerun:component_type", "rerun.components.EntryKind"]]);
  return [
    column(
      "id",
      false,
      fixedSizeBinaryArray(
        16,
        entries.map(({ id }) => tuidFromHex(id)),
      ),
    ),
    column("name", false, textArray(entries.map(({ name }) => name))),
    column(
      "entry_kind",
      false,
      numberArray(
        UINT8,
        entries.map((entry) => KIND_NUMBERS[entry.kind]),
      ),
      kind,
    ),
    column(
      "created_at",
      false,
      numberArray(
        TIMESTAMP,
        entries.map(({ createdAtNs }) => createdAtNs),
      ),
    ),
    column(
      "updated_at",
      false,
      numberArray(
        TIMESTAMP,
        entries.map(({ updatedAtNs }) => updatedAtNs),
      ),
    ),
  ];
}
