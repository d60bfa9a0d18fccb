/** Which chunks of a segment a query needs. */
import type { ChunkEntry } from "../../../chunk/index.js";
import { isAtOrBelow, TIME_MAX, TIME_MIN, type TimeRange } from "../../../core/index.js";
import { unite } from "../../time-range.js";
import { CLEAR } from "./cursor.js";
import type { FrameSegment } from "./frame-schema.js";
import type { ResolvedQuery } from "./query.js";

export interface SegmentPlan {
  readonly segment: FrameSegment;
  /** Whether any entity of the contents has static data, shown or not. */
  readonly hasStatics: boolean;
  /** Static chunks, by number of the column. */
  readonly statics: ReadonlyMap<number, readonly ChunkEntry[]>;
  /** Temporal chunks with cells of a column that come in the rows' range or fill them, by id. */
  readonly temporal: ReadonlyMap<string, EntryUse>;
  /** Chunks that may hold what a column shows before the first row. */
  readonly earlier: ReadonlyMap<string, EntryUse>;
  /** The rows, when the query says which; else `undefined`. */
  readonly values: BigInt64Array | undefined;
  /** Index values of rows, inclusive. */
  readonly range: TimeRange;
}

/** What a chunk is needed for. */
export interface EntryUse {
  readonly entry: ChunkEntry;
  /** Columns with cells of it. */
  readonly columns: Set<number>;
  /** Columns that its clears empty. */
  readonly cleared: Set<number>;
}

const ALL: TimeRange = { min: TIME_MIN, max: TIME_MAX };
/** Looking up each of many values among many chunks takes longer than reading the chunks. */
const MAX_LOOKUPS = 10_000_000;

/** Looks up which chunks of a segment a query needs, by what is known of them without reading them. */
export function planSegment(segment: FrameSegment, query: ResolvedQuery): SegmentPlan {
  const entries = distinct(segment.source.entries);
  const byEntity = new Map<string, ChunkEntry[]>();
  for (const entry of entries) {
    const list = byEntity.get(entry.entityPath);
    if (list === undefined) byEntity.set(entry.entityPath, [entry]);
    else list.push(entry);
  }
  const values = valuesOf(segment.id, entries, query);
  const uses = new Uses(query, rangeOf(query, values), values);
  const statics = new Map<number, ChunkEntry[]>();
  query.view.forEach(({ entityPath, descriptor: { component }, isTombstone }, column) => {
    const own = (byEntity.get(entityPath) ?? []).filter(({ components }) => components.has(component));
    const fixed = own.filter(({ isStatic }) => isStatic);
    if (fixed.length > 0) statics.set(column, fixed);
    uses.add(own, component, "columns", column);
    // A column that the segment does not have is not emptied either.
    if (isTombstone || own.length === 0) return;
    for (const path of clearingPaths(entityPath, byEntity, query)) {
      uses.add(byEntity.get(path) ?? [], CLEAR, "cleared", column);
    }
  });
  const hasStatics = entries.some((entry) => entry.isStatic && query.contentsFilter.includes(entry.entityPath));
  return { segment, hasStatics, statics, temporal: uses.temporal, earlier: uses.earlier, values, range: uses.range };
}

/** Collects the temporal chunks that columns need. */
class Uses {
  readonly temporal: Map<string, EntryUse> = new Map();
  readonly earlier: Map<string, EntryUse> = new Map();
  readonly range: TimeRange;
  readonly #query: ResolvedQuery;
  readonly #values: BigInt64Array | undefined;

  constructor(query: ResolvedQuery, range: TimeRange, values: BigInt64Array | undefined) {
    this.#query = query;
    this.range = range;
    this.#values = values;
  }

