import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idsAscend, summarizeTimes } from "./order.js";

/** Few different values, and extreme ones, so that neighbours are often equal or differ in one half only. */
const times = fc.array(
  fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 32n, -(2n ** 32n), 2n ** 31n)),
  { maxLength: 8 },
);

describe("the order of times", () => {
  test("is that of their values, and so are the smallest and the greatest", () => {
    fc.assert(
      fc.property(times, fc.boolean(), (values, sorts) => {
        const ascending = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const given = sorts ? ascending : values;
        expect(summarizeTimes(BigInt64Array.from(given))).toEqual({
          isSorted: given.every((time, i) => i === 0 || (given[i - 1] ?? 0n) <= time),
          isStrict: given.every((time, i) => i === 0 || (given[i - 1] ?? 0n) < time),
          range: { min: ascending[0] ?? 0n, max: ascending[ascending.length - 1] ?? -1n },
        });
      }),
    );
  });
});

describe("the order of row ids", () => {
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const alike = fc.tuple(id, fc.array(fc.tuple(fc.nat(15), fc.nat(255)), { maxLength: 6 })).map(([first, changes]) => {
    const ids = [first];
    for (const [at, byte] of changes) ids.push(new Uint8Array(ids[ids.length - 1] ?? first).fill(byte, at, at + 1));
    return ids;
  });

  test("is that of their bytes, wherever they lie in memory", () => {
    fc.assert(
      fc.property(fc.oneof(alike, fc.array(id, { maxLength: 4 })), fc.boolean(), fc.nat(3), (given, sorts, offset) => {
        const ids = sorts ? [...given].sort(Buffer.compare) : given;
        const bytes = new Uint8Array([...new Uint8Array(offset), ...ids.flatMap((each) => [...each])]).subarray(offset);
        const ascends = ids.every((each, i) => i === 0 || Buffer.compare(ids[i - 1] ?? each, each) <= 0);
        expect(idsAscend(bytes)).toBe(ascends);
      }),
    );
  });
});
