import { pathToFileURL } from "node:url";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { getHost, RerunError } from "../core/index.js";
import {
  DataFrame,
  type Dataset,
  type DatasetOptions,
  type ReaderOptions,
  type Schema,
  type SegmentsLike,
  type WaitOptions,
} from "../dataset/index.js";
import {
  DataSourceKind,
  type DatasetDetails,
  type DatasetDetailsSchema,
  type DatasetEntry as DatasetEntryMessage,
  IfDuplicateBehavior,
} from "../protos/redap.js";
import { LazyStore } from "../store/index.js";
import {
  type AssetMode,
  addToAsset,
  assetsOfSegment,
  registerAsset,
  removeFromAsset,
  segmentSourceWithAssets,
} from "./assets.js";
import type { Catalog, CatalogContext } from "./catalog.js";
import { type DatasetInfo, readDatasetInfo } from "./dataset-info.js";
import { type Entry, type EntryKind, EntryRecord } from "./entry.js";
import { entryHtml } from "./entry-html.js";
import { type EntryId, entryIdFrom, entryIdMessage } from "./entry-id.js";
import type { JoinMetadata } from "./join-frames.js";
import { Layer } from "./layer.js";
import { RegistrationOperation, UnregistrationHandle } from "./registration.js";
import { type ContentsLike, DatasetSelection } from "./remote-dataset.js";
import { Segment } from "./segment.js";
import { SEGMENT_ID, scanManifest, scanSegments } from "./segment-scan.js";
import { type SegmentUrlOptions, segmentUrl } from "./segment-url.js";
import { joinParts, openMemory } from "./tables.js";

/** What happens when a layer of a segment is there already: it is a failure, the old one stays, the new one takes its place. */
export type OnDuplicateSegmentLayer = "error" | "skip" | "replace";

const BEHAVIORS: Readonly<Record<OnDuplicateSegmentLayer, IfDuplicateBehavior>> = {
  error: IfDuplicateBehavior.ERROR,
  skip: IfDuplicateBehavior.SKIP,
  replace: IfDuplicateBehavior.OVERWRITE,
};

export interface RegisterOptions extends WaitOptions {
  /** Name of the layer, or one for each file. Default: `base`. */
  readonly layerName?: string | readonly string[] | undefined;
  /** Default: `error`. */
  readonly onDuplicate?: OnDuplicateSegmentLayer | undefined;
  /** How the server reaches the storage, where its own setting is another. */
  readonly objectStoreConfig?: string | undefined;
}

/** A dataset of a catalog: recordings, each a segment, that are registered where they lie and queried together. */
export class DatasetEntry implements Dataset, Entry {
  readonly #context: CatalogContext;
  readonly #record: EntryRecord;
  readonly #all: DatasetSelection;
  readonly #manifestUrl: string;
  #details: DatasetDetails | undefined;

