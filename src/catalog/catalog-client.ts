import { create, toBinary } from "@bufbuild/protobuf";
import type * as arrow from "apache-arrow";
import { fieldFromArrow, schemaToIpc } from "../chunk/arrow.js";
import { createTuidSource, getHost, isRerunError, newTuidHex, RerunError, VERSION } from "../core/index.js";
import { DataFrame, memorySource, queryTables, type WaitOptions } from "../dataset/index.js";
import { type EntryDetails, EntryKind as EntryKindNumber, LanceTableSchema } from "../protos/redap.js";
import { parseRedapUrl } from "../rpc/index.js";
import { DEFAULT_QUERY_BYTES } from "../store/index.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { Connection } from "./connection.js";
import { DatasetEntry, readDataset } from "./dataset-entry.js";
import { entryHtml } from "./entry-html.js";
import { type EntryId, entryIdFrom, normalEntryId } from "./entry-id.js";
import { stageObject } from "./stage.js";
import { TableEntry } from "./table-entry.js";

export interface ConnectOptions extends WaitOptions {
  /** A JWT. It goes only to the hosts that it names. Default: the environment's `REDAP_TOKEN`, when the server asks for one. */
  readonly token?: string | undefined;
  /** What a result in memory, and the chunks that a query has in memory at once, may take, in bytes. Default: 4 GiB. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface ListOptions extends WaitOptions {
  /** Also what belongs to other entries or to the server itself. Default: false. */
  readonly includeHidden?: boolean | undefined;
}

/** Which entry: its name, or its id. */
export type EntryRef = string | { readonly id: EntryId };

export interface VersionInfo {
  readonly version: string;
  readonly cloudProvider: string | undefined;
  readonly cloudRegion: string | undefined;
  readonly features: readonly string[];
}

export interface BenchmarkResult {
  /** Shortest of several round trips. */
  readonly rttSec: number;
  /** Of a download; `undefined` when nothing was downloaded. */
  readonly bandwidthBytesPerSec: number | undefined;
}

