/** Joins the rows of several chunks by the value of their index. */
import { compareRowIds } from "../../../chunk/index.js";
import { type CellSource, type Cursor, wordsOf } from "./cursor.js";

/** Rows `from … to - 1` of a cursor, in its order. */
export interface Slice {
  readonly cursor: Cursor;
  readonly from: number;
  readonly to: number;
}

/** Slices whose rows have the same times, and which rows of them make rows of the dataframe. */
interface Group {
  readonly slices: readonly Slice[];
  readonly times: BigInt64Array;
  /** One per row, `undefined` = all. */
  readonly counts: Uint8Array | undefined;
}

/** Where rows of slices go to: `undefined` = row by row to the same place. */
export type Places = ReadonlyMap<Slice, Int32Array | undefined>;

export interface JoinedTimes {
  /** Distinct and ascending. */
  readonly times: BigInt64Array;
  /** Number of places: one more than times when there is one for what comes after them. */
  readonly numPlaces: number;
  readonly places: Places;
}

/** A cell of each row of a column, or none. */
export interface JoinedCells {
  readonly sources: CellSource[];
  /** By row: a number in `sources`, -1 = none. */
  readonly sourceOf: Int32Array;
  readonly rowOf: Int32Array;
}

/** The distinct times at which any of the columns has a cell, and where each slice's rows go. */
export function joinTimes(slices: readonly Slice[]): JoinedTimes {
  const groups = groupByTimes(slices);
  const [only] = groups;
  if (groups.length === 1 && only !== undefined && only.counts === undefined && isAscending(only)) {
    const { times } = only;
    return { times, numPlaces: times.length, places: new Map(slices.map((slice) => [slice, undefined])) };
  }
  const times = distinctTimes(groups);
  return { times, numPlaces: times.length, places: placesIn(times, groups, false) };
}

/**
 * Where the slices' rows go among given times.
 *
 * @param next a row whose time is not there goes to the next one, or to a place after the last
 */
export function placeAmong(times: BigInt64Array, slices: readonly Slice[], next: boolean): JoinedTimes {
  const places = placesIn(times, groupByTimes(slices), next);
  return { times, numPlaces: times.length + Number(next), places };
}

function placesIn(times: BigInt64Array, groups: readonly Group[], next: boolean): Places {
  const places = new Map<Slice, Int32Array>();
  for (const group of groups) {
    const found = findAll(wordsOf(times), wordsOf(group.times), next);
    for (const slice of group.slices) places.set(slice, found);
  }
  return places;
}

function groupByTimes(slices: readonly Slice[]): Group[] {
  const groups: { slices: Slice[]; times: BigInt64Array; words: Int32Array }[] = [];
  for (const slice of slices) {
    const times = slice.cursor.times.subarray(slice.from, slice.to);
    const words = wordsOf(times);
    const group = groups.find((each) => sameWords(each.words, words));
    if (group === undefined) groups.push({ slices: [slice], times, words });
    else group.slices.push(slice);
  }
  return groups.map((group) => ({ slices: group.slices, times: group.times, counts: countsOf(group.slices) }));
}

