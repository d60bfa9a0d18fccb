import { getHost, RerunError } from "../core/index.js";
import {
  type ContentsLike,
  DataFrame,
  type Dataset,
  type DatasetOptions,
  type ReaderOptions,
  type Schema,
  type SegmentsLike,
  segmentNotFound,
  type WaitOptions,
} from "../dataset/index.js";
import type { DatasetEntry as DatasetEntryMessage } from "../protos/redap.js";
import type { LazyStore } from "../store/index.js";
import {
  addToAsset,
  assetsOfSegment,
  type RegisterAssetOptions,
  registerAsset,
  removeFromAsset,
  unregisterAsset,
} from "./assets.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { type DatasetInfo, readDatasetInfo } from "./dataset-info.js";
import { DatasetRecord, type RegisterBlueprintOptions } from "./dataset-record.js";
import { type Entry, type EntryKind, EntryRecord } from "./entry.js";
import { entryHtml } from "./entry-html.js";
import type { EntryId } from "./entry-id.js";
import type { JoinMetadata } from "./join-frames.js";
import { Layer } from "./layer.js";
import { type MaintenanceOptions, maintainDataset } from "./maintenance.js";
import { type RegisterOptions, type RegisterPrefixOptions, registerFiles, registerFolder } from "./register-files.js";
import type { RegistrationOperation, UnregistrationHandle } from "./registration.js";
import { DatasetSelection, type SegmentStoreOptions } from "./remote-dataset.js";
import { Segment } from "./segment.js";
import { registeredLayers, SEGMENT_ID, scanManifest, scanSegments } from "./segment-scan.js";
import { type SegmentUrlOptions, segmentUrl } from "./segment-url.js";
import { openMemory } from "./tables.js";
import { deleteProperties, type UnregisterOptions, unregister } from "./unregister.js";

/** A dataset of a catalog: recordings, each a segment, that are registered where they lie and queried together. */
export class DatasetEntry implements Dataset, Entry {
  readonly #context: CatalogContext;
  readonly #record: EntryRecord;
  readonly #all: DatasetSelection<DatasetEntry>;
  readonly #manifestUrl: string;
  readonly #details: DatasetRecord;

