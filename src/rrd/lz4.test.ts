import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRerunError } from "../core/index.js";
import { lz4Compress, lz4Decompress } from "./lz4.js";

/** Data with repetitions near and far, runs and noise. */
const compressible = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 700 })).map(([byte, count]) => new Uint8Array(count).fill(byte)),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 60 }))
        .map(([part, count]) => Uint8Array.from({ length: part.length * count }, (_, i) => part[i % part.length] as number)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe("lz4", () => {
  it("decompress(compress(x)) = x", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), compressible), (bytes) => {
        expect(Buffer.compare(lz4Decompress(lz4Compress(bytes), bytes.length), bytes)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("matches as far back as the format allows, and not further", () => {
    for (const distance of [65_534, 65_535, 65_536, 65_537]) {
      const bytes = new Uint8Array(distance + 64);
      for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(i ^ (i >>> 5), 2654435761) >>> 24;
      bytes.set(bytes.subarray(0, 64), distance);
      expect(Buffer.compare(lz4Decompress(lz4Compress(bytes), bytes.length), bytes), `distance ${distance}`).toBe(0);
    }
  });

  it("blocks do not see those before them", () => {
    const blocks = Array.from({ length: 300 }, (_, i) => new Uint8Array(100 + i).map((_, k) => (k * i) % 251));
    for (const block of blocks) expect(lz4Decompress(lz4Compress(block), block.length)).toEqual(block);
  });

  it("a run of one byte shrinks to nearly nothing", () => {
    expect(lz4Compress(new Uint8Array(100_000)).length).toBeLessThan(500);
  });

  it("literals alone are a block, as other writers make them", () => {
    expect(lz4Decompress(Uint8Array.of(0x30, 1, 2, 3), 3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(lz4Decompress(Uint8Array.of(0), 0)).toEqual(new Uint8Array(0));
  });

  it("a size that cannot be is refused before anything is allocated", () => {
    expect(() => lz4Decompress(new Uint8Array(10), 2 ** 40)).toThrow("10 bytes are said to become");
    expect(() => lz4Decompress(new Uint8Array(10), 2551)).toThrow("10 bytes are said to become");
    expect(() => lz4Decompress(new Uint8Array(10), -1)).toThrow("10 bytes are said to become");
    expect(() => lz4Decompress(new Uint8Array(10), Number.NaN)).toThrow("10 bytes are said to become");
  });

  it("any changed byte or cut gives that many bytes or a CorruptFile", () => {
    fc.assert(
      fc.property(compressible, fc.nat(), fc.nat(255), fc.nat(), (bytes, place, value, cut) => {
        const block = lz4Compress(bytes);
        block[place % block.length] = value;
        for (const damaged of [block, block.subarray(0, cut % block.length)]) {
          try {
            expect(lz4Decompress(damaged, bytes.length).length).toBe(bytes.length);
          } catch (error) {
            if (!isRerunError(error, "CorruptFile")) throw error;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
