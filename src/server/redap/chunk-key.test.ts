import { fromBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tuidFromHex } from "../../core/index.js";
import { ChunkKeySchema, DataSourceKind, RrdChunkLocationSchema } from "../../protos/redap.js";
import { chunkKeyMaker, readChunkKey } from "./chunk-key.js";
import { createSigner } from "./signer.js";

const signer = createSigner(Buffer.alloc(32, 1));
const file = { object: "file:///data/größe.rrd", objectVersion: "1795442632218063045" };

const ID = tuidFromHex("187f3a0c5d6e7f8091a2b3c4d5e6f708");

describe("chunk keys", () => {
  it("are messages of the protocol, for clients that read objects themselves, headers of messages included", () => {
    const key = fromBinary(ChunkKeySchema, chunkKeyMaker(signer, file)(ID, 2 ** 41, 200));
    expect(key).toMatchObject({
      chunkId: { timeNs: 0x187f3a0c5d6e7f80n, inc: 0x91a2b3c4d5e6f708n },
      dataSourceKind: DataSourceKind.RRD,
      etag: `"${file.objectVersion}"`,
    });
    const location = fromBinary(RrdChunkLocationSchema, key.location ?? new Uint8Array(0));
    expect(location).toMatchObject({ url: file.object, offset: 2n ** 41n - 16n, length: 216n });
  });

  it("say where a chunk lies, to every server with the same secret", () => {
    const place = fc.record({
      object: fc.string({ unit: "binary", maxLength: 200 }),
      objectVersion: fc.string({ maxLength: 40 }),
      offset: fc.integer({ min: 16, max: Number.MAX_SAFE_INTEGER }),
      length: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    });
    const other = createSigner(Buffer.alloc(32, 1));
    fc.assert(
      fc.property(place, (key) => {
        expect(readChunkKey(other, chunkKeyMaker(signer, key)(ID, key.offset, key.length))).toEqual(key);
      }),
    );
  });

  it("cannot be changed, nor made with another secret", () => {
    const key = chunkKeyMaker(signer, file)(ID, 1000, 200);
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