function sameWords(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Which rows have a cell in any column. */
function countsOf(slices: readonly Slice[]): Uint8Array | undefined {
  const sources = slices.flatMap((slice) => [...slice.cursor.cells.values()].flat().map(({ list }) => ({ slice, list })));
  if (sources.some(({ list }) => list.validity === undefined)) return undefined;
  const [first] = slices;
  const length = first === undefined ? 0 : first.to - first.from;
  const counts = new Uint8Array(length);
  let missing = length;
  for (const { slice, list } of sources) {
    const { order } = slice.cursor;
    const validity = list.validity!;
    for (let i = 0; i < length; i++) {
      const row = order === undefined ? slice.from + i : order[slice.from + i]!;
      if (counts[i] !== 0 || (validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
      counts[i] = 1;
      missing -= 1;
    }
    if (missing === 0) return undefined;
  }
  return counts;
}

function isAscending({ slices, times }: Group): boolean {
  if (slices.some(({ cursor }) => cursor.isStrict)) return true;
  const words = wordsOf(times);
  for (let at = 3; at < words.length; at += 2) {
    const order = words[at]! - words[at - 2]!;
    if (order < 0 || (order === 0 && words[at - 1]! >>> 0 <= words[at - 3]! >>> 0)) return false;
  }
  return true;
}

function distinctTimes(groups: readonly Group[]): BigInt64Array {
  const all = new BigInt64Array(groups.reduce((sum, { times }) => sum + times.length, 0));
  const words = wordsOf(all);
  let count = 0;
  for (const { times, counts } of groups) {
    const from = wordsOf(times);
    if (counts === undefined) {
      words.set(from, 2 * count);
      count += times.length;
      continue;
    }
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      words[2 * count] = from[2 * i]!;
      words[2 * count + 1] = from[2 * i + 1]!;
      count += 1;
    }
  }
  // Without a comparison of its own this sort is native.
  const sorted = groups.length === 1 ? all.subarray(0, count) : all.subarray(0, count).sort();
  return withoutRepeats(sorted);
}

function withoutRepeats(sorted: BigInt64Array): BigInt64Array {
  const words = wordsOf(sorted);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    const isRepeated = count > 0 && words[2 * i] === words[2 * count - 2] && words[2 * i + 1] === words[2 * count - 1];
    if (isRepeated) continue;
    words[2 * count] = words[2 * i]!;
    words[2 * count + 1] = words[2 * i + 1]!;
    count += 1;
  }
  return sorted.subarray(0, count);
}

/** For each of the sorted `wanted` its number among the sorted `times`, or -1; with `next` that of the first one not below. */
function findAll(times: Int32Array, wanted: Int32Array, next: boolean): Int32Array {
  const found = new Int32Array(wanted.length / 2);
  let at = 0;
  for (let i = 0; i < found.length; i++) {
    const high = wanted[2 * i + 1]!;
    const low = wanted[2 * i]! >>> 0;
    while (at < times.length) {
      const order = times[at + 1]! - high || (times[at]! >>> 0) - low;
      if (order >= 0) break;
      at += 2;
    }
    const isThere = at < times.length && times[at + 1] === high && times[at]! >>> 0 === low;
    found[i] = isThere || next ? at / 2 : -1;
  }
  return found;
}

/** Which cells of a column are joined: those of its chunks, those that clears stand for, or both. */
export type CellKind = "data" | "clears" | "both";

/** The cells of one column, row by row: of several that go to one place that with the greatest (time, row id). */
export function joinCells(
  column: number,
  { numPlaces, places }: JoinedTimes,
  slices: readonly Slice[],
  kind: CellKind,
): JoinedCells {
  const cells: JoinedCells = {
    sources: [],
    sourceOf: new Int32Array(numPlaces).fill(-1),
    rowOf: new Int32Array(numPlaces),
  };
  for (const slice of slices) {
    for (const source of slice.cursor.cells.get(column) ?? []) {
      if (kind === "both" || source.isClear === (kind === "clears")) putCells(cells, source, slice, places.get(slice));
    }
  }
  return cells;
}

function putCells(cells: JoinedCells, source: CellSource, slice: Slice, place: Int32Array | undefined): void {
  const { sourceOf, rowOf, sources } = cells;
  const { timeline, order } = slice.cursor;
  const { validity } = source.list;
  const number = sources.push(source) - 1;
  const numRows = sourceOf.length;
  for (let at = slice.from; at < slice.to; at++) {
    const row = order === undefined ? at : order[at]!;
    if (validity !== undefined && (validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
    const to = place === undefined ? at - slice.from : place[at - slice.from]!;
    if (to < 0 || to >= numRows) continue;
    const before = sourceOf[to]!;
    // Within one source the order of rows decides.
    if (before >= 0 && before !== number && isLater(timeline, sources[before]!, rowOf[to]!, source, row)) continue;
    sourceOf[to] = number;
    rowOf[to] = row;
  }
}

/** Whether cell `aRow` of `a` comes after cell `bRow` of `b`, by (time, row id). */
export function isLater(timeline: string, a: CellSource, aRow: number, b: CellSource, bRow: number): boolean {
  const aTime = a.chunk.timelines.get(timeline)?.times[aRow] ?? 0n;
  const bTime = b.chunk.timelines.get(timeline)?.times[bRow] ?? 0n;
  return aTime === bTime ? compareRowIds(a.chunk, aRow, b.chunk, bRow) > 0 : aTime > bTime;
}
