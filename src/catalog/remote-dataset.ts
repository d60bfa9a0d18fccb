import {
  type ContentsLike,
  DataFrame,
  type Dataset,
  type DatasetOptions,
  filterSource,
  narrowed,
  type OpenFrame,
  type ReaderOptions,
  Schema,
  type SegmentsLike,
  segmentIdsOf,
  segmentNotFound,
} from "../dataset/index.js";
import { type AllContents, LazyStore, parseContents } from "../store/index.js";
import { segmentSourceWithAssets } from "./assets.js";
import type { CatalogContext } from "./catalog.js";
import { type ReadSchema, readDatasetSchema } from "./dataset-schema.js";
import type { EntryId } from "./entry-id.js";
import { type JoinMetadata, joinFrames } from "./join-frames.js";
import { openRemoteFrame } from "./remote-frame.js";
import { SEGMENT_ID, scanSegments } from "./segment-scan.js";
import { openMemory, textsOf } from "./tables.js";

export interface SegmentStoreOptions extends DatasetOptions {
  readonly includeAssets?: boolean | undefined;
}

interface Selection {
  /** All of these at once. */
  readonly segments?: readonly SegmentsLike[];
  /** All of these at once. */
  readonly contents?: AllContents;
}

/** Segments and entities of a dataset on a server. `filterSegments` and `filterContents` narrow it; nothing is read before. */
export class DatasetSelection<D extends { readonly id: EntryId } = { readonly id: EntryId }> implements Dataset {
  /** The dataset that it is of. */
  readonly dataset: D;
  readonly #context: CatalogContext;
  readonly #selection: Selection;

  /** @internal */
  constructor(context: CatalogContext, dataset: D, selection: Selection = {}) {
    this.#context = context;
    this.dataset = dataset;
    this.#selection = selection;
  }

  /** Sorted. */
  async segmentIds({ signal }: DatasetOptions = {}): Promise<string[]> {
    const scan = { columns: [SEGMENT_ID], segmentIds: await this.#ids(), signal };
    const frame = await scanSegments(this.#context.connection, this.dataset.id, scan);
    return frame.batches.length === 0 ? [] : textsOf(frame, SEGMENT_ID);
  }

  /** The timelines and components of all segments of the dataset, of the selected entities. */
  async schema({ signal }: DatasetOptions = {}): Promise<Schema> {
    const { schema, metadata } = await this.#read(signal);
    const { contents } = this.#selection;
    if (contents === undefined) return new Schema(schema, metadata);
    const filter = parseContents(contents);
    return new Schema({ ...schema, columns: schema.columns.filter(({ entityPath }) => filter.includes(entityPath)) }, metadata);
  }

  /**
   * One row for each segment, by id: its layers, files, size, properties, first and last time on each timeline.
   *
   * @param options `joinMeta`: a table or frame with more about segments, joined by the column `joinKey` (default `rerun_segment_id`)
   * @throws RerunError `InvalidArgument` with the first await when either lacks that column
   */
  segmentTable(options: JoinMetadata = {}): DataFrame {
    return this.#frame(async (signal) => {
      const table = await scanSegments(this.#context.connection, this.dataset.id, { segmentIds: await this.#ids(), signal });
      return openMemory(await joinFrames(table, options, signal));
    });
  }

  /** One row for each segment, by id: first and last time on each timeline. */
  getIndexRanges(): DataFrame {
    return this.#frame(async (signal) => {
      const { timelines } = (await this.#read(signal)).schema;
      const columns = [SEGMENT_ID, ...timelines.flatMap(({ name }) => [`${name}:start`, `${name}:end`])];
      return openMemory(
        await scanSegments(this.#context.connection, this.dataset.id, { columns, segmentIds: await this.#ids(), signal }),
      );
    });
  }

  /** Only these segments, of those selected so far. Ids that do not exist are no error. */
  filterSegments(segments: SegmentsLike): DatasetSelection<D> {
    const { segments: before = [] } = this.#selection;
    return new DatasetSelection(this.#context, this.dataset, { ...this.#selection, segments: [...before, segments] });
  }

  /** Only these entities: see `Dataset.filterContents`. */
  filterContents(contents: ContentsLike): DatasetSelection<D> {
    return new DatasetSelection(this.#context, this.dataset, {
      ...this.#selection,
      contents: narrowed(this.#selection.contents, contents),
    });
  }

  /** The rows by the values of a timeline; `null` gives one row of static data for each segment. Chunks that are not needed are not fetched. */
  reader(index: string | null, options: ReaderOptions = {}): DataFrame {
    return this.#frame(async (signal) => {
      const { connection, memoryLimitBytes } = this.#context;
      const { schema } = await this.#read(signal);
      const { contents } = this.#selection;
      const reader = { connection, entry: this.dataset.id, schema, contents, segmentIds: await this.#ids(), memoryLimitBytes };
      return openRemoteFrame(reader, index, options);
    });
  }

  /**
   * As `Dataset.segmentStore`.
   *
   * @param options `includeAssets`: with those of the assets that apply to the segment, default true
   */
  async segmentStore(segmentId: string, options: SegmentStoreOptions = {}): Promise<LazyStore> {
    const { includeAssets = true, signal } = options;
    const ids = await this.#ids();
    if (ids?.includes(segmentId) === false) throw segmentNotFound(`the selection of dataset ${this.dataset.id}`, segmentId);
    const { connection } = this.#context;
    const source = await segmentSourceWithAssets(connection, this.dataset.id, segmentId, { includeAssets, signal });
    return new LazyStore(filterSource(source, this.#selection.contents));
  }

  #frame(open: (signal: AbortSignal | undefined) => Promise<OpenFrame>): DataFrame {
    return new DataFrame({ open }, { memoryLimitBytes: this.#context.memoryLimitBytes });
  }

  #read(signal: AbortSignal | undefined): Promise<ReadSchema> {
    return readDatasetSchema(this.#context.connection, { entry: this.dataset.id, signal });
  }

  async #ids(): Promise<string[] | undefined> {
    let ids: string[] | undefined;
    for (const segments of this.#selection.segments ?? []) {
      const own = await segmentIdsOf(segments);
      if (own !== undefined) ids = ids === undefined ? [...own].sort() : ids.filter((id) => own.has(id));
    }
    return ids;
  }
}
