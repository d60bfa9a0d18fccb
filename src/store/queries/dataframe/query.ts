import { componentColumnField, timelineColumnField } from "../../../chunk/index.js";
import {
  describe,
  type Field,
  field,
  RerunError,
  type Timeline,
  type TimeRange,
  UTF8,
  type WarningReporter,
  warnOnce,
} from "../../../core/index.js";
import { listClosest } from "./closest.js";
import { type Contents, type ContentsFilter, parseContents } from "./contents.js";
import type { FrameColumn, FrameSchema } from "./frame-schema.js";

/** The column that says which recording a row is from. */
export const SEGMENT_COLUMN = "rerun_segment_id";

/** What a dataframe is asked for. Every option may be left out. */
export interface DataframeQuery {
  /** Name of the timeline whose values make the rows; `null` = one row of static data for each segment. */
  readonly index: string | null;
  /** Which entities: see `parseContents`. Default: all but properties. */
  readonly contents?: Contents | undefined;
  /** Also columns without a single instance. Default: false. */
  readonly includeSemanticallyEmptyColumns?: boolean | undefined;
  /** Also columns that say that an entity was cleared. Default: false. */
  readonly includeTombstoneColumns?: boolean | undefined;
  /** Puts the latest cell of a column into each row where it has none. Default: false. */
  readonly fillLatestAt?: boolean | undefined;
  /**
   * Exactly these rows, ascending and distinct: by segment, also where nothing was logged; or for all segments, of which each
   * takes those between its first and last index value.
   */
  readonly usingIndexValues?: BigInt64Array | ReadonlyMap<string, BigInt64Array> | undefined;
  /** Only rows in this range, inclusive. What lies before it still fills. */
  readonly range?: TimeRange | undefined;
  /** Only these columns, in this order; unless filled, also only rows in which one of them has a cell. */
  readonly columns?: readonly string[] | undefined;
  /** Only rows in which this column has a cell of its own, not a filled one. */
  readonly isNotNull?: string | undefined;
  /** At most so many rows. */
  readonly limit?: number | undefined;
  /**
   * `consistent` (default): a clear empties the columns of its entity, and of all below when it is recursive, whatever the query
   * shows of it, until the next cell. `rerun-0.41`: as that version does it, where filling passes over clears, and those of
   * entities that the query does not show do not count.
   */
  readonly clears?: "consistent" | "rerun-0.41" | undefined;
}

/** A column of the result. */
export type OutputColumn =
  | { readonly kind: "segment"; readonly field: Field }
  | { readonly kind: "index"; readonly field: Field; readonly timeline: Timeline }
  /** `column`: its number among the query's columns. */
  | { readonly kind: "data"; readonly field: Field; readonly column: number };

/** A query with its names looked up. */
export interface ResolvedQuery extends DataframeQuery {
  readonly timeline: Timeline | undefined;
  readonly timelines: readonly Timeline[];
  readonly contentsFilter: ContentsFilter;
  /** The columns that make rows. */
  readonly view: readonly FrameColumn[];
  readonly outputs: readonly OutputColumn[];
  /** The column of `isNotNull`; none of `outputs`. */
  readonly filter: OutputColumn | undefined;
}

/**
 * Looks up what a query names.
 *
 * @param warn hears of contents that match nothing
 * @throws RerunError `NotFound` for an index or column that does not exist, with those that do; `InvalidArgument`
 */
export function resolveQuery(schema: FrameSchema, query: DataframeQuery, warn: WarningReporter = warnOnce): ResolvedQuery {
  const { timelines } = schema;
  const timeline = timelines.find(({ name }) => name === query.index);
  if (query.index !== null && timeline === undefined) {
    const names = timelines.map(({ name }) => name);
    throw new RerunError(
      "NotFound",
      `Index '${query.index}' does not exist in the dataset: ${listClosest(String(query.index), names)}`,
    );
  }
  checkOptions(query);
  const contentsFilter = parseContents(query.contents);
  const paths = [...new Set(schema.columns.map(({ entityPath }) => entityPath))];
  for (const text of contentsFilter.unmatched(paths)) {
    warn({ code: "NotFound", message: `Contents "${text}": no entity matches it; ${listClosest(text, paths)}` });
  }
  const view = schema.columns.filter(
    (column) =>
      contentsFilter.includes(column.entityPath) &&
      (query.index !== null || column.isStatic) &&
      (!column.isEmpty || query.includeSemanticallyEmptyColumns === true) &&
      (!column.isTombstone || query.includeTombstoneColumns === true),
  );
  return { ...query, timeline, timelines, contentsFilter, ...select(query, timelines, view) };
}

function select(
  { columns, isNotNull, fillLatestAt }: DataframeQuery,
  timelines: readonly Timeline[],
  all: readonly FrameColumn[],
): Pick<ResolvedQuery, "view" | "outputs" | "filter"> {
  const names = [SEGMENT_COLUMN, ...timelines.map(({ name }) => name), ...all.map(({ name }) => name)];
  for (const name of [...(columns ?? []), ...(isNotNull === undefined ? [] : [isNotNull])]) {
    if (names.includes(name)) continue;
    throw new RerunError("NotFound", `Column "${name}" does not exist in this query: ${listClosest(name, names)}`);
  }
  const isWanted = (name: string): boolean => columns === undefined || columns.includes(name) || name === isNotNull;
  const chosen = all.filter(({ name }) => isWanted(name));
  const view = fillLatestAt === true || chosen.length === 0 ? all : chosen;
  const available: OutputColumn[] = [
    { kind: "segment", field: field(SEGMENT_COLUMN, UTF8, false) },
    ...timelines.map((timeline): OutputColumn => ({ kind: "index", field: timelineColumnField(timeline), timeline })),
    ...view.map((info, column): OutputColumn => ({ kind: "data", field: componentColumnField(info), column })),
  ];
  const outputs =
    columns === undefined ? available : columns.flatMap((name) => available.filter((each) => each.field.name === name));
  const filter = available.find((each) => each.field.name === isNotNull);
  return { view, outputs, filter: filter === undefined ? undefined : { ...filter } };
}

function checkOptions({ limit, range, usingIndexValues, columns, clears }: DataframeQuery): void {
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === "string"))) {
    throw new RerunError("InvalidArgument", `columns: expected a list of names, got ${describe(columns)}`);
  }
  if (clears !== undefined && clears !== "consistent" && clears !== "rerun-0.41") {
    throw new RerunError("InvalidArgument", `clears: expected "consistent" or "rerun-0.41", got ${describe(clears)}`);
  }
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw new RerunError("InvalidArgument", `limit: expected a whole number of rows, got ${limit}`);
  }
  if (range !== undefined && range.min > range.max) {
    throw new RerunError("InvalidArgument", `range: expected from ≤ to, got ${range.min} … ${range.max}`);
  }
  const lists = usingIndexValues instanceof BigInt64Array ? [usingIndexValues] : (usingIndexValues?.values() ?? []);
  for (const values of lists) {
    for (let i = 1; i < values.length; i++) {
      if (values[i - 1]! < values[i]!) continue;
      if (values[i - 1]! === values[i]!)
        throw new RerunError("InvalidArgument", `Index values must be unique. ${values[i]} comes twice`);
      throw new RerunError("InvalidArgument", "Index values must ascend");
    }
  }
}
