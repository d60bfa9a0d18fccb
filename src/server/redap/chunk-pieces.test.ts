import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinBytes } from "../../core/index.js";
import { GrpcFrameReader } from "../../rpc/grpc-frames.js";
import type { ChunkKey } from "./chunk-key.js";
import { ChunkPieces, type Piece } from "./chunk-pieces.js";

/** What is at a place of an object. */
const byteAt = (object: string, at: number): number => (at * 7 + object.length) % 251;

function bytesOf({ object, start, end }: { readonly object: string; readonly start: number; readonly end: number }): Uint8Array {
  return Uint8Array.from({ length: end - start }, (_, i) => byteAt(object, start + i));
}

function allPieces(keys: readonly ChunkKey[], maxBytes: () => number): Piece[] {
  const pieces = new ChunkPieces(keys);
  const all: Piece[] = [];
  for (let piece = pieces.next(maxBytes()); piece !== undefined; piece = pieces.next(maxBytes())) all.push(piece);
  return all;
}

function wireOf(pieces: readonly Piece[]): Uint8Array {
  return joinBytes(
    pieces.flatMap((piece) =>
      piece.messages.flat().flatMap(({ head, start, end }) => [head, bytesOf({ object: piece.object, start, end })]),
    ),
  );
}

/** The chunks of all messages: field 1, of a variable length. */
function chunksOf(wire: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (const { bytes } of new GrpcFrameReader(2 ** 20).take(wire)) {
    for (let at = 0; at < bytes.length; ) {
      expect(bytes[at++]).toBe(0x0a);
      let length = 0;
      for (let shift = 0, more = true; more; shift += 7) {
        const byte = bytes[at++] ?? 0;
        length |= (byte & 127) << shift;
        more = byte > 127;
      }
      chunks.push(bytes.slice(at, at + length));
      at += length;
    }
  }
  return chunks;
}

const key = (offset: number, length: number, object = "a"): ChunkKey => ({ object, objectVersion: "1", offset, length });

describe("ChunkPieces", () => {
  it("gives every chunk whole and in order, whatever the pieces may have", () => {
    const keys = fc.array(
      fc.record({
        object: fc.constantFrom("a", "bc"),
        objectVersion: fc.constantFrom("1", "2"),
        offset: fc.nat(5000),
        length: fc.nat(3000),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(keys, fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 5 }), (asked, sizes) => {
        let turn = 0;
        let limit = 0;
        const next = (): number => {
          limit = sizes[turn++ % sizes.length] ?? 1;
          return limit;
        };
        const pieces = new ChunkPieces(asked);
        const all: Piece[] = [];
        for (let piece = pieces.next(next()); piece !== undefined; piece = pieces.next(next())) {
          expect(piece.end - piece.start).toBeLessThanOrEqual(limit);
          all.push(piece);
        }
        const chunks = chunksOf(wireOf(all));
        expect(chunks.length).toBe(asked.length);
        for (const [i, { object, offset, length }] of asked.entries()) {
          expect(Buffer.compare(chunks[i] as Uint8Array, bytesOf({ object, start: offset, end: offset + length }))).toBe(0);
        }
      }),
    );
  });

  it("reads neighbours at once, and sends them as they lie", () => {
    const keys = [key(100, 10), key(110, 20), key(500, 5), key(200_000, 5), key(300_000, 5, "b"), key(10, 5)];
    const pieces = allPieces(keys, () => 4096);
    expect(pieces.map(({ object, start, end }) => [object, start, end])).toEqual([
      ["a", 100, 505],
      ["a", 200_000, 200_005],
      ["b", 300_000, 300_005],
      ["a", 10, 15],
    ]);
    expect(pieces.map(({ messages }) => messages.map((chunks) => chunks.length))).toEqual([[[3]], [[1]], [[1]], [[1]]].flat());
  });

  it("takes a large chunk in parts of one message", () => {
    const pieces = allPieces([key(0, 10), key(10, 250), key(260, 10)], () => 100);
    expect(pieces.map(({ start, end }) => [start, end])).toEqual([
      [0, 10],
      [10, 110],
      [110, 210],
      [210, 260],
      [260, 270],
    ]);
    const frames = new GrpcFrameReader(2 ** 20).take(wireOf(pieces));
    expect(frames.map(({ bytes }) => bytes.length)).toEqual([2 + 10, 3 + 250, 2 + 10]);
    expect(frames[1]?.bytes.subarray(3)).toEqual(bytesOf({ object: "a", start: 10, end: 260 }));
  });
});
