import { concatArrays, nullArray, takeArray } from "../chunk/index.js";
import { RerunError } from "../core/index.js";
import { DataFrame, frameFromArrow, type MemoryFrame } from "../dataset/index.js";
import { SEGMENT_ID } from "./segment-scan.js";
import { columnOf, textsOf } from "./tables.js";

/** More about segments, from elsewhere. */
export interface JoinMetadata {
  /** A frame, or a table of a catalog. Its columns whose names the segment table has too get the ending `_right`. */
  readonly joinMeta?: DataFrame | { reader(): DataFrame } | undefined;
  /** Column that both have. Default: `rerun_segment_id`. */
  readonly joinKey?: string | undefined;
}

/** What the other frame's columns end in whose names the table has too. */
const SUFFIX = "_right";

/** The rows of `table`, each with the columns of the rows of the other frame that have its key; nulls where there is none. */
export async function joinFrames(
  table: MemoryFrame,
  { joinMeta, joinKey = SEGMENT_ID }: JoinMetadata,
  signal: AbortSignal | undefined,
): Promise<MemoryFrame> {
  if (joinMeta === undefined) return table;
  const frame = joinMeta instanceof DataFrame ? joinMeta : joinMeta.reader();
  const meta = frameFromArrow(await frame.toArrow({ signal }));
  if (!hasField(table, joinKey)) {
    throw new RerunError("InvalidArgument", `Dataset segment table must contain join_key column '${joinKey}'.`);
  }
  if (!hasField(meta, joinKey)) throw new RerunError("InvalidArgument", `join_meta must contain join_key column '${joinKey}'.`);
  if (table.batches.length === 0) return { ...table, fields: [...table.fields, ...renamed(otherFields(meta, joinKey), table)] };
  return joinRows(table, meta, joinKey);
}

function joinRows(table: MemoryFrame, meta: MemoryFrame, joinKey: string): MemoryFrame {
  const rowsOf = new Map<string, number[]>();
  const metaKeys = meta.batches.length === 0 ? [] : textsOf(meta, joinKey);
  metaKeys.forEach((key, row) => {
    rowsOf.set(key, [...(rowsOf.get(key) ?? []), row]);
  });
  // Beyond the last row of the other frame stands one of nulls.
  const none = [metaKeys.length];
  const [own, others]: [number[], number[]] = [[], []];
  textsOf(table, joinKey).forEach((key, row) => {
    for (const other of rowsOf.get(key) ?? none) {
      own.push(row);
      others.push(other);
    }
  });
  const left = table.fields.map(({ name }) => takeArray(columnOf(table, name), own));
  const added = otherFields(meta, joinKey);
  const right = added.map(({ name, type }) => takeArray(concatArrays(type, [columnOf(meta, name), nullArray(type, 1)]), others));
  const fields = [...table.fields, ...renamed(added, table)];
  return { ...table, fields, batches: [{ numRows: own.length, columns: [...left, ...right] }] };
}

function otherFields(meta: MemoryFrame, joinKey: string): MemoryFrame["fields"] {
  return meta.fields.filter(({ name }) => name !== joinKey).map((field) => ({ ...field, nullable: true }));
}

function renamed(fields: MemoryFrame["fields"], table: MemoryFrame): MemoryFrame["fields"] {
  return fields.map((field) => (hasField(table, field.name) ? { ...field, name: `${field.name}${SUFFIX}` } : field));
}

function hasField({ fields }: MemoryFrame, name: string): boolean {
  return fields.some((field) => field.name === name);
}
