import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "./byte-source.js";
import { PieceReader } from "./piece-reader.js";

/** Messages of a length byte, which counts itself, and so many bytes of it. */
function messagesOf(lengths: readonly number[]): Uint8Array {
  return Uint8Array.from(lengths.flatMap((length, i) => [length, ...new Array<number>(length - 1).fill(i)]));
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    name: "test",
    sizeBytes: bytes.length,
    async readInto(target, offset) {
      await Promise.resolve();
      expect(offset + target.length).toBeLessThanOrEqual(bytes.length);
      target.set(bytes.subarray(offset, offset + target.length));
    },
    checkUnchanged: async () => undefined,
    close: async () => undefined,
  };
}

/** The messages that a reader gives, and what it leaves at the end. */
async function read(bytes: Uint8Array, pieceBytes: number): Promise<{ messages: Uint8Array[]; left: number }> {
  const pieces = new PieceReader(sourceOf(bytes), undefined, pieceBytes);
  const messages: Uint8Array[] = [];
  for (let left = new Uint8Array(0); ; ) {
    const piece = await pieces.next(left, left[0] ?? 0);
    if (piece.length === left.length) return { messages, left: left.length + pieces.numLeft };
    let at = 0;
    for (let length = piece[at] ?? 0; length > 0 && at + length <= piece.length; length = piece[at] ?? 0) {
      messages.push(piece.slice(at, at + length));
      at += length;
    }
    left = piece.slice(at);
  }
}

describe("PieceReader", () => {
  it("gives all messages whole, whatever their sizes, and says what is left of a cut one", async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 50 }), fc.nat(20), async (sizes, pieceBytes, cut) => {
        const bytes = messagesOf(sizes).subarray(0, Math.max(0, messagesOf(sizes).length - cut));
        const { messages, left } = await read(bytes, pieceBytes);
        expect(Buffer.concat([...messages, bytes.subarray(bytes.length - left)])).toEqual(Buffer.from(bytes));
        expect(messages.map(({ length }) => length)).toEqual(sizes.slice(0, messages.length));
        expect(left).toBeLessThan(sizes[messages.length] ?? 1);
      }),
    );
  });

  it("uses two buffers, however long the source is", async () => {
    const pieces = new PieceReader(sourceOf(messagesOf(new Array<number>(100).fill(10))), undefined, 50);
    const buffers = new Set<unknown>();
    for (let piece = await pieces.next(new Uint8Array(0), 0); piece.length > 0; piece = await pieces.next(new Uint8Array(0), 0)) {
      buffers.add(piece.buffer);
    }
    expect(buffers.size).toBe(2);
  });

  it("fails where reading fails", async () => {
    const source = { ...sourceOf(messagesOf([9, 9, 9])), readInto: () => Promise.reject(new Error("broken disk")) };
    await expect(new PieceReader(source).next(new Uint8Array(0), 0)).rejects.toThrow("broken disk");
  });
});
