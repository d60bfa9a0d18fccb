/** Latest-at in dataframes: what a column shows in rows where it has no cell. */
import { takeRows } from "../../../chunk/index.js";
import type { CellSource } from "./cursor.js";
import { isLater, type JoinedCells } from "./join.js";

/** The latest cell of a column before the rows to come. */
export interface Carried {
  readonly source: CellSource;
  readonly row: number;
}

/** Puts into each row without a cell the one before it, in the first ones `carried`. @returns the last cell */
export function fillForward(cells: JoinedCells, carried: Carried | undefined): Carried | undefined {
  const { sources, sourceOf, rowOf } = cells;
  let source = -1;
  let row = 0;
  if (carried !== undefined) {
    source = sources.push(carried.source) - 1;
    row = carried.row;
  }
  for (let i = 0; i < sourceOf.length; i++) {
    if (sourceOf[i]! >= 0) {
      source = sourceOf[i]!;
      row = rowOf[i]!;
    } else {
      sourceOf[i] = source;
      rowOf[i] = row;
    }
  }
  const last = sources[source];
  return last === undefined ? undefined : { source: last, row };
}

/** Puts cells of `upper` over those of `lower` which they do not come before. */
export function overlay(timeline: string, lower: JoinedCells, upper: JoinedCells): JoinedCells {
  const sources = [...lower.sources, ...upper.sources];
  for (let i = 0; i < upper.sourceOf.length; i++) {
    const above = upper.sourceOf[i]!;
    if (above < 0) continue;
    const below = lower.sourceOf[i]!;
    const [over, under] = [upper.sources[above], lower.sources[below]];
    if (over !== undefined && under !== undefined && isLater(timeline, under, lower.rowOf[i]!, over, upper.rowOf[i]!)) continue;
    lower.sourceOf[i] = lower.sources.length + above;
    lower.rowOf[i] = upper.rowOf[i]!;
  }
  return { ...lower, sources };
}

/** The same cell without the chunk it lies in, so that the chunk can go. */
export function detached(component: string, carried: Carried): Carried {
  const { source, row } = carried;
  if (source.chunk.numRows === 1) return carried;
  const chunk = takeRows(source.chunk, [row]);
  const list = source.isClear ? emptyCell(source) : chunk.components.get(component)?.list;
  return list === undefined ? carried : { source: { ...source, chunk, list }, row: 0 };
}

function emptyCell({ list }: CellSource): CellSource["list"] {
  const { type, children } = list;
  return { type, length: 1, nullCount: 0, offsets: new Int32Array(2), children: children ?? [] };
}
