import fc from "fast-check";
import { expect, test } from "vitest";
import { lz4Decompress, lz4MaxSize } from "./lz4.js";
import { lz4CompressWordsInto } from "./lz4-words.js";

function roundTrip(source: Uint8Array): Uint8Array {
  const out = new Uint8Array(lz4MaxSize(source.length));
  return lz4Decompress(out.slice(0, lz4CompressWordsInto(source, out)), source.length);
}

test("any bytes come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
      expect(roundTrip(bytes)).toEqual(bytes);
    }),
  );
});

test("words that repeat come back, of any length and at any distance", () => {
  const words = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3000 })), { maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 3 }), (runs, tail) => {
      const values = runs.flatMap(([value, count]) => Array.from({ length: count }, (_, i) => (value === 5 ? i : value)));
      const bytes = new Uint8Array(values.length * 4 + tail);
      bytes.set(new Uint8Array(Int32Array.from(values).buffer));
      expect(roundTrip(bytes)).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
});
