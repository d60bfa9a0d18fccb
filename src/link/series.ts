/** A scalar series with at most so many points: the smallest and greatest value of each bucket of time. Pure. */
import type { Chunk } from "../chunk/index.js";
import { type ArrayData, halfToNumber, RerunError, type TimeRange } from "../core/index.js";
import { type ChunkRows, mergeRows } from "../store/index.js";
import type { SeriesReply } from "./messages.js";

export interface SeriesOptions {
  readonly component: string;
  readonly timeline: string;
  /** Inclusive. */
  readonly range: TimeRange;
  /** The most points of the reply. */
  readonly buckets: number;
  /** Which value of a cell. */
  readonly instance: number;
}

const TWO_32 = 4294967296;

/**
 * Makes the series of the cells in the parts of a range query. At most `buckets` points: raw, by (time, row id). More: one
 * point for each equal part of the range that has any, at the time of its earliest point, with the exact extremes.
 * A cell without that instance, as a NaN, is a gap: it counts only where there is nothing else.
 *
 * Of what was added nothing is kept but the buckets, once there are more points than those.
 */
export class SeriesReducer {
  readonly #options: SeriesOptions;
  #held: ChunkRows[] = [];
  #buckets: Buckets | undefined;
  #numPoints = 0;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** @throws RerunError `Unsupported` when the component is not a number, here or in `finish` */
  add(parts: Iterable<ChunkRows>): void {
    for (const part of parts) {
      if (!part.chunk.timelines.has(this.#options.timeline)) continue;
      this.#numPoints += part.rows.length;
      this.#held.push(part);
    }
    if (this.#numPoints <= this.#options.buckets) return;
    this.#buckets ??= new Buckets(this.#options);
    for (const part of this.#held) this.#buckets.add(part);
    this.#held = [];
  }

  finish(): SeriesReply {
    return this.#buckets?.finish(this.#numPoints) ?? rawSeries(this.#held, this.#options);
  }
}

function rawSeries(parts: readonly ChunkRows[], { component, timeline, instance }: SeriesOptions): SeriesReply {
  const rows = mergeRows(parts, timeline);
  const columns = new Map(parts.map(({ chunk }) => [chunk, scalarsOf(chunk, component)]));
  const times = new BigInt64Array(rows.length);
  const values = new Float64Array(rows.length);
  let numInstances = 0;
  for (const [i, { chunk, row, time }] of rows.entries()) {
    const scalars = columns.get(chunk);
    if (scalars === undefined || time === undefined) continue;
    times[i] = time;
    values[i] = numberAt(scalars, row, instance);
    numInstances = Math.max(numInstances, countOf(scalars, row));
  }
  return { times, min: values, max: values, numPoints: rows.length, isReduced: false, numInstances };
}

/** The smallest and greatest value of each equal part of the range. */
class Buckets {
  readonly #options: SeriesOptions;
  readonly #mins: Float64Array;
  readonly #maxs: Float64Array;
  readonly #firsts: BigInt64Array;
  readonly #isUsed: Uint8Array;
  #numInstances = 0;

  constructor(options: SeriesOptions) {
    this.#options = options;
    this.#mins = new Float64Array(options.buckets).fill(Number.NaN);
    this.#maxs = new Float64Array(options.buckets).fill(Number.NaN);
    this.#firsts = new BigInt64Array(options.buckets);
    this.#isUsed = new Uint8Array(options.buckets);
  }

  add({ chunk, rows }: ChunkRows): void {
    const { component, timeline, range, buckets, instance } = this.#options;
    const index = chunk.timelines.get(timeline);
    if (index === undefined) return;
    const [mins, maxs, firsts, isUsed] = [this.#mins, this.#maxs, this.#firsts, this.#isUsed];
    const width = Number(range.max - range.min) + 1;
    const baseLow = Number(BigInt.asUintN(32, range.min));
    const baseHigh = Number(range.min >> 32n);
    const scalars = scalarsOf(chunk, component);
    const { times } = index;
    // Halves of the times, since a bigint for each of millions of points takes ten times as long.
    const low = new Uint32Array(times.buffer, times.byteOffset, 2 * times.length);
    const high = new Int32Array(times.buffer, times.byteOffset, 2 * times.length);
    let lastBucket = -1;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const distance = ((high[2 * row + 1] ?? 0) - baseHigh) * TWO_32 + ((low[2 * row] ?? 0) - baseLow);
      const bucket = Math.min(buckets - 1, Math.floor((distance * buckets) / width));
      const value = numberAt(scalars, row, instance);
      const count = countOf(scalars, row);
      if (count > this.#numInstances) this.#numInstances = count;
      if (bucket !== lastBucket) {
        // A chunk's rows come by time: the first one in a bucket is its earliest there.
        lastBucket = bucket;
        const time = times[row] ?? 0n;
        if (isUsed[bucket] === 0 || time < (firsts[bucket] ?? 0n)) firsts[bucket] = time;
        isUsed[bucket] = 1;
      }
      // A comparison with NaN is false, so a NaN never replaces a number and a number always replaces a NaN.
      if (!((mins[bucket] ?? Number.NaN) <= value) && !Number.isNaN(value)) mins[bucket] = value;
      if (!((maxs[bucket] ?? Number.NaN) >= value) && !Number.isNaN(value)) maxs[bucket] = value;
    }
  }

  finish(numPoints: number): SeriesReply {
    const used: number[] = [];
    for (let bucket = 0; bucket < this.#isUsed.length; bucket++) if (this.#isUsed[bucket] === 1) used.push(bucket);
    return {
      times: BigInt64Array.from(used, (bucket) => this.#firsts[bucket] ?? 0n),
      min: Float64Array.from(used, (bucket) => this.#mins[bucket] ?? Number.NaN),
      max: Float64Array.from(used, (bucket) => this.#maxs[bucket] ?? Number.NaN),
      numPoints,
      isReduced: true,
      numInstances: this.#numInstances,
    };
  }
}

/** The numbers of a component column: those of row `r` are `values[offsets[r] … offsets[r + 1] - 1]`. */
interface Scalars {
  readonly offsets: Int32Array;
  readonly values: ArrayLike<number>;
}

function scalarsOf(chunk: Chunk, component: string): Scalars {
  const list = chunk.components.get(component)?.list;
  const items = list?.children?.[0];
  const values = items === undefined ? undefined : numbersOf(items);
  if (list?.offsets === undefined || values === undefined) {
    const type = items?.type.kind ?? "nothing";
    throw new RerunError("Unsupported", `A series needs numbers, got ${type} in ${component} of ${chunk.entityPath}`);
  }
  return { offsets: list.offsets, values };
}

function numbersOf({ type, values }: ArrayData): ArrayLike<number> | undefined {
  if (values === undefined) return undefined;
  if (type.kind === "float" && type.bits === 16) return Float64Array.from(values as Uint16Array, halfToNumber);
  if (type.kind !== "float" && type.kind !== "int") return undefined;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
  return values;
}

function numberAt({ offsets, values }: Scalars, row: number, instance: number): number {
  const at = (offsets[row] ?? 0) + instance;
  return at < (offsets[row + 1] ?? 0) ? (values[at] ?? Number.NaN) : Number.NaN;
}

function countOf({ offsets }: Scalars, row: number): number {
  return (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
}
