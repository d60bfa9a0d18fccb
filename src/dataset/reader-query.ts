import { RerunError, TIME_MAX, TIME_MIN, type Timeline } from "../core/index.js";
import { type DataframeQuery, type FrameSchema, listClosest, SEGMENT_COLUMN } from "../store/index.js";
import { DataFrame } from "./data-frame.js";
import type { ReaderOptions, SegmentsLike } from "./dataset.js";
import { type IndexValuesLike, indexValue, indexValues } from "./index-values.js";

/** The ids that a selection names; `undefined` = all. @throws RerunError `InvalidArgument` for a frame without a column of ids */
export async function segmentIdsOf(segments: SegmentsLike | undefined): Promise<Set<string> | undefined> {
  if (segments === undefined) return undefined;
  if (typeof segments === "string") return new Set([segments]);
  if (!(segments instanceof DataFrame)) return new Set(segments);
  const { fields } = await segments.schema();
  if (!fields.some(({ name }) => name === SEGMENT_COLUMN)) {
    throw new RerunError("InvalidArgument", `filterSegments: the frame must have a column '${SEGMENT_COLUMN}'`);
  }
  const rows = await segments.rows();
  return new Set(rows.map((row) => String(row[SEGMENT_COLUMN])));
}

/**
 * What a reader asks, with its index values as the timeline has them.
 *
 * @throws RerunError `NotFound` for an index that does not exist, `InvalidArgument`
 */
export function queryOf(
  index: string | null,
  options: ReaderOptions,
  schema: FrameSchema,
  contents: string | readonly string[] | undefined,
): DataframeQuery {
  const { usingIndexValues, range, signal: _, ...rest } = options;
  const timeline = schema.timelines.find(({ name }) => name === index);
  if (timeline === undefined) {
    if (index !== null) throw unknownIndex(index, schema.timelines);
    for (const name of ["usingIndexValues", "range"] as const) {
      if (options[name] !== undefined)
        throw new RerunError("InvalidArgument", `${name}: static data (reader(null)) has no index`);
    }
    return { ...rest, index, contents };
  }
  const min = range?.from === undefined ? TIME_MIN : indexValue(range.from, timeline, "range.from");
  const max = range?.to === undefined ? TIME_MAX : indexValue(range.to, timeline, "range.to");
  return {
    ...rest,
    index,
    contents,
    ...(range !== undefined && { range: { min, max } }),
    ...(usingIndexValues !== undefined && { usingIndexValues: valuesOf(usingIndexValues, timeline) }),
  };
}

function unknownIndex(index: unknown, timelines: readonly Timeline[]): RerunError {
  const names = timelines.map(({ name }) => name);
  return new RerunError(
    "NotFound",
    `Index '${String(index)}' does not exist in the dataset: ${listClosest(String(index), names)}`,
  );
}

function valuesOf(
  values: IndexValuesLike | Readonly<Record<string, IndexValuesLike>>,
  timeline: Timeline,
): BigInt64Array | Map<string, BigInt64Array> {
  if (Symbol.iterator in values) return indexValues(values as IndexValuesLike, timeline, "usingIndexValues");
  return new Map(
    Object.entries(values as Readonly<Record<string, IndexValuesLike>>).map(([id, some]) => [
      id,
      indexValues(some, timeline, `usingIndexValues["${id}"]`),
    ]),
  );
}

/** A signal that ends with either. */
export function either(a: AbortSignal, b: AbortSignal | undefined): AbortSignal;
export function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined;
export function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return AbortSignal.any([a, b]);
}
