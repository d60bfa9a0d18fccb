import { fromBinary } from "@bufbuild/protobuf";
import type * as arrow from "apache-arrow";
import { getHost, RerunError } from "../core/index.js";
import { arrowSchema, DataFrame, type FrameSource, type WaitOptions } from "../dataset/index.js";
import { LanceTableSchema, type TableDetails, type TableEntry as TableEntryMessage, TableInsertMode } from "../protos/redap.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { type DatasetEntry, readDataset } from "./dataset-entry.js";
import type { RegisterBlueprintOptions } from "./dataset-record.js";
import { type Entry, type EntryKind, EntryRecord } from "./entry.js";
import { entryHtml } from "./entry-html.js";
import { type EntryId, entryIdFrom, entryIdMessage } from "./entry-id.js";
import { registerReplacing } from "./register-files.js";
import { type NamedColumns, partsOfRows, type TableRows } from "./table-rows.js";
import { fieldsOf, frameOfPart } from "./tables.js";

/** A table of a catalog, kept on the server. */
export class TableEntry implements Entry {
  readonly #context: CatalogContext;
  readonly #record: EntryRecord;
  readonly #storageUrl: string;
  #details: TableDetails | undefined;

  /** @internal */
  constructor(context: CatalogContext, message: TableEntryMessage | undefined) {
    this.#context = context;
    this.#record = new EntryRecord(context, message?.details);
    this.#storageUrl = urlOf(message);
    this.#details = message?.tableDetails;
    getHost()?.makeRich?.(this, { text: () => this.toString(), html: () => entryHtml([this]) });
  }

  get id(): EntryId {
    return this.#record.id;
  }

  get name(): string {
    return this.#record.name;
  }

  get kind(): EntryKind {
    return this.#record.kind;
  }

  get createdAt(): Date {
    return this.#record.createdAt;
  }

  get updatedAt(): Date {
    return this.#record.updatedAt;
  }

  get catalog(): Catalog {
    return this.#context.catalog;
  }

  /** Where the server keeps the rows; empty for the server's own tables. */
  get storageUrl(): string {
    return this.#storageUrl;
  }

  delete(options?: WaitOptions): Promise<void> {
    return this.#record.delete(options);
  }

  setName(name: string, options?: WaitOptions): Promise<void> {
    return this.#record.setName(name, options);
  }

  async arrowSchema({ signal }: WaitOptions = {}): Promise<arrow.Schema> {
    const { fields, metadata } = await this.#fields(signal);
    return arrowSchema(fields, metadata);
  }

