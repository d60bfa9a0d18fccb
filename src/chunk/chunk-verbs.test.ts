import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChunk, SAMPLE_TYPES } from "../../tests/support/arbitrary-chunk.js";
import { chunkRows, sortedRows } from "../../tests/support/chunk-rows.js";
import { dataTypeKey, FLOAT32, isRerunError, UTF8 } from "../core/index.js";
import { type Chunk, isStatic } from "./chunk.js";
import { latestAtRow } from "./latest-at.js";
import { makeChunk } from "./make-chunk.js";
import { canMerge, mergeChunks } from "./merge.js";
import { componentRange, rangeRows } from "./range.js";
import { sliceChunk } from "./slice.js";
import { compareRowIds, sortByRowId, sortByTimeline } from "./sort.js";
import { splitChunk } from "./split.js";
import { decodeChunk, encodeChunk } from "./wire.js";

const RUNS = { numRuns: 200 };
const ID = "0123456789abcdef0123456789abcdef";
const FRAME = { name: "frame", type: "sequence" } as const;

function expectSameChunk(actual: Chunk, expected: Chunk): void {
  expect({
    ...actual,
    rows: chunkRows(actual),
    components: [...actual.components.values()].map((c) => [c.descriptor, dataTypeKey(c.list.type)]),
    sizeBytes: 0,
    timelines: [...actual.timelines.values()].map((t) => [t.timeline, t.isSorted, t.range]),
  }).toEqual({
    ...expected,
    rows: chunkRows(expected),
    components: [...expected.components.values()].map((c) => [c.descriptor, dataTypeKey(c.list.type)]),
    sizeBytes: 0,
    timelines: [...expected.timelines.values()].map((t) => [t.timeline, t.isSorted, t.range]),
  });
}

describe("slice, sort, split, merge", () => {
  it("a slice holds the rows between its bounds", () => {
    fc.assert(
      fc.property(arbitraryChunk(), fc.nat(), fc.nat(), (chunk, a, b) => {
        const start = a % (chunk.numRows + 1);
        const end = start + (b % (chunk.numRows - start + 1));
        expect(chunkRows(sliceChunk(chunk, start, end))).toEqual(chunkRows(chunk).slice(start, end));
      }),
      RUNS,
    );
  });

  it("sorting by row id keeps every row and makes ids ascend", () => {
    fc.assert(
      fc.property(arbitraryChunk(), (chunk) => {
        const sorted = sortByRowId(chunk);
        expect(sorted.isSorted).toBe(true);
        expect(chunkRows(sorted)).toEqual(sortedRows([chunk]));
      }),
      RUNS,
    );
  });

  it("sorting by a timeline orders by time, then by row id", () => {
    fc.assert(
      fc.property(arbitraryChunk({ timelines: [FRAME] }), (chunk) => {
        const expected = sortedRows([chunk]).sort((a, b) => Number((a.times.frame ?? 0n) - (b.times.frame ?? 0n)));
        expect(chunkRows(sortByTimeline(chunk, "frame"))).toEqual(expected);
      }),
      RUNS,
    );
  });

  it("the pieces of a split hold all rows in order, within the limits, under new ids", () => {
    fc.assert(
      fc.property(
        arbitraryChunk({ maxRows: 30 }),
        fc.nat({ max: 9 }),
        fc.nat({ max: 6 }),
        fc.nat({ max: 800 }),
        (chunk, maxRows, maxRowsIfUnsorted, maxBytes) => {
          let count = 0;
          const pieces = splitChunk(chunk, { maxRows, maxRowsIfUnsorted, maxBytes }, () =>
            (count++).toString(16).padStart(32, "0"),
          );
          expect(pieces.flatMap(chunkRows)).toEqual(chunkRows(chunk));
          for (const piece of pieces) if (maxRows > 0) expect(piece.numRows).toBeLessThanOrEqual(maxRows);
          expect(new Set(pieces.map((piece) => piece.id)).size).toBe(pieces.length);
        },
      ),
      RUNS,
    );
  });

  it("a merge holds all rows of its chunks by row id; what a chunk lacks is null", () => {
    const shapes = [{ a: FLOAT32, b: UTF8 }, { b: UTF8 }, { c: SAMPLE_TYPES[20] ?? UTF8, a: FLOAT32 }];
    fc.assert(
      fc.property(fc.tuple(...shapes.map((components) => arbitraryChunk({ timelines: [FRAME], components }))), (chunks) => {
        const merged = mergeChunks(chunks, ID);
        expect(chunkRows(merged).map(({ rowId }) => rowId)).toEqual(sortedRows(chunks).map(({ rowId }) => rowId));
        expect(new Set(chunkRows(merged))).toEqual(new Set(sortedRows(chunks)));
      }),
      RUNS,
    );
  });

  it("chunks of two entities, timelines or types cannot be merged", () => {
    const one = { timelines: [FRAME], components: { a: FLOAT32 } };
    const [base] = fc.sample(arbitraryChunk(one), 1);
    const others = [
      { ...one, entityPath: "/b" },
      { ...one, timelines: [] },
      { ...one, timelines: [{ name: "frame", type: "duration" } as const] },
      { ...one, components: { a: UTF8 } },
    ];
    for (const shape of others) {
      const [other] = fc.sample(arbitraryChunk(shape), 1);
      expect(base !== undefined && other !== undefined && canMerge(base, other), JSON.stringify(shape)).toBe(false);
    }
  });
});

