import { type ArrayData, RerunError, type TypedArray, valuesPerElement } from "../core/index.js";
import { allocateValues } from "./array-layout.js";

/**
 * Makes sure that every element of `array` can be read: buffers long enough, of the right kind, offsets ascending and
 * within what they point at, children there. For arrays that come from outside.
 *
 * @throws RerunError `InvalidData`, naming the type and what is wrong
 */
export function checkArray(array: ArrayData): void {
  const { type, length } = array;
  if (!Number.isSafeInteger(length) || length < 0) fail(array, `length ${length}`);
  if (array.validity !== undefined && array.validity.length < Math.ceil(length / 8)) fail(array, "too few validity bits");
  switch (type.kind) {
    case "null":
      return;
    case "bool":
      checkValues(array, Math.ceil(length / 8));
      return;
    case "fixedSizeBinary":
    case "decimal":
      checkValues(array, length * valuesPerElement(type));
      return;
    case "utf8":
    case "binary":
      checkValues(array, 0);
      checkOffsets(array, array.values?.length ?? 0);
      return;
    case "list":
      checkChildren(array, 1, 0);
      checkOffsets(array, array.children?.[0]?.length ?? 0);
      return;
    case "fixedSizeList":
      checkChildren(array, 1, length * type.size);
      return;
    case "struct":
      checkChildren(array, type.fields.length, length);
      return;
    case "union":
      checkChildren(array, type.fields.length, type.mode === "sparse" ? length : 0);
      checkUnion(array, type.typeIds, type.mode === "dense");
      return;
    default:
      checkValues(array, length);
      return;
  }
}

function checkValues(array: ArrayData, needed: number): void {
  const expected: TypedArray = allocateValues(array.type, 0);
  const { values } = array;
  if (values === undefined) fail(array, "no values");
  if (values.constructor !== expected.constructor && Object.prototype.toString.call(values) !== tagOf(expected)) {
    fail(array, `values in a ${values.constructor.name}, expected a ${expected.constructor.name}`);
  }
  if (values.length < needed) fail(array, `${values.length} values, expected ${needed}`);
}

function tagOf(values: TypedArray): string {
  return Object.prototype.toString.call(values);
}

function checkOffsets(array: ArrayData, limit: number): void {
  const { offsets, length } = array;
  if (offsets === undefined || offsets.length < length + 1) fail(array, `too few offsets for ${length} elements`);
  let previous = offsets[0]!;
  if (previous < 0) fail(array, `offset ${previous}`);
  for (let i = 1; i <= length; i++) {
    const offset = offsets[i]!;
    if (offset < previous) fail(array, `offset ${offset} after ${previous}`);
    previous = offset;
  }
  if (previous > limit) fail(array, `offset ${previous} beyond the end at ${limit}`);
}

function checkChildren(array: ArrayData, count: number, minLength: number): void {
  const children = array.children ?? [];
  if (children.length !== count) fail(array, `${children.length} children, expected ${count}`);
  for (const child of children) {
    if (child.length < minLength) fail(array, `a child of ${child.length} elements, expected ${minLength}`);
    checkArray(child);
  }
}

function checkUnion(array: ArrayData, ids: readonly number[], dense: boolean): void {
  const { typeIds, offsets, length } = array;
  if (typeIds === undefined || typeIds.length < length) fail(array, "too few type ids");
  if (dense && (offsets === undefined || offsets.length < length)) fail(array, "too few offsets");
  for (let i = 0; i < length; i++) {
    const branch = ids.indexOf(typeIds[i]!);
    if (branch < 0) fail(array, `unknown type id ${typeIds[i]}`);
    if (!dense) continue;
    const offset = offsets![i]!;
    if (offset < 0 || offset >= (array.children?.[branch]?.length ?? 0)) fail(array, `offset ${offset} outside branch ${branch}`);
  }
}

function fail(array: ArrayData, problem: string): never {
  throw new RerunError("InvalidData", `Damaged ${array.type.kind} array: ${problem}`);
}
