import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryValue, SAMPLE_TYPES } from "../../tests/support/arbitrary-chunk.js";
import { arrayFromValues } from "../../tests/support/array-from-values.js";
import { listOf, valueAt } from "../core/index.js";
import { checkArray } from "./check-array.js";
import { gatherArray, Runs } from "./gather.js";

describe("gatherArray", () => {
  it("gives the elements of the runs, of lists also nulls, for every type", () => {
    const types = fc.constantFrom(...SAMPLE_TYPES.map((type) => listOf(type)), ...SAMPLE_TYPES);
    const cases = types.chain((type) =>
      fc.record({
        type: fc.constant(type),
        sources: fc.array(fc.array(arbitraryValue(type, true), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        picks: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(4)), { maxLength: 8 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ type, sources, picks }) => {
        const arrays = sources.map((values) => arrayFromValues(type, values));
        const runs = new Runs(1);
        const expected: unknown[] = [];
        for (const [a, b, length] of picks) {
          const source = a % (sources.length + Number(type.kind === "list"));
          const array = arrays[source];
          if (array === undefined) {
            runs.add(-1, 0, length);
            for (let i = 0; i < length; i++) expected.push(null);
          } else {
            const start = b % array.length;
            const count = Math.min(length, array.length - start);
            if (count > 0) runs.add(source, start, count);
            for (let i = 0; i < count; i++) expected.push(valueAt(array, start + i));
          }
        }
        const gathered = gatherArray(type, arrays, runs);
        checkArray(gathered);
        expect(Array.from({ length: gathered.length }, (_, i) => valueAt(gathered, i))).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});
