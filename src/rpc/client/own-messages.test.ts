import fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_HEAD_BYTES, TRAILER_FLAG, writeFrameHead } from "../grpc-frames.js";
import { OwnMessageReader } from "./own-messages.js";

function framed(messages: readonly Uint8Array[], flags = 0): Uint8Array {
  return Buffer.concat(
    messages.map((message) => {
      const head = new Uint8Array(FRAME_HEAD_BYTES);
      writeFrameHead(head, 0, flags, message.length);
      return Buffer.concat([head, message]);
    }),
  );
}

test("messages are read as they were written, however the stream is cut, and stay when its buffer is overwritten", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(messages, cuts, fc.nat(20), (given, sizes, dataAt) => {
      const stream = framed(given);
      const reader = new OwnMessageReader({ maxMessageBytes: 1000, dataAt: () => dataAt });
      const buffer = new Uint8Array(200);
      const got: Uint8Array[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const part = stream.subarray(at, at + (sizes[i % sizes.length] ?? 1));
        buffer.set(part);
        got.push(...reader.take(buffer.subarray(0, part.length)).map(({ bytes }) => bytes));
        buffer.fill(255);
        at += part.length;
      }
      expect(got.map((each) => [...each])).toEqual(given.map((each) => [...each]));
      for (const { length, byteOffset } of got) if (length > 0) expect((byteOffset + dataAt) % 8).toBe(0);
      expect(reader.isWithinMessage).toBe(false);
    }),
  );
});

test("trailers are told from messages", () => {
  const reader = new OwnMessageReader({ maxMessageBytes: 1000 });
  const [trailers] = reader.take(framed([Uint8Array.of(1)], TRAILER_FLAG));
  expect(trailers?.isTrailer).toBe(true);
});

test("messages longer than allowed, or compressed, are refused by their head", () => {
  const read = (flags: number, length: number): void => {
    const head = new Uint8Array(FRAME_HEAD_BYTES);
    writeFrameHead(head, 0, flags, length);
    new OwnMessageReader({ maxMessageBytes: 1000 }).take(head);
  };
  expect(() => read(0, 2 ** 32 - 1)).toThrow("a message of 4294967295 bytes is more than the 1000 bytes that are taken");
  expect(() => read(1, 10)).toThrow("compressed messages are not taken");
});

test("a length that is only announced costs no more than a little memory, and may be reached all the same", () => {
  const length = 40 * 2 ** 20;
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  writeFrameHead(head, 0, 0, length);
  const reader = new OwnMessageReader({ maxMessageBytes: 2 ** 32 });
  reader.take(head);
  const before = process.memoryUsage().arrayBuffers;
  reader.take(Uint8Array.of(1, 2, 3));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
  const [frame] = reader.take(new Uint8Array(length - 3).fill(7));
  expect(frame?.bytes.length).toBe(length);
  expect([...(frame?.bytes.subarray(0, 5) ?? []), frame?.bytes[length - 1]]).toEqual([1, 2, 3, 7, 7, 7]);
});
