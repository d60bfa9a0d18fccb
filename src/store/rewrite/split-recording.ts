import { type Chunk, compareRowIds, isStatic, selectComponents, takeRows } from "../../chunk/index.js";
import { createTuidSource, newTuidHex, RerunError, TIME_MAX, TIME_MIN, type TuidSource } from "../../core/index.js";
import { ChunkStore } from "../chunk-store.js";
import { NO_LIMITS } from "../store-config.js";
import { mergeRecording } from "./merge-recording.js";

export interface SplitOptions {
  readonly timeline: string;
  /** Where to cut: each is the first time of the next part. */
  readonly times?: readonly bigint[];
  /** Instead of `times`: so many parts that cover equal spans of time. */
  readonly numParts?: number;
  /** Ids of chunks that are made. */
  readonly ids?: TuidSource;
}

/** Times `start ≤ t < end`. */
export interface RecordingPart {
  readonly start: bigint;
  readonly end: bigint;
  readonly chunks: readonly Chunk[];
}

/**
 * A recording cut on a timeline. Every part has all static data, the rows of its times, and the latest cell of every component
 * from before its start, so that it shows what the whole recording shows at its times. Rows without the timeline are in the
 * first part.
 *
 * @throws RerunError `InvalidArgument` for times and `numParts` both or neither, or a timeline that does not exist
 */
export function splitRecording(chunks: Iterable<Chunk>, options: SplitOptions): RecordingPart[] {
  const { timeline } = options;
  const ids = options.ids ?? createTuidSource();
  const nextId = (): string => newTuidHex(ids);
  const store = new ChunkStore({ limits: NO_LIMITS });
  for (const chunk of mergeRecording(chunks)) store.insert(chunk);
  const cuts = cutsOf(store, options);
  return cuts.slice(1).map((end, i) => {
    const start = cuts[i] ?? TIME_MIN;
    const own = [...store.chunks()].flatMap((chunk) => partOf(chunk, timeline, start, end, i === 0, nextId));
    const carried = i === 0 ? [] : stateAt(store, timeline, start, nextId);
    return { start, end, chunks: [...own, ...carried].sort((a, b) => compareRowIds(a, 0, b, 0) || (a.id < b.id ? -1 : 1)) };
  });
}

/** Where parts begin and end: first the first time, last the one after the last. */
function cutsOf(store: ChunkStore, { timeline, times, numParts }: SplitOptions): bigint[] {
  const { timelines } = store.schema();
  const known = timelines.find(({ name }) => name === timeline);
  if (known === undefined) {
    const names = timelines.map(({ name }) => `"${name}"`).join(", ");
    throw new RerunError("InvalidArgument", `There is no timeline "${timeline}" in the recording, it has ${names || "none"}`);
  }
  if ((times === undefined) === (numParts === undefined)) {
    throw new RerunError("InvalidArgument", "Expected either times or numParts");
  }
  const { min, max } = known.range;
  if (numParts !== undefined && (!Number.isSafeInteger(numParts) || numParts < 1)) {
    throw new RerunError("InvalidArgument", `numParts must be a whole number of at least 1, got ${numParts}`);
  }
  const span = max - min + 1n;
  const parts = BigInt(numParts ?? 1);
  const inner = times ?? Array.from({ length: Number(parts) - 1 }, (_, i) => min + (span * BigInt(i + 1)) / parts);
  const sorted = [...new Set(inner)].sort((a, b) => (a < b ? -1 : 1));
  return [smaller(min, sorted[0]), ...sorted, max >= TIME_MAX ? TIME_MAX : larger(max + 1n, sorted[sorted.length - 1])];
}

function smaller(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b < a ? b : a;
}

function larger(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b > a ? b : a;
}

/** What a chunk gives to the part of these times. */
function partOf(chunk: Chunk, timeline: string, start: bigint, end: bigint, isFirst: boolean, nextId: () => string): Chunk[] {
  const index = chunk.timelines.get(timeline);
  if (index === undefined) return isStatic(chunk) || isFirst ? [chunk] : [];
  const { range, times } = index;
  // Also the last time there is, which no end comes after.
  const isInside = (time: bigint): boolean => time >= start && (time < end || (end === TIME_MAX && time === TIME_MAX));
  if (isInside(range.min) && isInside(range.max)) return [chunk];
  if (range.max < start || (range.min >= end && !isInside(range.min))) return [];
  const rows: number[] = [];
  for (let row = 0; row < times.length; row++) if (isInside(times[row] ?? 0n)) rows.push(row);
  return rows.length === 0 ? [] : [takeRows(chunk, rows, nextId())];
}

/** The latest cell of every component before `start`, where there is none at `start` itself. */
function stateAt(store: ChunkStore, timeline: string, start: bigint, nextId: () => string): Chunk[] {
  const state: Chunk[] = [];
  for (const { path, components } of store.schema().entities) {
    for (const { descriptor } of components) {
      const { component } = descriptor;
      const found = store.latestAt({ entityPath: path, component, timeline, at: start });
      if (found?.time === undefined || found.time >= start) continue;
      state.push(selectComponents(takeRows(found.chunk, [found.row]), [component], nextId()));
    }
  }
  return state;
}
