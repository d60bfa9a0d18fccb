import { create, toBinary } from "@bufbuild/protobuf";
import type * as arrow from "apache-arrow";
import { fieldFromArrow, schemaToIpc } from "../chunk/arrow.js";
import { createTuidSource, getHost, isRerunError, newTuidHex } from "../core/index.js";
import { DataFrame, duckDbEngine, memorySource, type WaitOptions } from "../dataset/index.js";
import { type EntryDetails, LanceTableSchema } from "../protos/redap.js";
import { DEFAULT_QUERY_BYTES } from "../store/index.js";
import { askAll } from "./ask-all.js";
import { type BenchmarkOptions, type BenchmarkResult, benchmark } from "./benchmark.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { type ConnectOptions, connect } from "./connect.js";
import type { Connection } from "./connection.js";
import { DatasetEntry, readDataset } from "./dataset-entry.js";
import { entryHtml } from "./entry-html.js";
import { type EntryId, entryIdFrom } from "./entry-id.js";
import { type EntryRef, findEntry, type ListOptions, listEntries } from "./find-entries.js";
import { type StageOptions, stageObject } from "./stage.js";
import { TableEntry } from "./table-entry.js";

export interface VersionInfo {
  readonly version: string;
  readonly cloudProvider: string | undefined;
  readonly cloudRegion: string | undefined;
  readonly features: readonly string[];
}

/**
 * A data platform: the entries of its catalog.
 *
 * ```ts
 * const client = await CatalogClient.connect("rerun+http://localhost:51234");
 * const dataset = await client.getDataset("name");
 * const table = await dataset.reader("frame").toArrow();
 * await client.close();
 * ```
 */
export class CatalogClient implements Catalog {
  /** Address of the server. */
  readonly url: string;
  readonly #context: CatalogContext;

  private constructor(connection: Connection, memoryLimitBytes: number) {
    this.url = connection.url.href;
    this.#context = { catalog: this, connection, memoryLimitBytes };
    getHost()?.makeRich?.(this, { text: () => this.toString(), html: async () => entryHtml(await this.entries(), this.url) });
  }

  /**
   * Connects, and makes sure that the server answers.
   *
   * @param url such as `rerun+http://localhost:51234` or `rerun://host`
   * @throws RerunError `InvalidArgument` for an address that is none, `Unavailable` when nothing answers there, `Unauthenticated`
   */
  static async connect(url: string, options: ConnectOptions = {}): Promise<CatalogClient> {
    const { memoryLimitBytes = DEFAULT_QUERY_BYTES } = options;
    return new CatalogClient(await connect(url, options), memoryLimitBytes);
  }

