/** Makes columns of plain values: for the small tables that are put together here. */
import { gatherArray, nullArray, Runs } from "../chunk/index.js";
import { type ArrayData, type DataType, listOf, UTF8 } from "../core/index.js";

const encoder = new TextEncoder();

export function textColumn(texts: readonly string[]): ArrayData {
  const parts = texts.map((text) => encoder.encode(text));
  const { offsets, end } = offsetsOf(parts.map(({ length }) => length));
  const values = new Uint8Array(end);
  parts.forEach((part, i) => {
    values.set(part, offsets[i]);
  });
  return { type: UTF8, length: texts.length, nullCount: 0, offsets, values };
}

/** A list of texts per row. */
export function textListColumn(lists: readonly (readonly string[])[]): ArrayData {
  const { offsets } = offsetsOf(lists.map(({ length }) => length));
  return { type: listOf(UTF8, false), length: lists.length, nullCount: 0, offsets, children: [textColumn(lists.flat())] };
}

/** 64-bit values; `undefined` = null. */
export function int64Column(type: DataType, values: readonly (bigint | undefined)[]): ArrayData {
  const isUnsigned = type.kind === "int" && !type.signed;
  const present = values.map((value) => value ?? 0n);
  const data = isUnsigned ? BigUint64Array.from(present) : BigInt64Array.from(present);
  const nullCount = values.filter((value) => value === undefined).length;
  const column = { type, length: values.length, nullCount, values: data };
  return nullCount === 0 ? column : { ...column, validity: bits(values.map((value) => value !== undefined)) };
}

/** One cell of another column in each row; `undefined` = null. Lists only. */
export function cellColumn(
  type: DataType,
  cells: readonly ({ readonly list: ArrayData; readonly row: number } | undefined)[],
): ArrayData {
  const runs = new Runs(cells.length);
  const lists: ArrayData[] = [];
  for (const cell of cells) runs.add(cell === undefined ? -1 : lists.push(cell.list) - 1, cell?.row ?? 0, 1);
  return cells.length === 0 ? nullArray(type, 0) : gatherArray(type, lists, runs);
}

function offsetsOf(lengths: readonly number[]): { offsets: Int32Array; end: number } {
  const offsets = new Int32Array(lengths.length + 1);
  let end = 0;
  lengths.forEach((length, i) => {
    end += length;
    offsets[i + 1] = end;
  });
  return { offsets, end };
}

function bits(flags: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array((flags.length + 7) >> 3);
  flags.forEach((flag, i) => {
    if (flag) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return bytes;
}
