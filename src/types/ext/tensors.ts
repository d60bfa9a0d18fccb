import { isNdArray } from "../encode/numbers.js";
import { BadInput, reportProblem } from "../encode/problem.js";
import { shapedFrom } from "../encode/tensors.js";
import type { BarChartFields, TensorFields } from "../gen/fields.js";
import type { TensorDataLike } from "../likes.js";

/** Options of `Tensor`. */
export interface TensorOptions extends Omit<TensorFields, "data"> {
  /** A name for each dimension. */
  readonly dimNames?: readonly string[] | undefined;
}

/** Options of `BarChart`. */
export type BarChartOptions = Omit<BarChartFields, "values">;

/** Names of dimensions go into the data. */
export function tensorFields(data: TensorDataLike, { dimNames, ...fields }: TensorOptions): TensorFields {
  if (dimNames === undefined) return { ...fields, data };
  const parts = partsOf(data);
  if (parts === undefined) return { ...fields, data };
  const { length } = parts.shape as ArrayLike<number>;
  if (dimNames.length === length) return { ...fields, data: { ...parts, names: dimNames } as TensorDataLike };
  reportProblem(
    "Tensor.dimNames",
    `expected ${length} names, one for each dimension, got ${dimNames.length}. The names are left out`,
  );
  return { ...fields, data };
}

/** Bars have one dimension; others are logged with a warning, as Python does. */
export function barChartFields(values: TensorDataLike, options: BarChartOptions): BarChartFields {
  const shape = partsOf(values)?.shape as ArrayLike<number | bigint> | undefined;
  const sizes = shape === undefined ? [] : Array.from(shape, Number).filter((size) => size !== 1);
  if (sizes.length > 1)
    reportProblem("BarChart.values", `expected one dimension, got shape [${Array.from(shape ?? []).join(", ")}]`);
  return { ...options, values };
}

/** Shape and buffer; `undefined` when the input is bad (which its encoder reports). */
function partsOf(data: TensorDataLike): { readonly shape: unknown; readonly buffer: unknown } | undefined {
  if (typeof data === "object" && data !== null && "buffer" in data && "shape" in data && !ArrayBuffer.isView(data)) return data;
  try {
    const { shape, values } = shapedFrom(isNdArray(data) ? { data: data.data, shape: data.shape } : data);
    return { shape, buffer: values };
  } catch (error) {
    if (error instanceof BadInput) return undefined;
    throw error;
  }
}
