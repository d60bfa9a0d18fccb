import type { LazyStore } from "../store/index.js";
import type { ContentFilter } from "./content-filter.js";
import type { DataFrame } from "./data-frame.js";
import type { IndexValue, IndexValuesLike } from "./index-values.js";
import type { Schema } from "./schema.js";

/** How a dataset is read. */
export interface ReaderOptions {
  /** Puts the latest cell of a column into each row where it has none; what lies before `range` counts. Default: false. */
  readonly fillLatestAt?: boolean | undefined;
  /**
   * Exactly these rows. A list holds for all segments, each of which takes those between its first and last index value; an object
   * of lists by segment id, or a frame with the columns `rerun_segment_id` and the index, gives all of them, also where nothing was
   * logged, and no rows for other segments.
   */
  readonly usingIndexValues?: IndexValuesLike | Readonly<Record<string, IndexValuesLike>> | DataFrame | undefined;
  /** Also columns without a single instance. Default: false. */
  readonly includeSemanticallyEmptyColumns?: boolean | undefined;
  /** Also the columns of `Clear`. Default: false. */
  readonly includeTombstoneColumns?: boolean | undefined;
  /** Only rows in this range of the index, both ends included. */
  readonly range?: { readonly from?: IndexValue | undefined; readonly to?: IndexValue | undefined } | undefined;
  /** Only these columns, in this order; unless filled, also only rows in which one of them has a cell. */
  readonly columns?: readonly string[] | undefined;
  /** Only rows in which this column has a cell of its own, not a filled one. */
  readonly isNotNull?: string | undefined;
  /** At most so many rows. */
  readonly limit?: number | undefined;
  /** How `Clear` shows: until the next cell (`consistent`, default), or as Rerun 0.41 has it. */
  readonly clears?: "consistent" | "rerun-0.41" | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DatasetOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Rules for entities: texts, or a `ContentFilter`. */
export type ContentsLike = string | readonly string[] | ContentFilter;

/** Which segments: ids, or a frame with a column `rerun_segment_id`. */
export type SegmentsLike = string | readonly string[] | DataFrame;

/**
 * Recordings that are queried together, each a segment: in process, or behind a server.
 *
 * `filterSegments` and `filterContents` give narrower views; `reader` gives rows. None of the three reads anything, and none of
 * them throws: errors come with the first await.
 */
export interface Dataset {
  /** Ids of the segments, sorted. */
  segmentIds(options?: DatasetOptions): Promise<string[]>;
  /** The timelines and components of all segments together. */
  schema(options?: DatasetOptions): Promise<Schema>;
  /** One row for each segment: its layers, files, size, properties, first and last time on each timeline. */
  segmentTable(): DataFrame;
  /** One row for each segment: first and last time on each timeline. */
  getIndexRanges(): DataFrame;
  /** Only these segments, of those selected so far. Ids that do not exist are no error. */
  filterSegments(segments: SegmentsLike): Dataset;
  /**
   * Only these entities. One or several texts with rules: `path` or `+ path` takes in, `- path` leaves out, `path/**` stands
   * for all below as well; the most specific rule decides. Properties are in only when a rule names them.
   */
  filterContents(contents: ContentsLike): Dataset;
  /** The rows by the values of a timeline; `null` gives one row of static data for each segment. */
  reader(index: string | null, options?: ReaderOptions): DataFrame;
  /**
   * The chunks of one segment, of the selected entities, as a store: indexed at once, fetched when a query needs them. Close it
   * when it is no longer needed.
   *
   * @throws RerunError `NotFound` for a segment that is not there, or not selected
   */
  segmentStore(segmentId: string, options?: DatasetOptions): Promise<LazyStore>;
}
