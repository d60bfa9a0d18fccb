import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkKeyMaker, readChunkKey } from "./chunk-key.js";
import { createSigner } from "./signer.js";

const signer = createSigner(Buffer.alloc(32, 1));
const file = { object: "file:///data/größe.rrd", objectBytes: 2 ** 41, objectVersion: "1795442632218063045" };

describe("chunk keys", () => {
  it("say where a chunk lies, to every server with the same secret", () => {
    const place = fc.record({
      object: fc.string({ unit: "binary", maxLength: 200 }),
      objectBytes: fc.maxSafeNat(),
      objectVersion: fc.string({ maxLength: 40 }),
      offset: fc.maxSafeNat(),
      length: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    });
    const other = createSigner(Buffer.alloc(32, 1));
    fc.assert(
      fc.property(place, (key) => {
        expect(readChunkKey(other, chunkKeyMaker(signer, key)(key.offset, key.length))).toEqual(key);
      }),
    );
  });

  it("cannot be changed, nor made with another secret", () => {
    const key = chunkKeyMaker(signer, file)(1000, 200);
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const forged = Uint8Array.from(key);
        forged[at] = (forged[at] ?? 0) ^ flip;
        expect(() => readChunkKey(signer, forged)).toThrow(expect.objectContaining({ code: "NotFound" }));
      }),
    );
    const foreign = createSigner(Buffer.alloc(32, 2));
    expect(() => readChunkKey(foreign, key)).toThrow("this server did not make it");
  });

  it("that are too short are said to be", () => {
    expect(() => readChunkKey(signer, new Uint8Array(5))).toThrow("Failed to decode chunk key: io error: unexpected end of file");
  });
});