  /** @internal */
  constructor(context: CatalogContext, message: DatasetEntryMessage | undefined) {
    this.#context = context;
    this.#record = new EntryRecord(context, message?.details);
    this.#all = new DatasetSelection(context, this.#record.id);
    this.#manifestUrl = message?.datasetHandle?.datasetUrl ?? "";
    this.#details = message?.datasetDetails;
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

  filterSegments(segments: SegmentsLike): DatasetSelection {
    return this.#all.filterSegments(segments);
  }

  filterContents(expressions: ContentsLike): DatasetSelection {
    return this.#all.filterContents(expressions);
  }

  reader(index: string | null, options?: ReaderOptions): DataFrame {
    return this.#all.reader(index, options);
  }

  /** Counts and ranges of the whole dataset. */
  info(options: WaitOptions = {}): Promise<DatasetInfo> {
    return readDatasetInfo(this.#context.connection, this.name, { entry: this.id, signal: options.signal });
  }

  /** One row for each layer of each segment. */
  manifest(): DataFrame {
    const open = async (signal?: AbortSignal) => openMemory(await scanManifest(this.#context.connection, this.id, { signal }));
    return new DataFrame({ open }, { memoryLimitBytes: this.#context.memoryLimitBytes });
  }

  /** A segment. @throws RerunError `NotFound` */
  async segment(segmentId: string, options: WaitOptions = {}): Promise<Segment> {
    const scan = { columns: [SEGMENT_ID], segmentIds: [segmentId], signal: options.signal };
    const { batches } = await scanSegments(this.#context.connection, this.id, scan);
    if (batches.length === 0) throw new RerunError("NotFound", `Segment not found in dataset ${this.id}. Segment: ${segmentId}`);
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

  /**
   * The chunks of one segment as a store: indexed at once, fetched when a query needs them. Close it when it is no longer needed.
   *
   * @param options `includeAssets`: with those of the assets that apply to the segment, default true
   * @throws RerunError `NotFound`
   */
  async segmentStore(
    segmentId: string,
    options: WaitOptions & { readonly includeAssets?: boolean | undefined } = {},
  ): Promise<LazyStore> {
    const { includeAssets = true, signal } = options;
    return new LazyStore(await segmentSourceWithAssets(this.#context.connection, this.id, segmentId, { includeAssets, signal }));
  }

  /**
   * Registers files that the server can reach, by URL; absolute paths are those of the server.
   *
   * @throws RerunError `NotFound` for a file that is not there, `InvalidArgument`. What fails for one file of several is told by
   * the operation
   */
  async register(recordingUri: string | readonly string[], options: RegisterOptions = {}): Promise<RegistrationOperation> {
    const uris = typeof recordingUri === "string" ? [recordingUri] : recordingUri;
    const { layerName = "base" } = options;
    if (typeof layerName !== "string" && layerName.length !== uris.length) {
      throw new RerunError("InvalidArgument", "`layerName` must be the same length as `recordingUri`");
    }
    return this.#register(
      uris.map((uri, i) => ({ uri, layer: typeof layerName === "string" ? layerName : layerName[i], prefix: false })),
      options,
    );
  }

  /** Registers every `.rrd` file in a folder and below. */
  async registerPrefix(
    recordingsPrefix: string,
    options: Omit<RegisterOptions, "layerName"> & { readonly layerName?: string | undefined } = {},
  ): Promise<RegistrationOperation> {
    return this.#register([{ uri: recordingsPrefix, layer: options.layerName, prefix: true }], options);
  }

  /** Takes segments, or layers of them, out of the dataset; the files stay. */
  async unregister(
    options: WaitOptions & {
      /** Empty = all segments. */
      readonly segmentsToDrop: string | readonly string[];
      /** Empty = all layers. */
      readonly layersToDrop: string | readonly string[];
      /** Also while they are being registered. Default: false. */
      readonly force?: boolean | undefined;
    },
  ): Promise<UnregistrationHandle> {
    const { force = false, signal } = options;
    const request = {
      segmentsToDrop: listOfTexts(options.segmentsToDrop).map((id) => ({ id })),
      layersToDrop: listOfTexts(options.layersToDrop),
      force,
    };
    const settings = { entry: this.id, signal, changes: true };
    const parts = await this.#context.connection.collect((client, call) => client.unregisterFromDataset(request, call), settings);
    return new UnregistrationHandle(this.#context.connection, [...new Set(parts.flatMap(({ taskId }) => taskId?.id ?? []))]);
  }

  /** Removes the properties that are stored beside the segments. */
  async deleteSegmentProperties(segmentIds: string | readonly string[], options: WaitOptions = {}): Promise<void> {
    const request = { segments: listOfTexts(segmentIds).map((id) => ({ segmentId: { id } })) };
    const settings = { entry: this.id, signal: options.signal, changes: true };
    await this.#context.connection.call((client, call) => client.deleteSegmentProperties(request, call), settings);
  }

  /**
   * Registers a blueprint (`.rbl`) that the server can reach.
   *
   * @param options `setDefault`: the segments open with it, default true; `segmentTable`: it is one of the segment table
   */
  async registerBlueprint(
    uri: string,
    options: WaitOptions & {
      readonly setDefault?: boolean | undefined;
      readonly segmentTable?: boolean | undefined;
      readonly objectStoreConfig?: string | undefined;
    } = {},
  ): Promise<void> {
    const { setDefault = true, segmentTable = false, signal } = options;
    const blueprints = await this.blueprintDataset({ signal });
    if (blueprints === undefined) throw new RerunError("NotFound", "a blueprint dataset is not configured for this dataset");
    const segmentId = await registerReplacing(blueprints, uri, options);
    if (!setDefault || segmentId === undefined) return;
    if (segmentTable) await this.setDefaultSegmentTableBlueprint(segmentId, { signal });
    else await this.setDefaultBlueprint(segmentId, { signal });
  }

  /** Ids of the registered blueprints, sorted. */
  async blueprints(options: WaitOptions = {}): Promise<string[]> {
    return (await this.blueprintDataset(options))?.segmentIds(options) ?? [];
  }

  /** The blueprint that segments open with, as it was known last. */
  defaultBlueprint(): string | undefined {
    return this.#details?.defaultBlueprintSegment?.id;
  }

  /** @param name `null`: none */
  async setDefaultBlueprint(name: string | null, options: WaitOptions = {}): Promise<void> {
    await this.#update({ defaultBlueprintSegment: name === null ? undefined : { id: name } }, options);
  }

  /** The blueprint of the segment table, as it was known last. */
  defaultSegmentTableBlueprint(): string | undefined {
    return this.#details?.defaultSegmentTableBlueprintSegment?.id;
  }

  /** @param name `null`: none */
  async setDefaultSegmentTableBlueprint(name: string | null, options: WaitOptions = {}): Promise<void> {
    await this.#update({ defaultSegmentTableBlueprintSegment: name === null ? undefined : { id: name } }, options);
  }

  /** The hidden dataset of blueprints that belongs to this one. */
  blueprintDataset(options: WaitOptions = {}): Promise<DatasetEntry | undefined> {
    return this.#owned(this.#details?.blueprintDataset, options);
  }

  /** The hidden dataset of assets that belongs to this one. */
  assetDataset(options: WaitOptions = {}): Promise<DatasetEntry | undefined> {
    return this.#owned(this.#details?.assetDataset, options);
  }

  /** Ids of the registered assets, sorted. */
  async assets(options: WaitOptions = {}): Promise<string[]> {
    return (await this.assetDataset(options))?.segmentIds(options) ?? [];
  }

  /**
   * Registers static data that segments share.
   *
   * @param options `mode`: it is for all segments but `segments` (`opt_out`, default) or for these only (`opt_in`)
   * @returns the id of the asset
   */
  async registerAsset(
    uri: string,
    options: WaitOptions & {
      readonly mode?: AssetMode | undefined;
      readonly segments?: readonly string[] | undefined;
      readonly objectStoreConfig?: string | undefined;
    } = {},
  ): Promise<string> {
    const assets = await this.#assetDataset(options);
    const assetId = (await registerReplacing(assets, uri, options)) ?? "";
    await registerAsset(this.#context.connection, { entry: assets.id, signal: options.signal }, assetId, options);
    return assetId;
  }

  /** Takes an asset out; what it is for stays stored. One that does not exist is no error. */
  async unregisterAsset(segmentId: string, options: WaitOptions = {}): Promise<void> {
    const assets = await this.assetDataset(options);
    const handle = await assets?.unregister({ segmentsToDrop: segmentId, layersToDrop: [], signal: options.signal });
    await handle?.wait({ signal: options.signal });
  }

  /** Makes an asset one of these segments too. Changes that others make at the same time are kept. */
  async addSegmentsToAsset(assetSegmentId: string, segments: readonly string[], options: WaitOptions = {}): Promise<void> {
    const settings = { entry: (await this.#assetDataset(options)).id, signal: options.signal };
    await addToAsset(this.#context.connection, settings, assetSegmentId, segments);
  }

  /** Takes an asset from these segments. Changes that others make at the same time are kept. */
  async removeSegmentsFromAsset(assetSegmentId: string, segments: readonly string[], options: WaitOptions = {}): Promise<void> {
    const settings = { entry: (await this.#assetDataset(options)).id, signal: options.signal };
    await removeFromAsset(this.#context.connection, settings, assetSegmentId, segments);
  }

  /** Ids of the assets that a segment has, sorted. */
  async assetsForSegment(segmentId: string, options: WaitOptions = {}): Promise<string[]> {
    const { assetIds } = await assetsOfSegment(this.#context.connection, { entry: this.id, signal: options.signal }, segmentId);
    return assetIds;
  }

  /** Tidies what the server keeps. @throws RerunError `Unsupported` by servers that have nothing to tidy */
  async doMaintenance(
    options: WaitOptions & {
      readonly optimizeIndexes?: boolean | undefined;
      readonly retrainIndexes?: boolean | undefined;
      readonly compactFragments?: boolean | undefined;
      readonly cleanupBefore?: Date | undefined;
      readonly unsafeAllowRecentCleanup?: boolean | undefined;
    } = {},
  ): Promise<void> {
    const { cleanupBefore, signal, ...rest } = options;
    const millis = cleanupBefore?.getTime();
    const request = {
      optimizeIndexes: rest.optimizeIndexes ?? false,
      retrainIndexes: rest.retrainIndexes ?? false,
      compactFragments: rest.compactFragments ?? false,
      unsafeAllowRecentCleanup: rest.unsafeAllowRecentCleanup ?? false,
      ...(millis !== undefined && {
        cleanupBefore: { seconds: BigInt(Math.floor(millis / 1000)), nanos: (((millis % 1000) + 1000) % 1000) * 1e6 },
      }),
    };
    const settings = { entry: this.id, signal, changes: true };
    await this.#context.connection.call((client, call) => client.doMaintenance(request, call), settings);
  }

  toString(): string {
    return `Entry(${this.kind}, '${this.name}')`;
  }

  async #register(
    sources: readonly { readonly uri: string; readonly layer: string | undefined; readonly prefix: boolean }[],
    { onDuplicate = "error", objectStoreConfig, signal }: RegisterOptions,
  ): Promise<RegistrationOperation> {
    const onDuplicateNumber = BEHAVIORS[onDuplicate];
    if (onDuplicateNumber === undefined) {
      throw new RerunError(
        "InvalidArgument",
        `onDuplicate: expected "error", "skip" or "replace", got ${JSON.stringify(onDuplicate)}`,
      );
    }
    const dataSources = sources.map(({ uri, layer, prefix }) => ({
      storageUrl: uri.startsWith("/") ? pathToFileURL(uri).href : uri,
      typ: DataSourceKind.RRD,
      prefix,
      ...(layer !== undefined && { layer }),
      ...(objectStoreConfig !== undefined && { objectStoreConfig }),
    }));
    const { connection } = this.#context;
    const request = { dataSources, onDuplicate: onDuplicateNumber };
    const settings = { entry: this.id, signal, changes: true };
    const { data } = await connection.call((client, call) => client.registerWithDataset(request, call), settings);
    return new RegistrationOperation(connection, joinParts([data]));
  }

  async #update(change: MessageInitShape<typeof DatasetDetailsSchema>, { signal }: WaitOptions): Promise<void> {
    const { blueprintDataset, defaultBlueprintSegment, defaultSegmentTableBlueprintSegment, assetDataset } = this.#details ?? {};
    const before = { blueprintDataset, defaultBlueprintSegment, defaultSegmentTableBlueprintSegment, assetDataset };
    const request = { id: entryIdMessage(this.id), datasetDetails: { ...before, ...change } };
    const settings = { entry: this.id, signal, changes: true };
    const { dataset } = await this.#context.connection.call((client, call) => client.updateDatasetEntry(request, call), settings);
    this.#details = dataset?.datasetDetails;
  }

  async #owned(id: DatasetDetails["blueprintDataset"], { signal }: WaitOptions): Promise<DatasetEntry | undefined> {
    return id === undefined ? undefined : readDataset(this.#context, entryIdFrom(id), signal);
  }

  /** Datasets from before there were assets get theirs when they are updated. */
  async #assetDataset(options: WaitOptions): Promise<DatasetEntry> {
    if (this.#details?.assetDataset === undefined) await this.#update({}, options);
    const found = await this.assetDataset(options);
    if (found === undefined) throw new RerunError("NotFound", "an asset dataset is not configured for this dataset");
    return found;
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

/** Registers a file with a hidden dataset, in place of what had its name. @returns id of its segment, if it holds one */
export async function registerReplacing(
  hidden: DatasetEntry,
  uri: string,
  options: WaitOptions & Pick<RegisterOptions, "objectStoreConfig">,
): Promise<string | undefined> {
  const operation = await hidden.register(uri, { ...options, onDuplicate: "replace" });
  return (await operation.wait({ signal: options.signal })).segmentIds[0];
}

function listOfTexts(texts: string | readonly string[]): string[] {
  return typeof texts === "string" ? [texts] : [...texts];
}
