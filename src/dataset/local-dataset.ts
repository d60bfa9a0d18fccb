import { SORBET_VERSION } from "../chunk/index.js";
import { describe, getHost, isRerunError, RerunError, type WarningReporter, warnOnce } from "../core/index.js";
import {
  type AllContents,
  DEFAULT_QUERY_BYTES,
  type FrameSchema,
  frameSchema,
  LazyStore,
  parseContents,
  planDataframe,
} from "../store/index.js";
import { narrowed } from "./content-filter.js";
import { DataFrame } from "./data-frame.js";
import type { ContentsLike, Dataset, ReaderOptions, SegmentsLike } from "./dataset.js";
import type { OpenFrame } from "./frame-source.js";
import { either, queryOf, segmentIdsOf } from "./reader-query.js";
import { Schema } from "./schema.js";
import { indexRanges, segmentTable } from "./segment-table.js";
import {
  type DatasetItem,
  filterSource,
  type OpenOptions,
  type OpenSegments,
  openSegments,
  type Segment,
  segmentNotFound,
} from "./segments.js";

export interface OpenDatasetOptions extends OpenOptions {
  /**
   * What the chunks that a query has in memory at once may take, and a whole result, in bytes. Default: 4 GiB. A query that needs
   * more is refused.
   */
  readonly memoryLimitBytes?: number | undefined;
}

/** A dataset in this process. */
export interface LocalDataset extends Dataset {
  /** Closes the files. May be called twice. */
  close(): Promise<void>;
}

/**
 * Recordings as one dataset in this process: paths, folders, URLs and stores. Each recording is a segment, called by its recording
 * id; chunks of files are read when a query needs them.
 *
 * ```ts
 * const dataset = await openDataset(["monday.rrd", "tuesday.rrd"]);
 * const rows = await dataset.reader("frame").rows({ limit: 10 });
 * await dataset.close();
 * ```
 * @throws RerunError `NotFound` for a file that is not there, `CorruptFile` for one that is no recording, `InvalidArgument`
 */
export async function openDataset(
  items: DatasetItem | readonly DatasetItem[],
  options: OpenDatasetOptions = {},
): Promise<LocalDataset> {
  checkBytes("memoryLimitBytes", options.memoryLimitBytes);
  checkBytes("cacheBytes", options.cacheBytes);
  const open = await openSegments(Array.isArray(items) ? items : [items as DatasetItem], options);
  return new StoredDataset({ open, options, isClosed: false }, {});
}

function checkBytes(argument: string, bytes: number | undefined): void {
  if (bytes === undefined || (typeof bytes === "number" && bytes >= 0)) return;
  throw new RerunError("InvalidArgument", `openDataset: ${argument}: expected a number of bytes, got ${describe(bytes)}`);
}

interface Shared {
  readonly open: OpenSegments;
  readonly options: OpenDatasetOptions;
  isClosed: boolean;
}

interface Selection {
  /** All of these at once. */
  readonly segments?: readonly SegmentsLike[];
  /** All of these at once. */
  readonly contents?: AllContents;
}

class StoredDataset implements LocalDataset {
  readonly #shared: Shared;
  readonly #selection: Selection;

  constructor(shared: Shared, selection: Selection) {
    this.#shared = shared;
    this.#selection = selection;
    const text = (): string => this.toString();
    getHost()?.makeRich?.(this, { text, html: () => this.segmentTable().toHtml() });
  }

  async segmentIds(): Promise<string[]> {
    return (await this.#segments()).map(({ id }) => id);
  }

  async schema(): Promise<Schema> {
    const { columns, timelines } = schemaOf(this.#all(), await this.#segments());
    const { contents } = this.#selection;
    const filter = contents === undefined ? undefined : parseContents(contents);
    const shown = columns.filter(({ entityPath }) => filter === undefined || filter.includes(entityPath));
    return new Schema({ timelines, columns: shown }, new Map([["sorbet:version", SORBET_VERSION]]));
  }

  segmentTable(): DataFrame {
    return this.#frame(async (signal) => segmentTable(await this.#segments(), { warn: this.#warn, signal }));
  }

  getIndexRanges(): DataFrame {
    return this.#frame(async () => indexRanges(await this.#segments(), { warn: this.#warn }));
  }

  filterSegments(segments: SegmentsLike): Dataset {
    const { segments: before = [] } = this.#selection;
    return new StoredDataset(this.#shared, { ...this.#selection, segments: [...before, segments] });
  }

  filterContents(contents: ContentsLike): Dataset {
    return new StoredDataset(this.#shared, { ...this.#selection, contents: narrowed(this.#selection.contents, contents) });
  }

  reader(index: string | null, options: ReaderOptions = {}): DataFrame {
    return this.#frame(async (signal) => {
      const segments = await this.#segments();
      const schema = schemaOf(this.#all(), segments);
      const query = await queryOf(index, options, schema, this.#selection.contents);
      const plan = planDataframe(segments, query, { schema, warn: this.#shared.options.warn });
      const maxBytes = this.#memoryLimitBytes;
      return {
        fields: plan.fields,
        metadata: plan.metadata,
        resultBytes: options.limit === undefined ? plan.resultBytes : undefined,
        batches: (read = {}) =>
          plan.batches({ maxBytes, signal: either(options.signal, read.signal ?? signal), outputs: read.outputs }),
      };
    });
  }

  async segmentStore(segmentId: string): Promise<LazyStore> {
    const segment = (await this.#segments()).find(({ id }) => id === segmentId);
    if (segment === undefined) throw segmentNotFound("the dataset", segmentId);
    // The files are the dataset's to close, and have caches of their own.
    const source = { ...filterSource(segment.source, this.#selection.contents), close: async () => undefined };
    return new LazyStore(source, { cacheBytes: 0 });
  }

  toString(): string {
    const { isClosed, open } = this.#shared;
    return isClosed ? "Dataset { closed }" : `Dataset { ${open.segments().length} segments }`;
  }

  async close(): Promise<void> {
    this.#shared.isClosed = true;
    await this.#shared.open.close();
  }

  get #warn(): WarningReporter {
    return this.#shared.options.warn ?? warnOnce;
  }

  get #memoryLimitBytes(): number {
    return this.#shared.options.memoryLimitBytes ?? DEFAULT_QUERY_BYTES;
  }

  #frame(open: (signal: AbortSignal | undefined) => Promise<OpenFrame>): DataFrame {
    return new DataFrame({ open }, { memoryLimitBytes: this.#memoryLimitBytes });
  }

  #all(): readonly Segment[] {
    if (this.#shared.isClosed) throw new RerunError("Closed", "The dataset is closed");
    return this.#shared.open.segments();
  }

  async #segments(): Promise<readonly Segment[]> {
    const selections = await Promise.all((this.#selection.segments ?? []).map(segmentIdsOf));
    return this.#all().filter(({ id }) => selections.every((ids) => ids === undefined || ids.has(id)));
  }
}

/** The columns of all segments, whichever are selected, as they are one dataset; when those do not agree, of the selected ones. */
function schemaOf(all: readonly Segment[], selected: readonly Segment[]): FrameSchema {
  try {
    return frameSchema(all);
  } catch (error) {
    if (!isRerunError(error, "InvalidData") || selected.length === all.length) throw error;
    return frameSchema(selected);
  }
}