describe("latest-at and range on one chunk", () => {
  const shape = { components: { value: FLOAT32, text: UTF8 }, maxRows: 20 };

  it("latest-at finds the greatest (time, row id) at or before the time where the component is present", () => {
    fc.assert(
      fc.property(arbitraryChunk(shape), fc.bigInt({ min: -1n, max: 11n }), fc.boolean(), (input, at, sort) => {
        const chunk = sort ? sortByRowId(input) : input;
        let best: number | undefined;
        const times = chunk.timelines.get("frame")?.times;
        chunkRows(chunk).forEach((row, i) => {
          if (!("value" in row.cells)) return;
          if (!isStatic(chunk) && (times === undefined || (times[i] ?? 0n) > at)) return;
          const order =
            best === undefined ? 1 : Number((times?.[i] ?? 0n) - (times?.[best] ?? 0n)) || compareRowIds(chunk, i, chunk, best);
          if (order > 0) best = i;
        });
        expect(latestAtRow(chunk, "frame", at, "value")).toBe(best);
      }),
      { numRuns: 500 },
    );
  });

  it("range gives the present rows within the bounds by (time, row id), and the range of a component is exact", () => {
    fc.assert(
      fc.property(
        arbitraryChunk({ ...shape, timelines: [FRAME] }),
        fc.bigInt({ min: -1n, max: 11n }),
        fc.bigInt({ min: -1n, max: 11n }),
        (chunk, min, max) => {
          const rows = chunkRows(chunk);
          const inside = rows
            .map((_, i) => i)
            .filter(
              (i) =>
                "value" in (rows[i]?.cells ?? {}) && (rows[i]?.times.frame ?? 0n) >= min && (rows[i]?.times.frame ?? 0n) <= max,
            );
          inside.sort(
            (a, b) => Number((rows[a]?.times.frame ?? 0n) - (rows[b]?.times.frame ?? 0n)) || compareRowIds(chunk, a, chunk, b),
          );
          expect([...rangeRows(chunk, "frame", { min, max }, "value")]).toEqual(inside);
          const present = rows.filter((row) => "value" in row.cells).map((row) => Number(row.times.frame));
          const expected =
            present.length === 0 ? undefined : { min: BigInt(Math.min(...present)), max: BigInt(Math.max(...present)) };
          expect(componentRange(chunk, "frame", "value")).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("wire", () => {
  it("decode gives what was encoded, for every type and for slices", () => {
    fc.assert(
      fc.property(arbitraryChunk(), fc.nat(), (chunk, cut) => {
        const slice = sliceChunk(chunk, cut % (chunk.numRows + 1), chunk.numRows);
        expectSameChunk(decodeChunk(encodeChunk(chunk)), chunk);
        expectSameChunk(decodeChunk(encodeChunk(slice)), slice);
      }),
      { numRuns: 400 },
    );
  });

  it("columns are views of the block, and only of what the rows need", () => {
    const chunk = largeChunk();
    const block = encodeChunk(chunk);
    const items = decodeChunk(block).components.get("value")?.list.children?.[0]?.values;
    expect(items?.buffer).toBe(block.buffer);
    expect(encodeChunk(sliceChunk(chunk, 10, 20)).length).toBeLessThan(1500);
  });

  it("a block that does not start at a multiple of 8 is still read", () => {
    const chunk = largeChunk();
    const shifted = new Uint8Array(encodeChunk(chunk).length + 3);
    shifted.set(encodeChunk(chunk), 3);
    expectSameChunk(decodeChunk(shifted.subarray(3)), chunk);
  });

  it("a damaged block gives a readable chunk or InvalidData, never another error", () => {
    fc.assert(
      fc.property(
        arbitraryChunk({ maxRows: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (chunk, edits, cut) => {
          const block = encodeChunk(chunk);
          for (const [at, value] of edits) block[at % block.length] = value;
          try {
            chunkRows(decodeChunk(cut % 3 === 0 ? block.subarray(0, cut % block.length) : block));
          } catch (error) {
            if (!isRerunError(error, "InvalidData")) throw error;
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function largeChunk(): Chunk {
  const numRows = 1000;
  const rowIds = new Uint8Array(numRows * 16);
  for (let i = 0; i < numRows; i++) new DataView(rowIds.buffer).setUint32(i * 16 + 12, i);
  const list = {
    type: { kind: "list", item: { name: "item", type: { kind: "float", bits: 64 }, nullable: true } },
    length: numRows,
    nullCount: 0,
    offsets: Int32Array.from({ length: numRows + 1 }, (_, i) => 5 * i),
    children: [{ type: { kind: "float", bits: 64 }, length: 5 * numRows, nullCount: 0, values: new Float64Array(5 * numRows) }],
  } as const;
  return makeChunk({
    id: ID,
    entityPath: "/plot",
    rowIds,
    timelines: [],
    components: [{ descriptor: { component: "value" }, list }],
  });
}
