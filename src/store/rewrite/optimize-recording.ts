import {
  arraySizeBytes,
  type Chunk,
  type ChunkLimits,
  type ChunkShape,
  canMerge,
  compareRowIds,
  type DataColumn,
  exceedsLimits,
  isFullySorted,
  isStatic,
  mergeChunks,
  selectComponents,
  splitChunk,
} from "../../chunk/index.js";
import { createTuidSource, newTuidHex, type TuidSource } from "../../core/index.js";
import { OBJECT_STORE_LIMITS } from "../store-config.js";
import { mergeRecording } from "./merge-recording.js";

export interface OptimizeOptions {
  /** How large chunks may become. Default: `OBJECT_STORE_LIMITS`. */
  readonly limits?: ChunkLimits;
  /**
   * Archetypes of one chunk whose sizes differ by more than this factor get chunks of their own, so that small data are read
   * without the large beside them; components of one archetype stay together. `undefined` = never. Default: 10.
   */
  readonly splitSizeRatio?: number | undefined;
  /** Ids of chunks that are made. */
  readonly ids?: TuidSource;
}

const DEFAULT_RATIO = 10;
/** Whoever looks for key frames reads these alone. */
const ALWAYS_APART: readonly string[] = ["VideoStream:is_keyframe"];
/** Runs of one entity that are filled side by side, as chunks with other columns alternate. */
const MAX_OPEN_RUNS = 16;

interface Run {
  readonly chunks: Chunk[];
  /** Timelines and all components of the chunks: what the next one must go together with. */
  readonly shape: ChunkShape & { readonly components: Map<string, DataColumn> };
  numRows: number;
  sizeBytes: number;
  isSorted: boolean;
}

/**
 * The chunks of a recording as few as the limits allow: what `mergeRecording` gives, with large chunks cut and neighbours of an
 * entity joined. Every cell keeps its row id and times. Chunks that need no change keep their ids.
 */
export function optimizeRecording(chunks: Iterable<Chunk>, options: OptimizeOptions = {}): Chunk[] {
  const limits = options.limits ?? OBJECT_STORE_LIMITS;
  const ratio = "splitSizeRatio" in options ? options.splitSizeRatio : DEFAULT_RATIO;
  const ids = options.ids ?? createTuidSource();
  const nextId = (): string => newTuidHex(ids);
  const byEntity = new Map<string, Chunk[]>();
  const result: Chunk[] = [];
  for (const chunk of mergeRecording(chunks)) {
    if (isStatic(chunk)) {
      result.push(chunk);
      continue;
    }
    const pieces = separate(chunk, ratio, nextId).flatMap((part) => splitChunk(part, limits, nextId));
    const known = byEntity.get(chunk.entityPath);
    if (known === undefined) byEntity.set(chunk.entityPath, pieces);
    else known.push(...pieces);
  }
  for (const pieces of byEntity.values()) for (const run of runsOf(pieces, limits)) result.push(joined(run, nextId));
  return result.sort((a, b) => compareRowIds(a, 0, b, 0) || (a.id < b.id ? -1 : 1));
}

function joined({ chunks }: Run, nextId: () => string): Chunk {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : mergeChunks(chunks, nextId());
}

/** Chunks that become one, each run within the limits; by time, so that joined chunks are short in time. */
function runsOf(pieces: readonly Chunk[], limits: ChunkLimits): Run[] {
  const done: Run[] = [];
  let open: Run[] = [];
  for (const chunk of [...pieces].sort(byTime)) {
    const run = open.find((candidate) => fits(candidate, chunk, limits));
    if (run === undefined) {
      const { numRows, sizeBytes } = chunk;
      const shape = { ...chunk, components: new Map(chunk.components) };
      open.push({ chunks: [chunk], shape, numRows, sizeBytes, isSorted: isFullySorted(chunk) });
      if (open.length > MAX_OPEN_RUNS) done.push(...open.splice(0, 1));
      continue;
    }
    Object.assign(run, totalsWith(run, chunk));
    run.chunks.push(chunk);
    for (const [name, column] of chunk.components) run.shape.components.set(name, column);
    // The run that grew comes last: those that nothing fits any more are the first to be closed.
    open = [...open.filter((other) => other !== run), run];
  }
  return [...done, ...open];
}

function fits(run: Run, chunk: Chunk, limits: ChunkLimits): boolean {
  if (!sharesComponent(run.shape, chunk) || !canMerge(run.shape, chunk)) return false;
  const { numRows, sizeBytes, isSorted } = totalsWith(run, chunk);
  return !exceedsLimits(numRows, sizeBytes, isSorted, limits);
}

function totalsWith(run: Run, chunk: Chunk): Pick<Run, "numRows" | "sizeBytes" | "isSorted"> {
  const last = run.chunks[run.chunks.length - 1];
  return {
    numRows: run.numRows + chunk.numRows,
    sizeBytes: run.sizeBytes + chunk.sizeBytes,
    isSorted: run.isSorted && isFullySorted(chunk) && last !== undefined && follows(last, chunk),
  };
}

/** Whether all rows of `next` come after those of `chunk`, by id and on every timeline. */
function follows(chunk: Chunk, next: Chunk): boolean {
  if (compareRowIds(chunk, chunk.numRows - 1, next, 0) > 0) return false;
  for (const [name, { range }] of chunk.timelines) {
    const other = next.timelines.get(name);
    if (other !== undefined && range.max > other.range.min) return false;
  }
  return true;
}

function sharesComponent(a: ChunkShape, b: ChunkShape): boolean {
  for (const name of a.components.keys()) if (b.components.has(name)) return true;
  return false;
}

function byTime(a: Chunk, b: Chunk): number {
  for (const [name, { range }] of a.timelines) {
    const other = b.timelines.get(name)?.range;
    if (other !== undefined && range.min !== other.min) return range.min < other.min ? -1 : 1;
  }
  return compareRowIds(a, 0, b, 0);
}

/** The chunk in parts, so that no two archetypes in one differ in size by more than `ratio`. */
function separate(chunk: Chunk, ratio: number | undefined, nextId: () => string): Chunk[] {
  const groups = new Map<string, { readonly names: string[]; sizeBytes: number }>();
  for (const [name, { descriptor, list }] of chunk.components) {
    const key = ALWAYS_APART.includes(name) ? name : (descriptor.archetype ?? "");
    const group = groups.get(key) ?? { names: [], sizeBytes: 0 };
    group.names.push(name);
    group.sizeBytes += arraySizeBytes(list);
    groups.set(key, group);
  }
  const apart = ALWAYS_APART.flatMap((name) => groups.get(name) ?? []);
  const bins = apart.map(({ names }) => names);
  let least = Number.NEGATIVE_INFINITY;
  for (const { names, sizeBytes } of [...groups.values()].sort((a, b) => a.sizeBytes - b.sizeBytes)) {
    if (names.some((name) => ALWAYS_APART.includes(name))) continue;
    const last = bins[bins.length - 1];
    if (last === undefined || bins.length === apart.length || sizeBytes > least * (ratio ?? Number.POSITIVE_INFINITY)) {
      bins.push([...names]);
      least = sizeBytes;
    } else {
      last.push(...names);
    }
  }
  if (bins.length < 2) return [chunk];
  return bins.map((names) => selectComponents(chunk, names, nextId())).filter(({ numRows }) => numRows > 0);
}
