import type * as arrow from "apache-arrow";
import { arrayFromArrow, fieldFromArrow } from "../../src/chunk/arrow.js";
import { concatArrays } from "../../src/chunk/index.js";
import { type ArrayData, dataTypeKey, type PlainValue, valueAt } from "../../src/core/index.js";

export interface Column {
  readonly type: string;
  readonly nullable: boolean;
  readonly metadata: readonly (readonly [string, string])[];
  readonly values: readonly PlainValue[];
}

/** Columns by name, rows by segment and index: what must be equal. */
export function contentOf(
  table: arrow.Table,
  index: string | null,
): { readonly rows: number; readonly columns: Record<string, Column> } {
  const arrays = table.schema.fields.map((field, i): ArrayData => {
    const { type } = fieldFromArrow(field);
    const parts = table.numRows === 0 ? [] : (table.getChildAt(i)?.data ?? []);
    return concatArrays(type, parts.map(arrayFromArrow));
  });
  const keyOf = (name: string | null): ArrayData | undefined =>
    arrays[table.schema.fields.findIndex((field) => field.name === name)];
  const keys = [keyOf("rerun_segment_id"), keyOf(index)].flatMap((array) => array ?? []);
  const order = Array.from({ length: table.numRows }, (_, row) => row).sort((a, b) => {
    for (const key of keys) {
      const [left, right] = [valueAt(key, a) as string, valueAt(key, b) as string];
      if (left !== right) return left < right ? -1 : 1;
    }
    return a - b;
  });
  const columns = table.schema.fields.map((field, i): [string, Column] => {
    const { type, nullable, metadata = new Map() } = fieldFromArrow(field);
    const values = order.map((row) => valueAt(arrays[i] as ArrayData, row));
    return [field.name, { type: dataTypeKey(type), nullable, metadata: [...metadata].sort(), values }];
  });
  return { rows: table.numRows, columns: Object.fromEntries(columns.sort(([a], [b]) => (a < b ? -1 : 1))) };
}
