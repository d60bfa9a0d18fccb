import { type ArrayData, isValidAt } from "../core/index.js";
import type { DataframeQuery } from "../store/index.js";
import type { RemoteReader } from "./remote-reader.js";
import { SEGMENT_ID, scanSegments } from "./segment-scan.js";
import { columnOf, textsOf } from "./tables.js";

/**
 * The rows that a query names, by segment: a list holds for all segments, each takes what lies between its first and last time.
 * `undefined` when the query names none.
 */
export async function indexValuesBySegment(
  { connection, entry, segmentIds }: RemoteReader,
  { index, usingIndexValues }: DataframeQuery,
  signal: AbortSignal | undefined,
): Promise<Map<string, BigInt64Array> | undefined> {
  if (usingIndexValues === undefined || index === null) return undefined;
  const isList = usingIndexValues instanceof BigInt64Array;
  const columns = isList ? [SEGMENT_ID, `${index}:start`, `${index}:end`] : [SEGMENT_ID];
  const frame = await scanSegments(connection, entry, { columns, segmentIds, signal });
  const ids = frame.batches.length === 0 ? [] : textsOf(frame, SEGMENT_ID);
  if (!isList) return new Map(ids.flatMap((id) => entryOf(id, usingIndexValues.get(id))));
  const [start, end] = ids.length === 0 ? [] : [columnOf(frame, `${index}:start`), columnOf(frame, `${index}:end`)];
  const found = new Map<string, BigInt64Array>();
  ids.forEach((id, row) => {
    const [min, max] = [timeAt(start, row), timeAt(end, row)];
    if (min !== undefined && max !== undefined)
      found.set(
        id,
        usingIndexValues.filter((value) => value >= min && value <= max),
      );
  });
  return found;
}

function entryOf(id: string, values: BigInt64Array | undefined): [string, BigInt64Array][] {
  return values === undefined ? [] : [[id, values]];
}

function timeAt(column: ArrayData | undefined, row: number): bigint | undefined {
  if (column === undefined || !isValidAt(column, row)) return undefined;
  return (column.values as BigInt64Array)[row];
}
