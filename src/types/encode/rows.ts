import type { DataType } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { countInstances, instancesToArray } from "./instances.js";
import { type Encoder, fixedWidth, isListLike, isNdArray } from "./numbers.js";
import { BadInput } from "./problem.js";

/** Instances of many rows, with the number of instances of each row where it is not one. */
export interface Rows {
  readonly data: ComponentData;
  readonly lengths?: readonly number[];
}

/**
 * Instances for many rows. Numbers and lists of numbers nested one level deeper than one value per row
 * (`[[1, 2], [3]]` for scalars) are rows of several instances, as is the first of three dimensions of a shape.
 *
 * @throws BadInput
 */
export function encodeRows(type: DataType, value: unknown, encode: Encoder): Rows {
  const width = fixedWidth(type)?.width;
  if (width === undefined) return { data: encode(value) };
  if (isNdArray(value)) return rowsOfShape(type, value.shape, width, encode(value));
  if (!Array.isArray(value) || !value.some((row) => isRow(row, width))) return { data: encode(value) };
  const parts = value.map((row: unknown, index) => {
    if (!isListLike(row)) throw new BadInput(`expected a list of values for each row, got something else at index ${index}`);
    return row.length === 0 ? [] : encode(row);
  });
  const lengths = parts.map((part) => countInstances(type, part));
  return { data: joined(type, parts, lengths, width), lengths };
}

/** Whether a row holds a list of instances, not one instance. */
function isRow(row: unknown, width: number): boolean {
  if (!isListLike(row)) return false;
  if (width === 1) return true;
  const first = row[0];
  return isListLike(first) && first.length === width;
}

function rowsOfShape(type: DataType, shape: readonly number[], width: number, data: ComponentData): Rows {
  const numRows = shape[0] ?? 0;
  const count = countInstances(type, data);
  const hasSeveral = shape.length > (width === 1 ? 1 : 2) && numRows > 0 && count !== numRows;
  return hasSeveral ? { data, lengths: Array.from({ length: numRows }, () => count / numRows) } : { data };
}

function joined(type: DataType, parts: readonly ComponentData[], lengths: readonly number[], width: number): ComponentData {
  const elements = fixedWidth(type)?.elements;
  const target = elements?.allocate(lengths.reduce((sum, length) => sum + length, 0) * width);
  if (target === undefined) throw new BadInput("expected numbers");
  let start = 0;
  for (const [index, part] of parts.entries()) {
    const length = (lengths[index] ?? 0) * width;
    if (length > 0) (target as Float64Array).set(innermost(type, part) as Float64Array, start);
    start += length;
  }
  return target;
}

function innermost(type: DataType, data: ComponentData): unknown {
  let array = instancesToArray(type, data);
  while (array.children?.[0] !== undefined) array = array.children[0];
  return array.values;
}