  /** @internal */
  constructor(context: CatalogContext, message: DatasetEntryMessage | undefined) {
    this.#context = context;
    this.#record = new EntryRecord(context, message?.details);
    this.#all = new DatasetSelection(context, this);
    this.#manifestUrl = message?.datasetHandle?.datasetUrl ?? "";
    this.#details = new DatasetRecord(context.connection, this.#record.id, message?.datasetDetails);
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

  /** Where the server keeps what it knows of the segments. */
  get manifestUrl(): string {
    return this.#manifestUrl;
  }

  delete(options?: WaitOptions): Promise<void> {
    return this.#record.delete(options);
  }

  setName(name: string, options?: WaitOptions): Promise<void> {
    return this.#record.setName(name, options);
  }

  segmentIds(options?: DatasetOptions): Promise<string[]> {
    return this.#all.segmentIds(options);
  }

  schema(options?: DatasetOptions): Promise<Schema> {
    return this.#all.schema(options);
  }

  segmentTable(options?: JoinMetadata): DataFrame {
    return this.#all.segmentTable(options);
  }

  getIndexRanges(): DataFrame {
    return this.#all.getIndexRanges();
  }

  filterSegments(segments: SegmentsLike): DatasetSelection<DatasetEntry> {
    return this.#all.filterSegments(segments);
  }

  filterContents(contents: ContentsLike): DatasetSelection<DatasetEntry> {
    return this.#all.filterContents(contents);
  }

  reader(index: string | null, options?: ReaderOptions): DataFrame {
    return this.#all.reader(index, options);
  }

  /** Counts and ranges of the whole dataset. */
  info(options: WaitOptions = {}): Promise<DatasetInfo> {
    return readDatasetInfo(this.#context.connection, this.name, { entry: this.id, signal: options.signal });
  }

  /**
   * One row for each layer of each segment.
   *
   * @param options `includeDiagnosticData`: also layers that could not be registered, and how far each is, default false
   */
  manifest(options: { readonly includeDiagnosticData?: boolean | undefined } = {}): DataFrame {
    const open = async (signal?: AbortSignal) => {
      const manifest = await scanManifest(this.#context.connection, this.id, { signal });
      return openMemory(options.includeDiagnosticData === true ? manifest : registeredLayers(manifest));
    };
    return new DataFrame({ open }, { memoryLimitBytes: this.#context.memoryLimitBytes });
  }

  /** A segment. @throws RerunError `NotFound` */
  async segment(segmentId: string, options: WaitOptions = {}): Promise<Segment> {
    const scan = { columns: [SEGMENT_ID], segmentIds: [segmentId], signal: options.signal };
    const { batches } = await scanSegments(this.#context.connection, this.id, scan);
    if (batches.length === 0) throw segmentNotFound(`dataset ${this.id}`, segmentId);
    return new Segment(this.#context.connection, this, segmentId);
  }

  /** A layer. @throws RerunError `NotFound`, with those that are there */
  async layer(name: string, options: WaitOptions = {}): Promise<Layer> {
    const layer = new Layer(this.#context.connection, this, name);
    const names = await layer.allNames(options);
    if (names.includes(name)) return layer;
    const known = JSON.stringify(names);
    throw new RerunError("NotFound", `Layer "${name}" not found in dataset ${this.id}. Available layers: ${known}`);
  }

  /** Link that opens a segment in Rerun's viewer, at a time of a timeline, with a range selected. */
  segmentUrl(segmentId: string, options: SegmentUrlOptions = {}): string {
    return segmentUrl(this.#context.connection.url, this.id, segmentId, options);
  }

  segmentStore(segmentId: string, options?: SegmentStoreOptions): Promise<LazyStore> {
    return this.#all.segmentStore(segmentId, options);
  }

  /**
   * Registers files that the server can reach, by URL; absolute paths are those of the server.
   *
   * @throws RerunError `NotFound` for a file that is not there, `InvalidArgument`. What fails for one file of several is told by
   * the operation
   */
  async register(recordingUri: string | readonly string[], options: RegisterOptions = {}): Promise<RegistrationOperation> {
    return registerFiles(this.#context.connection, this.id, recordingUri, options);
  }

  /** Registers every `.rrd` file in a folder and below. */
  async registerPrefix(recordingsPrefix: string, options: RegisterPrefixOptions = {}): Promise<RegistrationOperation> {
    return registerFolder(this.#context.connection, this.id, recordingsPrefix, options);
  }

  /** Takes segments, or layers of them, out of the dataset; the files stay. */
  unregister(options: UnregisterOptions): Promise<UnregistrationHandle> {
    return unregister(this.#context.connection, this.id, options);
  }

  /** Removes the properties that are stored beside the segments. */
  deleteSegmentProperties(segmentIds: string | readonly string[], options: WaitOptions = {}): Promise<void> {
    return deleteProperties(this.#context.connection, this.id, segmentIds, options);
  }

  /** Registers a blueprint (`.rbl`) that the server can reach. */
  registerBlueprint(uri: string, options: RegisterBlueprintOptions = {}): Promise<void> {
    return this.#details.registerBlueprint(uri, options);
  }

  /** Ids of the registered blueprints, sorted. */
  async blueprints(options: WaitOptions = {}): Promise<string[]> {
    return (await this.blueprintDataset(options))?.segmentIds(options) ?? [];
  }

  /** The blueprint that segments open with, as it was known last. */
  defaultBlueprint(): string | undefined {
    return this.#details.defaultBlueprint;
  }

  /** @param name `null`: none */
  setDefaultBlueprint(name: string | null, options: WaitOptions = {}): Promise<void> {
    return this.#details.setDefaultBlueprint(name, options);
  }

  /** The blueprint of the segment table, as it was known last. */
  defaultSegmentTableBlueprint(): string | undefined {
    return this.#details.defaultSegmentTableBlueprint;
  }

  /** @param name `null`: none */
  setDefaultSegmentTableBlueprint(name: string | null, options: WaitOptions = {}): Promise<void> {
    return this.#details.setDefaultSegmentTableBlueprint(name, options);
  }

  /** The hidden dataset of blueprints that belongs to this one. */
  blueprintDataset(options: WaitOptions = {}): Promise<DatasetEntry | undefined> {
    return this.#hidden(this.#details.blueprintDataset, options);
  }

  /** The hidden dataset of assets that belongs to this one. */
  assetDataset(options: WaitOptions = {}): Promise<DatasetEntry | undefined> {
    return this.#hidden(this.#details.assetDataset, options);
  }

  /** Ids of the registered assets, sorted. */
  async assets(options: WaitOptions = {}): Promise<string[]> {
    return (await this.assetDataset(options))?.segmentIds(options) ?? [];
  }

  /** Registers static data that segments share. @returns the id of the asset */
  async registerAsset(uri: string, options: RegisterAssetOptions = {}): Promise<string> {
    return registerAsset(this.#context.connection, await this.#details.ensureAssetDataset(options), uri, options);
  }

  /** Takes an asset out; what it is for stays stored. One that does not exist is no error. */
  async unregisterAsset(segmentId: string, options: WaitOptions = {}): Promise<void> {
    const { assetDataset } = this.#details;
    if (assetDataset !== undefined) await unregisterAsset(this.#context.connection, assetDataset, segmentId, options);
  }

  /** Makes an asset one of these segments too. Changes that others make at the same time are kept. */
  async addSegmentsToAsset(assetSegmentId: string, segments: readonly string[], options: WaitOptions = {}): Promise<void> {
    const settings = { entry: await this.#details.ensureAssetDataset(options), signal: options.signal };
    await addToAsset(this.#context.connection, settings, assetSegmentId, segments);
  }

  /** Takes an asset from these segments. Changes that others make at the same time are kept. */
  async removeSegmentsFromAsset(assetSegmentId: string, segments: readonly string[], options: WaitOptions = {}): Promise<void> {
    const settings = { entry: await this.#details.ensureAssetDataset(options), signal: options.signal };
    await removeFromAsset(this.#context.connection, settings, assetSegmentId, segments);
  }

  /** Ids of the assets that a segment has, sorted. */
  async assetsForSegment(segmentId: string, options: WaitOptions = {}): Promise<string[]> {
    const { assetIds } = await assetsOfSegment(this.#context.connection, { entry: this.id, signal: options.signal }, segmentId);
    return assetIds;
  }

  /** Tidies what the server keeps. @throws RerunError `Unsupported` by servers that have nothing to tidy */
  doMaintenance(options: MaintenanceOptions = {}): Promise<void> {
    return maintainDataset(this.#context.connection, this.id, options);
  }

  toString(): string {
    return `Entry(${this.kind}, '${this.name}')`;
  }

  async #hidden(id: EntryId | undefined, { signal }: WaitOptions): Promise<DatasetEntry | undefined> {
    return id === undefined ? undefined : readDataset(this.#context, id, signal);
  }
}

/** The dataset with this id, as the server has it now. @throws RerunError `NotFound` */
export async function readDataset(
  context: CatalogContext,
  entry: EntryId,
  signal: AbortSignal | undefined,
): Promise<DatasetEntry> {
  const { dataset } = await context.connection.call((client, call) => client.readDatasetEntry({}, call), { entry, signal });
  return new DatasetEntry(context, dataset);
}
