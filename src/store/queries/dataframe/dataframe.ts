import { arraySizeBytes, gatherArray, Runs, SORBET_VERSION, sliceArray } from "../../../chunk/index.js";
import { type ArrayData, type Field, formatBytes, isValidAt, RerunError, type WarningReporter } from "../../../core/index.js";
import { BatchBuilder, type FrameBatch } from "./build-batch.js";
import { type FrameColumn, type FrameSchema, type FrameSegment, frameSchema } from "./frame-schema.js";
import { type DataframeQuery, type ResolvedQuery, resolveQuery } from "./query.js";
import { type FrameRows, readRows, readStatics } from "./read-segment.js";
import { planSegment, type SegmentPlan } from "./segment-plan.js";
import { MAX_BATCH_ROWS, planWindows, sizeOf, windowBytes } from "./windows.js";

/** Default of what chunks in memory at once, or a whole result, may take: 4 GiB. */
export const DEFAULT_QUERY_BYTES: number = 4 * 1024 ** 3;

export interface PlanOptions {
  /** Hears of contents that match nothing. Default: printed once. */
  readonly warn?: WarningReporter | undefined;
}

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Numbers of the fields that batches hold, in that order. Default: all. */
  readonly outputs?: readonly number[] | undefined;
  /** Rows of one batch at most, but for rows of one time. Default: 65 536. */
  readonly maxRows?: number | undefined;
  /** What the chunks that are in memory at once may take, in bytes. Default: `DEFAULT_QUERY_BYTES`. */
  readonly maxBytes?: number | undefined;
}

/** A query that is looked up and ready to be read. */
export interface DataframePlan {
  /** Columns of the result. */
  readonly fields: readonly Field[];
  readonly metadata: ReadonlyMap<string, string>;
  /** The columns whose cells make rows, shown or not. */
  readonly view: readonly FrameColumn[];
  /** Bytes of chunks that are in memory at once while batches are read. */
  readonly windowBytes: number;
  /** Bytes of all chunks that the result is made of, each once: about what it takes. */
  readonly resultBytes: number;
  /**
   * The rows, by segment id and index.
   *
   * @throws RerunError `LimitExceeded` when `windowBytes` is above the bound, with the next step at the first value
   */
  batches(options?: BatchOptions): AsyncGenerator<FrameBatch, void, undefined>;
}

/**
 * Looks up what a query asks of the segments.
 *
 * @throws RerunError `NotFound`, `InvalidArgument` as `resolveQuery`, `InvalidData` as `frameSchema`
 */
export function planDataframe(
  segments: readonly FrameSegment[],
  query: DataframeQuery,
  options: PlanOptions & { readonly schema?: FrameSchema | undefined } = {},
): DataframePlan {
  const resolved = resolveQuery(options.schema ?? frameSchema(segments), query, options.warn);
  const plans = [...segments].sort((a, b) => (a.id < b.id ? -1 : 1)).map((segment) => planSegment(segment, resolved));
  return {
    fields: resolved.outputs.map(({ field }) => field),
    metadata: new Map([["sorbet:version", SORBET_VERSION]]),
    view: resolved.view,
    windowBytes: Math.max(0, ...plans.map((plan) => bytesAtOnce(plan, query.index))),
    resultBytes: plans.reduce((sum, plan) => sum + bytesOf(plan), 0),
    batches(batchOptions = {}) {
      const { maxBytes = DEFAULT_QUERY_BYTES } = batchOptions;
      if (this.windowBytes > maxBytes) {
        throw new RerunError(
          "LimitExceeded",
          `The query needs ${formatBytes(this.windowBytes)} of chunks in memory at once, the limit is ${formatBytes(maxBytes)}: raise memoryLimitBytes, or ask for fewer columns or a smaller range`,
        );
      }
      return readBatches(plans, resolved, batchOptions);
    },
  };
}

function bytesAtOnce(plan: SegmentPlan, index: string | null): number {
  const entries = Array.from(plan.temporal.values(), ({ entry }) => entry);
  const statics = sizeOf(new Set([...plan.statics.values()].flat()));
  return statics + windowBytes(planWindows(entries, index ?? ""), index ?? "");
}

function bytesOf(plan: SegmentPlan): number {
  const entries = Array.from(plan.temporal.values(), ({ entry }) => entry);
  return sizeOf(new Set([...entries, ...[...plan.statics.values()].flat()]));
}

async function* readBatches(
  plans: readonly SegmentPlan[],
  query: ResolvedQuery,
  { outputs, signal, maxRows = MAX_BATCH_ROWS }: BatchOptions,
): AsyncGenerator<FrameBatch, void, undefined> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  const wanted = outputs === undefined ? query.outputs : outputs.flatMap((number) => query.outputs[number] ?? []);
  const { filter } = query;
  const built = filter === undefined ? wanted : [...wanted, filter];
  for (const plan of plans) {
    const builder = new BatchBuilder(query, plan.segment.id, built);
    for await (const rows of query.index === null ? readStaticRow(plan, query, signal) : readRows(plan, query, maxRows, signal)) {
      for (const whole of builder.build(rows)) {
        signal?.throwIfAborted();
        const batch = firstRows(filter === undefined ? whole : withoutNulls(whole), left);
        left -= batch.numRows;
        if (batch.numRows > 0) yield batch;
        if (left <= 0) return;
      }
    }
  }
}

/** One row of all static cells; none when the contents have none. */
async function* readStaticRow(
  plan: SegmentPlan,
  query: ResolvedQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<FrameRows, void, undefined> {
  const statics = await readStatics(plan, query, signal);
  if (statics.size === 0 && !plan.hasStatics) return;
  const cells = query.view.map((_, column) => {
    const cell = statics.get(column);
    return cell === undefined ? ({ kind: "none" } as const) : ({ kind: "constant", ...cell } as const);
  });
  const filter = query.filter?.kind === "data" ? cells[query.filter.column] : undefined;
  yield { times: new BigInt64Array(1), cells, filter: filter ?? { kind: "none" } };
}

/** Rows in which the last column is not null, without that column. */
function withoutNulls({ columns, numRows }: FrameBatch): FrameBatch {
  const filter = columns[columns.length - 1];
  const rest = columns.slice(0, -1);
  if (filter === undefined || filter.nullCount === 0) return { numRows, columns: rest };
  const runs = new Runs();
  for (let i = 0; i < numRows; i++) if (isValidAt(filter, i)) runs.add(0, i, 1);
  return { numRows: runs.total, columns: rest.map((column) => gatherArray(column.type, [column], runs)) };
}

function firstRows({ columns, numRows }: FrameBatch, count: number): FrameBatch {
  if (count >= numRows) return { numRows, columns };
  return { numRows: count, columns: columns.map((column) => sliceArray(column, 0, count)) };
}

/** Heap size of a batch, in bytes. */
export function batchBytes({ columns }: FrameBatch): number {
  return columns.reduce((sum: number, column: ArrayData) => sum + arraySizeBytes(column), 0);
}