  /** Those of `entries` that rows may show, or that fill them: for their cells of `component`. */
  add(entries: readonly ChunkEntry[], component: string, purpose: "columns" | "cleared", column: number): void {
    const { timeline, fillLatestAt } = this.#query;
    if (timeline === undefined) return;
    const ranges = entries.flatMap((entry) => {
      const cells = entry.isStatic ? undefined : entry.components.get(component)?.timelines.get(timeline.name);
      return cells === undefined ? [] : [{ entry, cells }];
    });
    for (const { entry } of needed(ranges, this.range, this.#values, fillLatestAt === true)) {
      use(this.temporal, entry, purpose, column);
    }
    if (fillLatestAt !== true || this.#values !== undefined || this.range.min === TIME_MIN) return;
    for (const { entry } of latestBy(ranges, this.range.min - 1n)) use(this.earlier, entry, purpose, column);
  }
}

/** Of several chunks with one id the first counts. */
function distinct(entries: readonly ChunkEntry[]): readonly ChunkEntry[] {
  const byId = new Map<string, ChunkEntry>();
  for (const entry of entries) if (!byId.has(entry.id)) byId.set(entry.id, entry);
  return byId.size === entries.length ? entries : [...byId.values()];
}

function use(uses: Map<string, EntryUse>, entry: ChunkEntry, purpose: "columns" | "cleared", column: number): void {
  let known = uses.get(entry.id);
  if (known === undefined) {
    known = { entry, columns: new Set(), cleared: new Set() };
    uses.set(entry.id, known);
  }
  known[purpose].add(column);
}

/** The rows that the query names for this segment. */
function valuesOf(id: string, entries: readonly ChunkEntry[], query: ResolvedQuery): BigInt64Array | undefined {
  const { usingIndexValues, timeline } = query;
  if (usingIndexValues === undefined || timeline === undefined) return undefined;
  if (!(usingIndexValues instanceof BigInt64Array)) return usingIndexValues.get(id) ?? new BigInt64Array(0);
  let own: TimeRange | undefined;
  for (const { timelines } of entries) {
    const range = timelines.get(timeline.name);
    if (range !== undefined) own = unite(own, range);
  }
  return own === undefined ? new BigInt64Array(0) : within(usingIndexValues, own);
}

function within(values: BigInt64Array, { min, max }: TimeRange): BigInt64Array {
  return values.filter((value) => value >= min && value <= max);
}

function rangeOf({ range = ALL }: ResolvedQuery, values: BigInt64Array | undefined): TimeRange {
  if (values === undefined) return range;
  const inside = within(values, range);
  const [min] = inside;
  const max = inside[inside.length - 1];
  return min === undefined || max === undefined ? { min: 0n, max: -1n } : { min, max };
}

interface EntryRange {
  readonly entry: ChunkEntry;
  readonly cells: TimeRange;
}

/** The chunks with cells that rows may show. */
function needed(
  ranges: readonly EntryRange[],
  { min, max }: TimeRange,
  values: BigInt64Array | undefined,
  fill: boolean,
): readonly EntryRange[] {
  if (values === undefined) return ranges.filter(({ cells }) => cells.max >= min && cells.min <= max);
  if (!fill) return ranges.filter(({ cells }) => hasValueIn(values, cells));
  if (ranges.length * values.length > MAX_LOOKUPS) return ranges.filter(({ cells }) => cells.min <= max);
  const found = new Set<EntryRange>();
  for (const value of values) for (const each of latestBy(ranges, value)) found.add(each);
  return [...found];
}

function hasValueIn(values: BigInt64Array, { min, max }: TimeRange): boolean {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < min) low = middle + 1;
    else high = middle;
  }
  const first = values[low];
  return first !== undefined && first <= max;
}

/** The chunks that may hold the latest cell at `at`: those that go on then, or those that ended last. */
function latestBy(ranges: readonly EntryRange[], at: bigint): EntryRange[] {
  let least: bigint | undefined;
  for (const { cells } of ranges) {
    const sure = cells.max <= at ? cells.max : cells.min <= at ? cells.min : undefined;
    if (sure !== undefined && (least === undefined || sure > least)) least = sure;
  }
  const from = least;
  if (from === undefined) return [];
  return ranges.filter(({ cells }) => cells.min <= at && cells.max >= from);
}

/** The entities whose clears empty columns of `entityPath`. */
function clearingPaths(entityPath: string, byEntity: ReadonlyMap<string, unknown>, query: ResolvedQuery): string[] {
  const paths = [...byEntity.keys()].filter((path) => isAtOrBelow(entityPath, path));
  if (query.clears !== "rerun-0.41") return paths;
  // There, a clear counts when the query reads the entity that it was logged to.
  return paths.filter(
    (path) =>
      query.contentsFilter.includes(path) &&
      (query.fillLatestAt === true ||
        query.includeTombstoneColumns === true ||
        query.view.some((column) => column.entityPath === path)),
  );
}
