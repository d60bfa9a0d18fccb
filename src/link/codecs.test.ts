import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLE_TYPES } from "../../tests/support/arbitrary-chunk.js";
import { isRerunError } from "../core/index.js";
import { decodeIndexDelta, decodeSeries } from "./client.js";
import { type ChunkSummary, encodeIndexDelta, encodeSeries, type IndexDelta, MAX_PART_BYTES, type SeriesReply } from "./index.js";
import { MAX_PIECE_BYTES, packPieces, unpackPieces } from "./piece-codec.js";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const name = fc.string({ unit: "grapheme", maxLength: 5 });
const range = fc.record({ min: int64, max: int64 });
const chunkId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const count = fc.nat({ max: 2 ** 31 - 1 });

const summary: fc.Arbitrary<ChunkSummary> = fc.record({
  id: chunkId,
  entityPath: name,
  numRows: count,
  sizeBytes: count,
  timelines: fc.array(fc.tuple(name, range), { maxLength: 3 }).map((entries) => new Map(entries)),
  components: fc.array(name, { maxLength: 3 }),
});

const delta: fc.Arbitrary<IndexDelta> = fc.record(
  {
    reset: fc.boolean(),
    isLive: fc.boolean(),
    revision: count,
    info: fc.record(
      { applicationId: name, recordingId: name, name, startTimeNanos: int64 },
      { requiredKeys: ["applicationId", "recordingId"] },
    ),
    timelines: fc.array(fc.record({ name, type: fc.constantFrom("sequence", "duration", "timestamp"), range })),
    entities: fc.array(
      fc.record({
        path: name,
        components: fc.array(
          fc.record({
            descriptor: fc.record({ component: name, archetype: name, componentType: name }, { requiredKeys: ["component"] }),
            type: fc.constantFrom(...SAMPLE_TYPES),
            isStatic: fc.boolean(),
          }),
        ),
      }),
    ),
    added: fc.array(summary),
    removed: fc.array(chunkId),
  },
  { requiredKeys: ["reset", "isLive", "revision", "info", "timelines", "added", "removed"] },
);

const series: fc.Arbitrary<SeriesReply> = fc
  .tuple(fc.array(fc.tuple(int64, fc.double(), fc.double())), fc.boolean(), count, fc.nat())
  .map(([points, isReduced, numPoints, numInstances]) => {
    const min = Float64Array.from(points, ([, value]) => value);
    const max = isReduced ? Float64Array.from(points, ([, , value]) => value) : min;
    return { times: BigInt64Array.from(points, ([time]) => time), min, max, numPoints, isReduced, numInstances };
  });

/** Bytes changed, and perhaps cut off. */
const damage = fc.tuple(fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }), fc.nat());

function damaged(block: Uint8Array, [edits, cut]: [[number, number][], number]): Uint8Array {
  const copy = block.slice();
  for (const [at, value] of edits) copy[at % copy.length] = value;
  return cut % 2 === 0 ? copy.subarray(0, cut % copy.length) : copy;
}

function expectCleanEnd(decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!isRerunError(error, "InvalidData", "LimitExceeded")) throw error;
  }
}

describe("an index delta", () => {
  it("comes out as it went in", () => {
    fc.assert(
      fc.property(delta, (value) => {
        expect(decodeIndexDelta(encodeIndexDelta(value))).toEqual(value);
      }),
    );
  });

  it("with 100 000 chunks on two timelines stays below 8 MB", () => {
    const added = Array.from({ length: 100_000 }, (_, i): ChunkSummary => {
      const time = BigInt(i);
      const timelines = new Map([
        ["frame", { min: time, max: time + 5n }],
        ["log_time", { min: time * 1000n, max: time * 1001n }],
      ]);
      const id = i.toString(16).padStart(32, "0");
      return { id, entityPath: `/world/camera/${i % 300}`, numRows: 5, sizeBytes: 5000, timelines, components: ["a", "b", "c"] };
    });
    const block = encodeIndexDelta({
      reset: true,
      isLive: true,
      revision: 1,
      info: { applicationId: "a", recordingId: "b" },
      timelines: [],
      added,
      removed: [],
    });
    expect(block.length).toBeLessThan(8_000_000);
    expect(decodeIndexDelta(block).added.at(-1)).toEqual(added.at(-1));
  });

  it("that is damaged gives a result or a clear error", () => {
    fc.assert(
      fc.property(delta, damage, (value, harm) => expectCleanEnd(() => decodeIndexDelta(damaged(encodeIndexDelta(value), harm)))),
      { numRuns: 500 },
    );
  });
});

describe("a series", () => {
  it("comes out as it went in", () => {
    fc.assert(
      fc.property(series, (value) => {
        expect(decodeSeries(encodeSeries(value))).toEqual(value);
      }),
    );
  });

  it("that is damaged gives a result or a clear error", () => {
    fc.assert(
      fc.property(series, damage, (value, harm) => expectCleanEnd(() => decodeSeries(damaged(encodeSeries(value), harm)))),
      {
        numRuns: 500,
      },
    );
  });
});

describe("pieces of chunks", () => {
  const sizes = fc.array(
    fc.oneof(fc.nat({ max: 500 }), fc.integer({ min: MAX_PIECE_BYTES - 40, max: 2 * MAX_PIECE_BYTES + 3 })),
    {
      maxLength: 6,
    },
  );

  it("hold every byte once, in buffers within the limit, cut at the same places whatever comes before", () => {
    fc.assert(
      fc.property(sizes, (lengths) => {
        const bodies = lengths.map((length, i) => ({
          chunkId: i.toString(16).padStart(32, "0"),
          body: new Uint8Array(length + 1).fill(i + 1),
        }));
        const buffers = [...packPieces(bodies)];
        for (const buffer of buffers) expect(buffer.length).toBeLessThanOrEqual(MAX_PART_BYTES);
        const received = bodies.map(({ body }) => new Uint8Array(body.length));
        for (const { chunkId, offset, total, bytes } of buffers.flatMap(unpackPieces)) {
          const target = received[Number.parseInt(chunkId, 16)];
          expect(total).toBe(target?.length);
          expect(offset % MAX_PIECE_BYTES).toBe(0);
          target?.set(bytes, offset);
        }
        for (const [i, { body }] of bodies.entries()) expect(Buffer.compare(body, received[i] ?? new Uint8Array())).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("that are damaged give a clear error or pieces within the buffer", () => {
    const body = { chunkId: "a".repeat(32), body: new Uint8Array(100) };
    fc.assert(
      fc.property(damage, (harm) => {
        for (const buffer of packPieces([body, body])) expectCleanEnd(() => unpackPieces(damaged(buffer, harm)));
      }),
      { numRuns: 500 },
    );
  });
});
