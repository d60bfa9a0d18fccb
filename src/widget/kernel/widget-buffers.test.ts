import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { putBuffers, takeBuffers } from "./widget-buffers.js";

describe("widget buffers", () => {
  it("put gives back what take has split", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.uint8Array({ maxLength: 5 }));
    const key = fc.stringMatching(/^[a-z]{1,4}$/);
    const tree = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
      object: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    })).object as fc.Arbitrary<Record<string, unknown>>;
    fc.assert(
      fc.property(tree, (state) => {
        const split = takeBuffers(state);
        expect(JSON.parse(JSON.stringify(split.state))).toEqual(split.state);
        expect(putBuffers(split)).toEqual(state);
      }),
      { numRuns: 200 },
    );
  });

  it("a view keeps only its own bytes", () => {
    const view = new Float32Array([1, 2, 3]).subarray(1, 2);
    expect(takeBuffers({ view }).buffers).toEqual([new Uint8Array(Float32Array.of(2).buffer)]);
  });

  it("paths that lead nowhere are left out, and never reach a prototype", () => {
    const bytes = Uint8Array.of(1);
    const put = putBuffers({ state: { a: 1 }, paths: [[], ["b", "c"], ["__proto__", "x"]], buffers: [bytes, bytes, bytes] });
    expect(put).toEqual({ a: 1 });
    expect("x" in {}).toBe(false);
  });
});
