import { type Chunk, makeChunk } from "../../src/chunk/index.js";
import { FLOAT64, listOf, type Timeline } from "../../src/core/index.js";
import { arrayFromValues } from "./array-from-values.js";

export const FRAME: Timeline = { name: "frame", type: "sequence" };
export const SCALARS = "Scalars:scalars";

let nextChunk = 0;
let nextRow = 0;

export interface ScalarChunk {
  readonly id?: string;
  readonly entityPath?: string;
  readonly component?: string;
  readonly archetype?: string;
  /** Default `frame`; `undefined` = static. */
  readonly timeline?: Timeline | undefined;
  /** Row ids count up from here; default: after all rows made so far. */
  readonly firstRow?: number;
}

/** A chunk of one scalar column: each cell is a value, several, none (`[]`) or null. */
export function scalarChunk(
  times: readonly (number | bigint)[],
  cells: readonly (number | readonly number[] | null)[],
  options: ScalarChunk = {},
): Chunk {
  const { entityPath = "/plot", component = SCALARS, archetype } = options;
  const timeline = "timeline" in options ? options.timeline : FRAME;
  const values = cells.map((cell) => (typeof cell === "number" ? [cell] : cell));
  const descriptor = archetype === undefined ? { component } : { component, archetype };
  return makeChunk({
    id: options.id ?? (++nextChunk).toString(16).padStart(32, "0"),
    entityPath,
    rowIds: rowIds(cells.length, options.firstRow),
    timelines: timeline === undefined ? [] : [{ timeline, times: BigInt64Array.from(times, BigInt) }],
    components: [{ descriptor, list: arrayFromValues(listOf(FLOAT64), values) }],
  });
}

/** Row ids that count up. */
export function rowIds(count: number, first: number = nextRow): Uint8Array {
  const bytes = new Uint8Array(16 * count);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) view.setUint32(16 * i + 4, first + i);
  nextRow = Math.max(nextRow, first + count);
  return bytes;
}