  /** The rows, read when they are asked for. */
  reader(): DataFrame {
    return new DataFrame(this.source(), { memoryLimitBytes: this.#context.memoryLimitBytes });
  }

  /** The rows as record batches, as they come from the server. */
  toArrowReader(options: WaitOptions = {}): AsyncGenerator<arrow.RecordBatch, void, undefined> {
    return this.reader().batches(options);
  }

  /** @internal The rows, for SQL. */
  source(): FrameSource {
    return {
      open: async (openSignal) => {
        const { fields, metadata } = await this.#fields(openSignal);
        const { connection } = this.#context;
        const request = { tableId: entryIdMessage(this.id) };
        const entry = this.id;
        return {
          fields,
          metadata,
          async *batches({ outputs, signal = openSignal } = {}) {
            for await (const { dataframePart } of connection.stream((client, call) => client.scanTable(request, call), {
              entry,
              signal,
            })) {
              for (const { numRows, columns } of frameOfPart(dataframePart).batches) {
                yield { numRows, columns: outputs === undefined ? columns : outputs.flatMap((i) => columns[i] ?? []) };
              }
            }
          },
        };
      },
    };
  }

  /**
   * Adds rows: a table or record batches of apache-arrow, a frame, or an object of columns by name.
   *
   * ```ts
   * await table.append({ id: [1, 2], label: ["a", "b"] });
   * ```
   * @throws RerunError `InvalidArgument` for columns that the table does not have, or of different lengths
   */
  append(rows: TableRows | NamedColumns, options: WaitOptions = {}): Promise<void> {
    return this.#write(rows, TableInsertMode.APPEND, options);
  }

  /** Replaces all rows. */
  overwrite(rows: TableRows | NamedColumns, options: WaitOptions = {}): Promise<void> {
    return this.#write(rows, TableInsertMode.OVERWRITE, options);
  }

  /** Replaces the rows with the same index, adds the others. The index are the columns whose metadata say `rerun:is_table_index` = `true`. */
  upsert(rows: TableRows | NamedColumns, options: WaitOptions = {}): Promise<void> {
    return this.#write(rows, TableInsertMode.REPLACE, options);
  }

  /** Registers a blueprint (`.rbl`) that the server can reach. @throws RerunError `NotFound` when the table has no dataset for them */
  async registerBlueprint(uri: string, options: Omit<RegisterBlueprintOptions, "segmentTable"> = {}): Promise<void> {
    const { setDefault = true, signal } = options;
    const segment = await registerReplacing(this.#context.connection, this.#blueprintDataset, uri, options);
    if (setDefault && segment !== undefined) await this.setDefaultBlueprint(segment, { signal });
  }

  /** Ids of the registered blueprints, sorted. */
  async blueprints(options: WaitOptions = {}): Promise<string[]> {
    return (await this.blueprintDataset(options)).segmentIds(options);
  }

  /** The blueprint that the table opens with, as it was known last. */
  defaultBlueprint(): string | undefined {
    return this.#details?.defaultBlueprintSegment?.id;
  }

  /** @param name `null`: none */
  async setDefaultBlueprint(name: string | null, { signal }: WaitOptions = {}): Promise<void> {
    const { blueprintDataset } = this.#details ?? {};
    const tableDetails = {
      ...(blueprintDataset && { blueprintDataset }),
      ...(name !== null && { defaultBlueprintSegment: { id: name } }),
    };
    const request = { id: entryIdMessage(this.id), tableDetails };
    const settings = { entry: this.id, signal, changes: true };
    const { table } = await this.#context.connection.call((client, call) => client.updateTableEntry(request, call), settings);
    this.#details = table?.tableDetails;
  }

  /** The hidden dataset of blueprints that belongs to the table. @throws RerunError `NotFound` when it has none */
  async blueprintDataset({ signal }: WaitOptions = {}): Promise<DatasetEntry> {
    return readDataset(this.#context, this.#blueprintDataset, signal);
  }

  toString(): string {
    return `Entry(${this.kind}, '${this.name}')`;
  }

  get #blueprintDataset(): EntryId {
    const id = this.#details?.blueprintDataset;
    if (id === undefined) throw new RerunError("NotFound", "a blueprint dataset is not configured for this table");
    return entryIdFrom(id);
  }

  async #fields(signal: AbortSignal | undefined): Promise<ReturnType<typeof fieldsOf>> {
    const request = { tableId: entryIdMessage(this.id) };
    const settings = { entry: this.id, signal };
    return fieldsOf(
      (await this.#context.connection.call((client, call) => client.getTableSchema(request, call), settings)).schema,
    );
  }

  async #write(rows: TableRows | NamedColumns, insertMode: TableInsertMode, { signal }: WaitOptions): Promise<void> {
    const parts = partsOfRows(rows, () => this.arrowSchema({ signal }), signal);
    async function* messages() {
      for await (const dataframePart of parts) yield { dataframePart, insertMode };
    }
    const settings = { entry: this.id, signal };
    await this.#context.connection.send((client, call) => client.writeTable(messages(), call), settings);
  }
}

function urlOf(message: TableEntryMessage | undefined): string {
  const details = message?.providerDetails;
  if (details === undefined || !details.typeUrl.endsWith("LanceTable")) return "";
  return fromBinary(LanceTableSchema, details.value).tableUrl;
}
