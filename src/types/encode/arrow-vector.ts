import { type ArrayData, getHost, isRerunError } from "../../core/index.js";
import { BadInput } from "./problem.js";

/** A `Vector` of apache-arrow, told by its members: the program may have loaded another copy of that library. */
export interface ArrowVector {
  readonly type: object;
  readonly data: readonly object[];
  readonly length: number;
}

export function isArrowVector(value: unknown): value is ArrowVector {
  if (typeof value !== "object" || value === null) return false;
  const { type, data, length } = value as Partial<ArrowVector>;
  return typeof type === "object" && "typeId" in type && Array.isArray(data) && typeof length === "number";
}

/** Its elements, of its type, in buffers of their own. @throws BadInput for types that have no counterpart, or damaged arrays */
export function arrayOfVector(vector: ArrowVector): ArrayData {
  const read = getHost()?.arrayOfVector;
  if (read === undefined) throw new BadInput("expected values, got an Arrow vector, which cannot be read here");
  try {
    return read(vector);
  } catch (error) {
    if (!isRerunError(error)) throw error;
    throw new BadInput(error.message);
  }
}

/** The elements of an array of lists one after the other, and how many belong to each list; `undefined` when it has no lists. */
export function listElements({
  type,
  length,
  offsets,
  children,
}: ArrayData): { readonly array: ArrayData; readonly lengths: readonly number[] } | undefined {
  const [array] = children ?? [];
  if (type.kind !== "list" || offsets === undefined || array === undefined) return undefined;
  return { array, lengths: Array.from({ length }, (_, row) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0)) };
}
