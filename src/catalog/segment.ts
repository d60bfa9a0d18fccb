import { SORBET_VERSION } from "../chunk/index.js";
import { type Field, tuidToHex } from "../core/index.js";
import { type Dataset, Schema, type WaitOptions } from "../dataset/index.js";
import { assetsOfSegment } from "./assets.js";
import type { Connection } from "./connection.js";
import { schemaOfFields } from "./dataset-schema.js";
import type { EntryId } from "./entry-id.js";
import { layersBySegment } from "./layer.js";
import type { UnregistrationHandle } from "./registration.js";
import { scanManifest } from "./segment-scan.js";
import { columnOf, fieldsOf } from "./tables.js";

const SHA_COLUMN = "rerun_schema_sha256";

/** What a segment needs of its dataset. */
interface OwningDataset {
  readonly id: EntryId;
  readonly name: string;
  /** For a viewer that shows this segment only. */
  filterSegments(segmentId: string): Dataset;
  segmentUrl(segmentId: string): string;
  unregister(options: {
    readonly segmentsToDrop: string;
    readonly layersToDrop: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<UnregistrationHandle>;
}

/** One recording of a dataset. */
export class Segment<D extends OwningDataset = OwningDataset> {
  readonly id: string;
  readonly dataset: D;
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection, dataset: D, id: string) {
    this.#connection = connection;
    this.dataset = dataset;
    this.id = id;
  }

  /** Link that opens it in Rerun's viewer. */
  get url(): string {
    return this.dataset.segmentUrl(this.id);
  }

  /** Names of its layers, in the order in which they were registered. */
  async layers(options: WaitOptions = {}): Promise<string[]> {
    const bySegment = await layersBySegment(this.#connection, this.dataset.id, { ...options, segmentIds: [this.id] });
    return bySegment.get(this.id) ?? [];
  }

  /** Its own timelines and components. @param options `includeAssets`: with those of its assets, default false */
  async schema(options: WaitOptions & { readonly includeAssets?: boolean | undefined } = {}): Promise<Schema> {
    const { includeAssets = false, signal } = options;
    const fields = await schemaFieldsOf(this.#connection, this.dataset.id, { segmentIds: [this.id], signal });
    if (includeAssets) {
      const { entry, assetIds } = await assetsOfSegment(this.#connection, { entry: this.dataset.id, signal }, this.id);
      if (entry !== undefined && assetIds.length > 0) {
        fields.push(...(await schemaFieldsOf(this.#connection, entry, { segmentIds: assetIds, signal })));
      }
    }
    return new Schema(schemaOfFields(fields), new Map([["sorbet:version", SORBET_VERSION]]));
  }

  /** Takes one layer of it out of the dataset. */
  deleteLayer(name: string, options: WaitOptions = {}): Promise<UnregistrationHandle> {
    return this.dataset.unregister({ segmentsToDrop: this.id, layersToDrop: name, signal: options.signal });
  }

  toString(): string {
    return `Segment('${this.id}')`;
  }
}

/** The columns of all layers of some segments. */
async function schemaFieldsOf(
  connection: Connection,
  entry: EntryId,
  scan: { readonly segmentIds: readonly string[]; readonly signal: AbortSignal | undefined },
): Promise<Field[]> {
  const manifest = await scanManifest(connection, entry, scan);
  if (manifest.batches.length === 0) return [];
  const hashes = columnOf(manifest, SHA_COLUMN);
  const bytes = hashes.values as Uint8Array;
  const distinct = new Map<string, Uint8Array>();
  for (let row = 0; row < hashes.length; row++) {
    const sha256 = bytes.subarray(32 * row, 32 * row + 32);
    distinct.set(tuidToHex(sha256) + tuidToHex(sha256, 16), sha256);
  }
  const request = { schemaIds: Array.from(distinct.values(), (sha256) => ({ sha256: new Uint8Array(sha256) })) };
  const parts = await connection.collect((client, options) => client.getSchemas(request, options), {
    entry,
    signal: scan.signal,
  });
  return parts.flatMap(({ schema }) => fieldsOf(schema).fields);
}
