import type { ArrayData, DataType, TypedArray } from "../../core/index.js";
import type { ComponentData } from "../component-batch.js";
import { arrayFromValues } from "./nested.js";
import { type Elements, fixedWidth } from "./numbers.js";
import { typedArrayName } from "./typed-arrays.js";

/** Whether the data is an Arrow array (and not plain values). */
export function isArrayData(data: ComponentData): data is ArrayData {
  return typeof data === "object" && "type" in data;
}

/** How many instances of a component of that type the data holds. */
export function countInstances(type: DataType, data: ComponentData): number {
  if (typeof data !== "object") return 1;
  if (isArrayData(data)) return data.length;
  return data.length / (fixedWidth(type)?.width ?? 1);
}

/** The instances as an Arrow array. Typed arrays of the stored element type are not copied. */
export function instancesToArray(type: DataType, data: ComponentData): ArrayData {
  if (typeof data === "object" && isArrayData(data)) return data;
  const fixed = fixedWidth(type);
  if (fixed === undefined || (typeof data === "object" && data.length === 0)) {
    return arrayFromValues(type, typeof data === "object" ? Array.from<unknown>(data) : [data]);
  }
  return nested(type, storedElements(data, fixed.elements));
}

function storedElements(data: Exclude<ComponentData, ArrayData>, elements: Elements): TypedArray {
  const name = typedArrayName(data);
  if (name === elements.arrayName || (name === "Uint16Array" && elements.arrayName === "Float16Array")) return data as TypedArray;
  const list = typeof data === "object" ? (data as ArrayLike<number | bigint>) : [data as number | bigint];
  const stored = elements.allocate(list.length);
  // Single half floats are bits already; everything else converts as typed arrays do.
  for (let i = 0; i < list.length; i++) stored[i] = list[i] as number;
  return stored;
}

function nested(type: DataType, values: TypedArray): ArrayData {
  if (type.kind !== "fixedSizeList") return { type, length: values.length, nullCount: 0, values };
  const child = nested(type.item.type, values);
  return { type, length: child.length / type.size, nullCount: 0, children: [child] };
}