const DATASET_KINDS = [EntryKindNumber.DATASET];
const HIDDEN_DATASET_KINDS = [EntryKindNumber.DATASET, EntryKindNumber.BLUEPRINT_DATASET, EntryKindNumber.ASSET_DATASET];
const TABLE_KINDS = [EntryKindNumber.TABLE];
/** Names of the server's own. */
const HIDDEN_PREFIX = "__";

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
    getHost()?.makeRich?.(this, { text: () => this.toString(), html: async () => entryHtml(await this.entries()) });
  }

  /**
   * Connects, and makes sure that the server answers.
   *
   * @param url such as `rerun+http://localhost:51234` or `rerun://host`
   * @throws RerunError `InvalidArgument` for an address that is none, `Unavailable` when nothing answers there, `Unauthenticated`
   */
  static async connect(url: string, options: ConnectOptions = {}): Promise<CatalogClient> {
    const address = parseRedapUrl(/^https?:\/\//.test(url) ? `rerun+${url}` : url);
    const { signal, memoryLimitBytes = DEFAULT_QUERY_BYTES } = options;
    const start = async (token: string | undefined): Promise<Connection> => {
      const connection = new Connection(address, { token, version: VERSION });
      try {
        await connection.channel.connect();
        const { capabilities } = await connection.call((client, call) => client.whoAmI({}, call), { signal });
        connection.capabilities = new Set(capabilities?.capabilities);
        return connection;
      } catch (error) {
        connection.close();
        throw error;
      }
    };
    try {
      return new CatalogClient(await start(options.token), memoryLimitBytes);
    } catch (error) {
      // The environment's token goes only to servers that ask for one.
      const { REDAP_TOKEN } = process.env;
      if (options.token !== undefined || REDAP_TOKEN === undefined || !isRerunError(error, "Unauthenticated")) throw error;
      return new CatalogClient(await start(REDAP_TOKEN), memoryLimitBytes);
    }
  }

  /** Version and abilities of the server. */
  async versionInfo({ signal }: WaitOptions = {}): Promise<VersionInfo> {
    const { version, cloudProvider, cloudRegion, features } = await this.#context.connection.call(
      (client, call) => client.version({}, call),
      { signal },
    );
    return { version, cloudProvider, cloudRegion, features };
  }

  /** Measures round trip and download. @param options `numBytes`: default 16 MiB; `numPings`: default 5 */
  async benchmark(
    options: WaitOptions & { readonly numBytes?: number | undefined; readonly numPings?: number | undefined } = {},
  ): Promise<BenchmarkResult> {
    const { numBytes = 16 * 2 ** 20, numPings = 5, signal } = options;
    let rttSec = Number.POSITIVE_INFINITY;
    for (let i = 0; i < numPings; i++) rttSec = Math.min(rttSec, await this.#download(0, signal));
    const seconds = numBytes > 0 ? await this.#download(numBytes, signal) : undefined;
    return { rttSec, bandwidthBytesPerSec: seconds === undefined ? undefined : numBytes / seconds };
  }

  /**
   * Uploads one object, a file by its path or bytes, into the server's storage; never over one that is there.
   *
   * @returns its URL there, to be registered
   * @throws RerunError `AlreadyExists`, `InvalidArgument` for a key that the server does not take
   */
  stage(source: string | Uint8Array, options: WaitOptions & { readonly key: string }): Promise<string> {
    return stageObject(this.#context.connection, source, options.key, options.signal);
  }

  /** Datasets and tables, by name. */
  async entries(options: ListOptions = {}): Promise<(DatasetEntry | TableEntry)[]> {
    const found = [...(await this.datasets(options)), ...(await this.tables(options))];
    return rich(found.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  /** By name. */
  async datasets(options: ListOptions = {}): Promise<DatasetEntry[]> {
    const details = await this.#list(options.includeHidden === true ? HIDDEN_DATASET_KINDS : DATASET_KINDS, options);
    return rich(await Promise.all(details.map(({ id }) => readDataset(this.#context, entryIdFrom(id), options.signal))));
  }

  /** By name. */
  async tables(options: ListOptions = {}): Promise<TableEntry[]> {
    const details = await this.#list(TABLE_KINDS, options);
    return rich(await Promise.all(details.map(({ id }) => this.#readTable(entryIdFrom(id), options.signal))));
  }

  /** Sorted. */
  async entryNames(options: ListOptions = {}): Promise<string[]> {
    return [...(await this.datasetNames(options)), ...(await this.tableNames(options))].sort();
  }

  /** Sorted. */
  async datasetNames(options: ListOptions = {}): Promise<string[]> {
    const details = await this.#list(options.includeHidden === true ? HIDDEN_DATASET_KINDS : DATASET_KINDS, options);
    return details.map(({ name = "" }) => name);
  }

  /** Sorted. */
  async tableNames(options: ListOptions = {}): Promise<string[]> {
    return (await this.#list(TABLE_KINDS, options)).map(({ name = "" }) => name);
  }

  /** A dataset by name or `{ id }`. @throws RerunError `NotFound` */
  async getDataset(entry: EntryRef, { signal }: WaitOptions = {}): Promise<DatasetEntry> {
    return readDataset(this.#context, await this.#resolve(entry, "dataset", HIDDEN_DATASET_KINDS, signal), signal);
  }

  /** A table by name or `{ id }`. @throws RerunError `NotFound` */
  async getTable(entry: EntryRef, { signal }: WaitOptions = {}): Promise<TableEntry> {
    return this.#readTable(await this.#resolve(entry, "table", TABLE_KINDS, signal), signal);
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
    const tables = new Map((await this.tables({ includeHidden: true, signal })).map((table) => [table.name, table]));
    const memory = await queryTables((name) => tables.get(name)?.source(), query, memoryLimitBytes, signal);
    return new DataFrame(memorySource(memory), { memoryLimitBytes });
  }

  /** Ends the connection. May be called twice. */
  async close(): Promise<void> {
    this.#context.connection.close();
  }

  toString(): string {
    return `CatalogClient('${this.url}')`;
  }

  async #download(numBytes: number, signal: AbortSignal | undefined): Promise<number> {
    const start = performance.now();
    let received = 0;
    const request = { numBytes: BigInt(numBytes) };
    const parts = this.#context.connection.stream((client, call) => client.doBandwidthTest(request, call), { signal });
    for await (const { payload } of parts) received += payload.length;
    if (received < numBytes) throw new RerunError("InvalidData", `the server sent ${received} of ${numBytes} bytes`);
    return (performance.now() - start) / 1000;
  }

  /** Entries of these kinds, by name. */
  async #list(entryKinds: EntryKindNumber[], { includeHidden = false, signal }: ListOptions): Promise<EntryDetails[]> {
    const request = { filter: { entryKinds } };
    const { entries } = await this.#context.connection.call((client, call) => client.findEntries(request, call), { signal });
    return entries
      .filter(({ name = "" }) => includeHidden || !name.startsWith(HIDDEN_PREFIX))
      .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  }

  async #resolve(
    entry: EntryRef,
    what: string,
    entryKinds: EntryKindNumber[],
    signal: AbortSignal | undefined,
  ): Promise<EntryId> {
    if (typeof entry === "object" && typeof entry?.id === "string") return normalEntryId(entry.id);
    if (typeof entry !== "string") throw new RerunError("InvalidArgument", "Either a name or { id } must be provided.");
    const request = { filter: { name: entry, entryKinds } };
    const { entries } = await this.#context.connection.call((client, call) => client.findEntries(request, call), { signal });
    const [found] = entries;
    if (found === undefined) throw new RerunError("NotFound", `No ${what} found with name '${entry}'`);
    return entryIdFrom(found.id);
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
