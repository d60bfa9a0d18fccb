import { type DataType, describe, type TypedArray } from "../../core/index.js";
import { arrayFromValues } from "./nested.js";
import { type Encoder, isListLike, isNdArray } from "./numbers.js";
import { BadInput } from "./problem.js";
import { asTypedArray, halfFloatBits } from "./typed-arrays.js";

/** Numbers of one type, rows first, with the sizes of their dimensions. */
export interface Shaped {
  readonly shape: readonly number[];
  /** A typed array, or what `float16()` makes. */
  readonly values: TypedArray | { readonly float16Bits: Uint16Array };
}

/**
 * Any form of n-dimensional input: `{ data, shape }`, a typed array (one dimension), or nested lists of numbers
 * (64-bit floats) or bigints (64-bit integers). @throws BadInput
 */
export function shapedFrom(value: unknown): Shaped {
  if (isNdArray(value)) return withShape(valuesFrom(value.data), value.shape);
  const values = valuesFrom(value);
  return { shape: shapeOf(value), values };
}

function withShape(values: Shaped["values"], shape: readonly number[]): Shaped {
  const length = halfFloatBits(values)?.length ?? (values as TypedArray).length;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new BadInput(`expected sizes of 0 or more in shape, got [${shape.join(", ")}]`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== length) throw new BadInput(`expected ${count} elements for shape [${shape.join(", ")}], got ${length}`);
  return { shape, values };
}

function valuesFrom(value: unknown): Shaped["values"] {
  const bits = halfFloatBits(value);
  if (bits !== undefined) return { float16Bits: bits };
  const array = asTypedArray(value);
  if (array !== undefined) return array;
  if (!Array.isArray(value))
    throw new BadInput(`expected numbers: nested lists, a typed array or { data, shape }, got ${describe(value)}`);
  return flattened(value);
}

/** Sizes of nested lists; each list of one depth must have the same length, typed arrays are the innermost ones. */
function shapeOf(value: unknown): readonly number[] {
  const bits = halfFloatBits(value);
  if (bits !== undefined) return [bits.length];
  const shape: number[] = [];
  let level: unknown = value;
  while (isListLike(level)) {
    shape.push(level.length);
    level = level[0];
  }
  return shape;
}

function flattened(value: readonly unknown[]): TypedArray {
  const shape = shapeOf(value);
  const count = shape.reduce((product, size) => product * size, 1);
  const first = firstLeaf(value);
  const values =
    first instanceof Object
      ? (first as TypedArray)
      : typeof first === "bigint"
        ? new BigInt64Array(count)
        : new Float64Array(count);
  const target =
    values === first ? new (Object.getPrototypeOf(first).constructor as new (n: number) => TypedArray)(count) : values;
  fill(target, value, shape, 0, 0);
  return target;
}

/** The first number, or the typed array that holds it. */
function firstLeaf(value: unknown): unknown {
  let level = value;
  while (Array.isArray(level)) level = level[0];
  return asTypedArray(level) ?? level;
}

function fill(target: TypedArray, value: unknown, shape: readonly number[], depth: number, start: number): number {
  if (!isListLike(value) || value.length !== shape[depth]) {
    throw new BadInput(`expected lists of ${shape[depth]} in dimension ${depth}, got ${describe(value)}`);
  }
  if (depth < shape.length - 1) {
    let next = start;
    for (let i = 0; i < value.length; i++) next = fill(target, value[i], shape, depth + 1, next);
    return next;
  }
  const kind = typeof target[0];
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (typeof element !== kind) throw new BadInput(`expected ${kind}s only, got ${describe(element)}`);
    target[start + i] = element as number;
  }
  return start + value.length;
}

/** Tensors: what `shapedFrom` takes, with `names` if given, or `{ shape, names, buffer }`, or a list of those. */
export function tensorEncoder(type: DataType): Encoder {
  return (value) => {
    if (Array.isArray(value) && value.length > 0 && value.every(isTensorObject))
      return arrayFromValues(type, value.map(tensorOf));
    return arrayFromValues(type, [tensorOf(value)]);
  };
}

function isTensorObject(value: unknown): boolean {
  return isNdArray(value) || (typeof value === "object" && value !== null && "buffer" in value && "shape" in value);
}

function tensorOf(value: unknown): unknown {
  if (typeof value === "object" && value !== null && "buffer" in value && "shape" in value && !ArrayBuffer.isView(value)) {
    const shape = Array.from(value.shape as Iterable<number | bigint>, Number);
    const { values } = withShape(valuesFrom(value.buffer), shape);
    return { shape, names: (value as { readonly names?: unknown }).names, buffer: values };
  }
  const { shape, values } = shapedFrom(value);
  const names = isNdArray(value) ? (value as { readonly names?: unknown }).names : undefined;
  return { shape, names, buffer: values };
}
