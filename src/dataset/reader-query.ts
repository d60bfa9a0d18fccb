import { TimeUnit } from "apache-arrow";
import { describe, RerunError, TIME_MAX, TIME_MIN, type Timeline } from "../core/index.js";
import { type Contents, type DataframeQuery, type FrameSchema, listClosest, SEGMENT_COLUMN } from "../store/index.js";
import { DataFrame } from "./data-frame.js";
import type { ReaderOptions, SegmentsLike } from "./dataset.js";
import { type IndexValue, type IndexValuesLike, indexValue, indexValues } from "./index-values.js";

/** The ids that a selection names; `undefined` = all. @throws RerunError `InvalidArgument` for a frame without a column of ids */
export async function segmentIdsOf(segments: SegmentsLike | undefined): Promise<Set<string> | undefined> {
  if (segments === undefined) return undefined;
  if (typeof segments === "string") return new Set([segments]);
  if (!(segments instanceof DataFrame)) {
    if (Array.isArray(segments) && segments.every((id) => typeof id === "string")) return new Set(segments);
    throw new RerunError("InvalidArgument", `filterSegments: expected ids or a frame, got ${describe(segments)}`);
  }
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
export async function queryOf(
  index: string | null,
  options: ReaderOptions,
  schema: FrameSchema,
  contents: Contents | undefined,
): Promise<DataframeQuery> {
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
    ...(usingIndexValues !== undefined && { usingIndexValues: await valuesOf(usingIndexValues, timeline, options.signal) }),
  };
}

function unknownIndex(index: unknown, timelines: readonly Timeline[]): RerunError {
  const names = timelines.map(({ name }) => name);
  return new RerunError(
    "NotFound",
    `Index '${String(index)}' does not exist in the dataset: ${listClosest(String(index), names)}`,
  );
}

async function valuesOf(
  values: NonNullable<ReaderOptions["usingIndexValues"]>,
  timeline: Timeline,
  signal: AbortSignal | undefined,
): Promise<BigInt64Array | Map<string, BigInt64Array>> {
  if (Symbol.iterator in values) return indexValues(values as IndexValuesLike, timeline, "usingIndexValues");
  const bySegment = values instanceof DataFrame ? await valuesInFrame(values, timeline, signal) : Object.entries(values);
  return new Map(bySegment.map(([id, some]) => [id, indexValues(some, timeline, `usingIndexValues["${id}"]`)]));
}

async function valuesInFrame(
  frame: DataFrame,
  { name: index }: Timeline,
  signal: AbortSignal | undefined,
): Promise<[segmentId: string, IndexValue[]][]> {
  const { fields } = await frame.schema();
  const missing = [SEGMENT_COLUMN, index].find((name) => !fields.some((field) => field.name === name));
  if (missing !== undefined) {
    throw new RerunError("InvalidArgument", `usingIndexValues: the frame must have a column '${missing}'`);
  }
  const scale = nanosPerUnit(fields.find(({ name }) => name === index)?.type);
  const bySegment = new Map<string, IndexValue[]>();
  for (const row of await frame.rows({ signal })) {
    const [id, value] = [String(row[SEGMENT_COLUMN]), row[index] as IndexValue];
    const values = bySegment.get(id) ?? [];
    if (values.length === 0) bySegment.set(id, values);
    values.push(typeof value === "bigint" ? value * scale : value);
  }
  return [...bySegment];
}

/** What a whole number in a column is in nanoseconds, 1 where it is no time. */
function nanosPerUnit(type: unknown): bigint {
  const hasUnit = typeof type === "object" && type !== null && "unit" in type;
  return hasUnit ? 1000n ** BigInt(TimeUnit.NANOSECOND - Number(type.unit)) : 1n;
}

/** A signal that ends with either. */
export function either(a: AbortSignal, b: AbortSignal | undefined): AbortSignal;
export function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined;
export function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return AbortSignal.any([a, b]);
}
