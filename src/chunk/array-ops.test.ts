import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryValue, SAMPLE_TYPES } from "../../tests/support/arbitrary-chunk.js";
import { arrayFromValues } from "../../tests/support/array-from-values.js";
import { type ArrayData, type DataType, dataTypeKey, valueAt } from "../core/index.js";
import { arraySizeBytes, nullArray } from "./array-layout.js";
import { concatArrays, sliceArray, takeArray } from "./array-ops.js";
import { checkArray } from "./check-array.js";

function valuesOf(array: ArrayData): unknown[] {
  checkArray(array);
  return Array.from({ length: array.length }, (_, i) => valueAt(array, i));
}

function arrays(type: DataType, maxLength = 20): fc.Arbitrary<ArrayData> {
  return fc.array(arbitraryValue(type, true), { maxLength }).map((values) => arrayFromValues(type, values));
}

const RUNS = { numRuns: 60 };

describe.each(SAMPLE_TYPES.map((type) => [dataTypeKey(type), type] as const))("%s", (_, type) => {
  it("a slice holds the elements between its bounds, also of a slice", () => {
    fc.assert(
      fc.property(arrays(type), fc.nat(), fc.nat(), fc.nat(), (array, a, b, c) => {
        const start = a % (array.length + 1);
        const length = b % (array.length - start + 1);
        const slice = sliceArray(array, start, length);
        expect(valuesOf(slice)).toEqual(valuesOf(array).slice(start, start + length));
        const inner = c % (length + 1);
        const again = sliceArray(slice, inner, length - inner);
        expect(valuesOf(again)).toEqual(valuesOf(array).slice(start + inner, start + length));
        expect(again.nullCount).toBe(valuesOf(again).filter((value) => value === null && type.kind !== "union").length);
      }),
      RUNS,
    );
  });

  it("take gives the elements at the indices", () => {
    fc.assert(
      fc.property(arrays(type), fc.array(fc.nat(), { maxLength: 30 }), (array, picks) => {
        const indices = array.length === 0 ? [] : picks.map((pick) => pick % array.length);
        const values = valuesOf(array);
        expect(valuesOf(takeArray(array, indices))).toEqual(indices.map((index) => values[index]));
      }),
      RUNS,
    );
  });

  it("concatenation of slices gives all elements in order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(arrays(type, 9), fc.nat()), { maxLength: 4 }), (inputs) => {
        const parts = inputs.map(([array, cut]) =>
          sliceArray(array, cut % (array.length + 1), array.length - (cut % (array.length + 1))),
        );
        const joined = concatArrays(type, parts);
        expect(valuesOf(joined)).toEqual(parts.flatMap(valuesOf));
      }),
      RUNS,
    );
  });

  it("the sizes of two halves add up to the whole, but for bits and extra offsets", () => {
    fc.assert(
      fc.property(arrays(type), fc.nat(), (array, cut) => {
        const middle = cut % (array.length + 1);
        const halves =
          arraySizeBytes(sliceArray(array, 0, middle)) + arraySizeBytes(sliceArray(array, middle, array.length - middle));
        expect(halves).toBeGreaterThanOrEqual(arraySizeBytes(array) - 16);
        expect(halves).toBeLessThanOrEqual(arraySizeBytes(array) + 256);
      }),
      RUNS,
    );
  });

  it("an array of nulls can be read and joined", () => {
    const nulls = nullArray(type, 11);
    expect(valuesOf(nulls)).toEqual(Array.from({ length: 11 }, () => null));
    expect(valuesOf(concatArrays(type, [nulls, nulls]))).toHaveLength(22);
  });
});

it("slices share the buffers of fixed-width arrays", () => {
  const array = arrayFromValues({ kind: "float", bits: 64 }, [1, 2, 3, 4]);
  expect(sliceArray(array, 1, 2).values?.buffer).toBe(array.values?.buffer);
});