  /** Version and abilities of the server. */
  async versionInfo({ signal }: WaitOptions = {}): Promise<VersionInfo> {
    const { version, cloudProvider, cloudRegion, features } = await this.#context.connection.call(
      (client, call) => client.version({}, call),
      { signal },
    );
    return { version, cloudProvider, cloudRegion, features };
  }

  /** Measures round trip and download. */
  benchmark(options: BenchmarkOptions = {}): Promise<BenchmarkResult> {
    return benchmark(this.#context.connection, options);
  }

  /**
   * Uploads one object, a file by its path or bytes, into the server's storage; never over one that is there.
   *
   * @returns its URL there, to be registered
   * @throws RerunError `AlreadyExists`, `InvalidArgument` for a key that the server does not take
   */
  stage(source: string | Uint8Array, options: StageOptions): Promise<string> {
    return stageObject(this.#context.connection, source, options);
  }

  /** Datasets and tables, by name. */
  async entries(options: ListOptions = {}): Promise<(DatasetEntry | TableEntry)[]> {
    const found = [...(await this.datasets(options)), ...(await this.tables(options))];
    return rich(found.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  /** By name. */
  async datasets(options: ListOptions = {}): Promise<DatasetEntry[]> {
    const details = await listEntries(this.#context.connection, "dataset", options);
    const read = ({ id }: EntryDetails, signal: AbortSignal) => readDataset(this.#context, entryIdFrom(id), signal);
    return rich(await askAll(details, read, options.signal));
  }

  /** By name. */
  async tables(options: ListOptions = {}): Promise<TableEntry[]> {
    const details = await listEntries(this.#context.connection, "table", options);
    const read = ({ id }: EntryDetails, signal: AbortSignal) => this.#readTable(entryIdFrom(id), signal);
    return rich(await askAll(details, read, options.signal));
  }

  /** Sorted. */
  async entryNames(options: ListOptions = {}): Promise<string[]> {
    return [...(await this.datasetNames(options)), ...(await this.tableNames(options))].sort();
  }

  /** Sorted. */
  async datasetNames(options: ListOptions = {}): Promise<string[]> {
    const details = await listEntries(this.#context.connection, "dataset", options);
    return details.map(({ name = "" }) => name);
  }

  /** Sorted. */
  async tableNames(options: ListOptions = {}): Promise<string[]> {
    return (await listEntries(this.#context.connection, "table", options)).map(({ name = "" }) => name);
  }

  /** A dataset by name or `{ id }`. @throws RerunError `NotFound` */
  async getDataset(entry: EntryRef, { signal }: WaitOptions = {}): Promise<DatasetEntry> {
    return readDataset(this.#context, await findEntry(this.#context.connection, "dataset", entry, signal), signal);
  }

  /** A table by name or `{ id }`. @throws RerunError `NotFound` */
  async getTable(entry: EntryRef, { signal }: WaitOptions = {}): Promise<TableEntry> {
    return this.#readTable(await findEntry(this.#context.connection, "table", entry, signal), signal);
  }

  /**
   * A new dataset.
   *
   * @param options `existOk`: give the one that is there, default false
   * @throws RerunError `AlreadyExists`, `InvalidArgument` for a name that the server does not take
   */
  async createDataset(
    name: string,
    options: WaitOptions & { readonly existOk?: boolean | undefined } = {},
  ): Promise<DatasetEntry> {
    const { existOk = false, signal } = options;
    try {
      const { dataset } = await this.#context.connection.call((client, call) => client.createDatasetEntry({ name }, call), {
        signal,
        changes: true,
      });
      return new DatasetEntry(this.#context, dataset);
    } catch (error) {
      if (!existOk || !isRerunError(error, "AlreadyExists")) throw error;
      return this.getDataset(name, { signal });
    }
  }

  /** Makes a table of rows that are there already, as a Lance directory that the server can reach. */
  async registerTable(name: string, url: string, { signal }: WaitOptions = {}): Promise<TableEntry> {
    const request = { name, providerDetails: lanceTable(url) };
    const { tableEntry } = await this.#context.connection.call((client, call) => client.registerTable(request, call), {
      signal,
      changes: true,
    });
    return new TableEntry(this.#context, tableEntry);
  }

  /**
   * A new table without rows.
   *
   * @param options `url`: folder in which the server makes one for it, default its own storage
   * @throws RerunError `AlreadyExists`, `Unsupported` for types that tables do not have
   */
  async createTable(
    name: string,
    schema: arrow.Schema,
    options: WaitOptions & { readonly url?: string | undefined } = {},
  ): Promise<TableEntry> {
    const { url, signal } = options;
    const arrowSchema = schemaToIpc(schema.fields.map(fieldFromArrow), schema.metadata);
    const own = url === undefined ? undefined : `${url.replace(/\/+$/, "")}/${newTuidHex(createTuidSource())}`;
    const request = { name, schema: { arrowSchema }, ...(own !== undefined && { providerDetails: lanceTable(own) }) };
    const { table } = await this.#context.connection.call((client, call) => client.createTableEntry(request, call), {
      signal,
      changes: true,
    });
    return new TableEntry(this.#context, table);
  }

  /** Tidies the whole platform. @throws RerunError `Unsupported` by servers that have nothing to tidy */
  async doGlobalMaintenance({ signal }: WaitOptions = {}): Promise<void> {
    await this.#context.connection.call((client, call) => client.doGlobalMaintenance({}, call), { signal, changes: true });
  }

  /**
   * The answer to a SQL query over the catalog's tables by their names, `__entries` too; from DuckDB in process, which reads the
   * tables that the query names.
   *
   * @throws RerunError `Unsupported` when `@duckdb/node-api` is not installed, `InvalidArgument` with DuckDB's message
   */
  async sql(query: string, { signal }: WaitOptions = {}): Promise<DataFrame> {
    const { memoryLimitBytes } = this.#context;
    const tables = await this.tables({ includeHidden: true, signal });
    const sources = new Map(tables.map((table) => [table.name, table.source()]));
    const memory = await duckDbEngine.query(query, sources, { maxBytes: memoryLimitBytes, signal });
    return new DataFrame(memorySource(memory), { memoryLimitBytes });
  }

  /** Ends the connection. May be called twice. */
  async close(): Promise<void> {
    this.#context.connection.close();
  }

  toString(): string {
    return `CatalogClient('${this.url}')`;
  }

  async #readTable(entry: EntryId, signal: AbortSignal | undefined): Promise<TableEntry> {
    const { table } = await this.#context.connection.call((client, call) => client.readTableEntry({}, call), { entry, signal });
    return new TableEntry(this.#context, table);
  }
}

/** A list of entries that shows itself as a table. */
function rich<T extends DatasetEntry | TableEntry>(entries: T[]): T[] {
  getHost()?.makeRich?.(entries, { text: () => entries.map(String).join("\n"), html: () => entryHtml(entries) });
  return entries;
}

function lanceTable(tableUrl: string): { readonly typeUrl: string; readonly value: Uint8Array } {
  const value = toBinary(LanceTableSchema, create(LanceTableSchema, { tableUrl }));
  return { typeUrl: "/rerun.cloud.v1alpha1.LanceTable", value };
}
