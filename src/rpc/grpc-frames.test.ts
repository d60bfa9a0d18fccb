import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME_HEAD_BYTES, GrpcFrameReader, writeFrameHead } from "./grpc-frames.js";

function framed(messages: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(messages.reduce((size, message) => size + FRAME_HEAD_BYTES + message.length, 0));
  let at = 0;
  for (const message of messages) {
    writeFrameHead(out, at, 0, message.length);
    out.set(message, at + FRAME_HEAD_BYTES);
    at += FRAME_HEAD_BYTES + message.length;
  }
  return out;
}

describe("frames", () => {
  test("are read as they were written, however the stream is cut", () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(messages, cuts, (given, sizes) => {
        const stream = framed(given);
        const reader = new GrpcFrameReader(1000);
        const got: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          got.push(...reader.take(stream.slice(at, at + size)).map(({ bytes }) => new Uint8Array(bytes)));
          at += size;
        }
        expect(got).toEqual(given.map((each) => new Uint8Array(each)));
        expect(reader.isWithinMessage).toBe(false);
      }),
    );
  });

  test("longer than allowed, or compressed, are refused by their head", () => {
    const head = new Uint8Array(FRAME_HEAD_BYTES);
    writeFrameHead(head, 0, 0, 2 ** 32 - 1);
    expect(() => new GrpcFrameReader(1000).take(head)).toThrow("a message of 4294967295 bytes is more than the 1000 bytes");
    writeFrameHead(head, 0, 1, 10);
    expect(() => new GrpcFrameReader(1000).take(head)).toThrow("compressed messages are not taken");
  });

  test("that lack their end are noticed", () => {
    const reader = new GrpcFrameReader(1000);
    expect(reader.take(framed([new Uint8Array(10)]).subarray(0, 12))).toEqual([]);
    expect(reader.isWithinMessage).toBe(true);
  });
});
