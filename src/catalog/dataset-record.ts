import type { MessageInitShape } from "@bufbuild/protobuf";
import { RerunError } from "../core/index.js";
import type { WaitOptions } from "../dataset/index.js";
import type { DatasetDetails, DatasetDetailsSchema } from "../protos/redap.js";
import type { Connection } from "./connection.js";
import { type EntryId, entryIdFrom, entryIdMessage } from "./entry-id.js";
import { registerReplacing } from "./register-files.js";

export interface RegisterBlueprintOptions extends WaitOptions {
  /** What it is for opens with it. Default: true. */
  readonly setDefault?: boolean | undefined;
  /** It is one of the segment table, not of the segments. Default: false. */
  readonly segmentTable?: boolean | undefined;
  /** How the server reaches the storage, where its own setting is another. */
  readonly objectStoreConfig?: string | undefined;
}

/** What the server says of a dataset beyond its entry, and what changes it: its hidden datasets, and the blueprints that it opens with. */
export class DatasetRecord {
  readonly #connection: Connection;
  readonly #entry: EntryId;
  #details: DatasetDetails | undefined;

  constructor(connection: Connection, entry: EntryId, details: DatasetDetails | undefined) {
    this.#connection = connection;
    this.#entry = entry;
    this.#details = details;
  }

  /** The blueprint that segments open with. */
  get defaultBlueprint(): string | undefined {
    return this.#details?.defaultBlueprintSegment?.id;
  }

  /** The blueprint that the segment table opens with. */
  get defaultSegmentTableBlueprint(): string | undefined {
    return this.#details?.defaultSegmentTableBlueprintSegment?.id;
  }

  /** The hidden dataset of blueprints. */
  get blueprintDataset(): EntryId | undefined {
    const id = this.#details?.blueprintDataset;
    return id && entryIdFrom(id);
  }

  /** The hidden dataset of assets. */
  get assetDataset(): EntryId | undefined {
    const id = this.#details?.assetDataset;
    return id && entryIdFrom(id);
  }

  /** The hidden dataset of assets, which datasets from before there were assets get when they are updated. */
  async ensureAssetDataset(options: WaitOptions): Promise<EntryId> {
    if (this.assetDataset === undefined) await this.#update({}, options);
    const { assetDataset } = this;
    if (assetDataset === undefined) throw new RerunError("NotFound", "an asset dataset is not configured for this dataset");
    return assetDataset;
  }

  /** @param segment `null`: none */
  async setDefaultBlueprint(segment: string | null, options: WaitOptions): Promise<void> {
    await this.#update({ defaultBlueprintSegment: segment === null ? undefined : { id: segment } }, options);
  }

  /** @param segment `null`: none */
  async setDefaultSegmentTableBlueprint(segment: string | null, options: WaitOptions): Promise<void> {
    await this.#update({ defaultSegmentTableBlueprintSegment: segment === null ? undefined : { id: segment } }, options);
  }

  async registerBlueprint(uri: string, options: RegisterBlueprintOptions): Promise<void> {
    const { setDefault = true, segmentTable = false } = options;
    const { blueprintDataset } = this;
    if (blueprintDataset === undefined) {
      throw new RerunError("NotFound", "a blueprint dataset is not configured for this dataset");
    }
    const segment = await registerReplacing(this.#connection, blueprintDataset, uri, options);
    if (!setDefault || segment === undefined) return;
    if (segmentTable) await this.setDefaultSegmentTableBlueprint(segment, options);
    else await this.setDefaultBlueprint(segment, options);
  }

  async #update(change: MessageInitShape<typeof DatasetDetailsSchema>, { signal }: WaitOptions): Promise<void> {
    const { blueprintDataset, defaultBlueprintSegment, defaultSegmentTableBlueprintSegment, assetDataset } = this.#details ?? {};
    const before = { blueprintDataset, defaultBlueprintSegment, defaultSegmentTableBlueprintSegment, assetDataset };
    const request = { id: entryIdMessage(this.#entry), datasetDetails: { ...before, ...change } };
    const settings = { entry: this.#entry, signal, changes: true };
    const { dataset } = await this.#connection.call((client, call) => client.updateDatasetEntry(request, call), settings);
    this.#details = dataset?.datasetDetails;
  }
}
