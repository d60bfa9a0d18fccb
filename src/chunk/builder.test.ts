import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ArrayData,
  BOOL,
  createTuidSource,
  type DataType,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  fixedSizeListOf,
  INT64,
  UINT8,
  UTF8,
  valueAt,
} from "../core/index.js";
import type { ComponentData, ComponentLayout } from "../types/component-batch.js";
import { ChunkBuilder } from "./builder.js";
import { checkArray } from "./check-array.js";
import type { Chunk } from "./chunk.js";
import { chunkFromColumns } from "./column-chunk.js";
import { makeChunk } from "./make-chunk.js";

const tuids = createTuidSource();
const FRAME = { name: "frame", type: "sequence" } as const;
const VEC3 = fixedSizeListOf(FLOAT32, 3);

function layout(component: string, type: DataType): ComponentLayout {
  return { descriptor: { component }, type };
}

function cells(list: ArrayData): unknown[] {
  checkArray(list);
  return Array.from({ length: list.length }, (_, row) => valueAt(list, row));
}

/** Appends one value per row (`undefined` = none) and gives the column's cells. */
function build(type: DataType, rows: readonly (ComponentData | undefined)[]): unknown[] {
  const builder = new ChunkBuilder({ entityPath: "/a", timelines: [], tuids });
  const column = builder.column(layout("c", type));
  for (const data of rows) {
    const row = builder.beginRow();
    if (data !== undefined) {
      expect(column.problem(data)).toBeUndefined();
      column.append(row, data);
    }
  }
  const list = builder.finish().components.get("c")?.list;
  return list === undefined ? [] : cells(list);
}

/** Without what a builder does not look at. */
function withoutStrict(chunk: Chunk): unknown {
  return { ...chunk, timelines: Array.from(chunk.timelines.values(), ({ isStrict: _, ...rest }) => rest) };
}

describe("the chunk builder", () => {
  it("keeps absent, cleared and given cells apart", () => {
    expect(build(FLOAT64, [undefined, 1, [], undefined, [2, 3], undefined])).toEqual([null, [1], [], null, [2, 3], null]);
  });

  it("takes every form of fixed-width values", () => {
    const rows = [new Float32Array([1, 2, 3]), [4, 5, 6, 7, 8, 9], new Float64Array([0.5, 0.5, 0.5])];
    expect(JSON.stringify(build(VEC3, rows).map((row) => (row as Iterable<number>[]).map((v) => [...v])))).toBe(
      JSON.stringify([
        [[1, 2, 3]],
        [
          [4, 5, 6],
          [7, 8, 9],
        ],
        [[0.5, 0.5, 0.5]],
      ]),
    );
    expect(build(INT64, [5, 7n, new BigInt64Array([1n, -1n])])).toEqual([[5n], [7n], [1n, -1n]]);
    expect(build(UTF8, ["a", ["bc", "größe"], []])).toEqual([["a"], ["bc", "größe"], []]);
    expect(build(BOOL, [true, [false, true]])).toEqual([[true], [false, true]]);
    expect(build(FLOAT16, [new Uint16Array([0x3c00])])).toEqual([[1]]);
  });

  it("takes arrays with nulls among plain values", () => {
    const withNull: ArrayData = {
      type: FLOAT64,
      length: 2,
      nullCount: 1,
      validity: new Uint8Array([2]),
      values: new Float64Array([0, 5]),
    };
    expect(build(FLOAT64, [1, withNull, [2, 3], 4])).toEqual([[1], [null, 5], [2, 3], [4]]);
  });

  it.each<[string, DataType, ComponentData]>([
    ["a number for vectors", VEC3, 1],
    ["four numbers for vectors of three", VEC3, [1, 2, 3, 4]],
    ["floats for 64-bit integers", INT64, new Float64Array(1)],
    ["a fraction for 64-bit integers", INT64, 0.5],
    ["bigints for floats", FLOAT32, new BigInt64Array(1)],
    ["numbers for half floats", FLOAT16, [1]],
    ["a text for numbers", FLOAT32, "1"],
    ["numbers for texts", UTF8, [1]],
    ["numbers for booleans", BOOL, [1]],
    ["an array of another type", FLOAT32, { type: UINT8, length: 1, nullCount: 0, values: new Uint8Array(1) }],
  ])("%s are a problem that names both sides", (_, type, data) => {
    const column = new ChunkBuilder({ entityPath: "/a", timelines: [], tuids }).column(layout("c", type));
    expect(column.problem(data)).toMatch(/^expected values of .*, got /);
  });

  it("holds what was appended, whatever becomes of the caller's buffer", () => {
    const big = new Float32Array(300_000).fill(1);
    const builder = new ChunkBuilder({ entityPath: "/a", timelines: [], tuids });
    builder.column(layout("c", VEC3)).append(builder.beginRow(), big);
    big.fill(2);
    const values = builder.finish().components.get("c")?.list.children?.[0]?.children?.[0]?.values as Float32Array;
    expect(values.every((v) => v === 1)).toBe(true);
    expect(values.buffer.byteLength).toBe(big.byteLength);
  });

  it("finishes empty and can be filled again, without touching the finished chunk", () => {
    const builder = new ChunkBuilder({ entityPath: "/a", timelines: [FRAME], tuids });
    const column = builder.column(layout("c", FLOAT64));
    const fill = (value: number): void => {
      const row = builder.beginRow();
      builder.setTime(0, row, 0, value);
      column.append(row, value);
    };
    fill(1);
    const first = builder.finish();
    fill(2);
    fill(3);
    const second = builder.finish();
    expect([first, second].map((chunk) => cells(chunk.components.get("c")?.list as ArrayData))).toEqual([[[1]], [[2], [3]]]);
    expect([...(second.timelines.get("frame")?.times ?? [])]).toEqual([2n, 3n]);
    expect(first.id).not.toBe(second.id);
  });

  it("agrees with a naive model for any rows", () => {
    const value = fc.option(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 5 }), { nil: undefined });
    const time = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, value, value), { minLength: 1, maxLength: 60 }), (rows) => {
        const builder = new ChunkBuilder({ entityPath: "/a", timelines: [FRAME], tuids });
        const x = builder.column(layout("x", FLOAT64));
        const y = builder.column(layout("y", FLOAT32));
        for (const [at, xs, ys] of rows) {
          const row = builder.beginRow();
          builder.setTime(0, row, Number(at >> 32n), Number(BigInt.asIntN(32, at)));
          if (xs !== undefined) x.append(row, xs);
          if (ys !== undefined) y.append(row, new Float32Array(ys));
        }
        expect(builder.isSorted).toBe(rows.every(([at], i) => i === 0 || at >= (rows[i - 1]?.[0] as bigint)));
        const chunk = builder.finish();
        const { timelines, components } = chunk;
        const model = makeChunk({ ...chunk, timelines: timelines.values(), components: components.values() });
        expect(withoutStrict(chunk)).toEqual(withoutStrict(model));
        expect([...(chunk.timelines.get("frame")?.times ?? [])]).toEqual(rows.map(([at]) => at));
        for (const [name, index] of [
          ["x", 1],
          ["y", 2],
        ] as const) {
          const list = chunk.components.get(name)?.list;
          const expected = rows.map((row) => row[index] ?? null);
          expect(list === undefined ? rows.map(() => null) : cells(list)).toEqual(expected);
        }
      }),
    );
  });
});

describe("a chunk from columns", () => {
  const scalars = layout("s", FLOAT64);

  it("has row ids that count up from its own id", () => {
    const times = [{ timeline: FRAME, times: new BigInt64Array(300) }];
    const chunk = chunkFromColumns({
      entityPath: "/s",
      times,
      columns: [{ layout: scalars, data: new Float64Array(300) }],
      tuids,
    });
    const ids = new DataView(chunk.rowIds.buffer);
    for (const row of [0, 1, 299]) {
      const hex = (ids.getBigUint64(row * 16) << 64n) | ids.getBigUint64(row * 16 + 8);
      expect(hex).toBe(BigInt(`0x${chunk.id}`) + BigInt(row + 1));
    }
  });

  it("is sorted by its timelines in the order of names, stably", () => {
    const other = { name: "b", type: "sequence" } as const;
    const times = [
      { timeline: FRAME, times: new BigInt64Array([0n, 1n, 0n, 1n]) },
      { timeline: other, times: new BigInt64Array([2n, 1n, 1n, 1n]) },
    ];
    const chunk = chunkFromColumns({ entityPath: "/s", times, columns: [{ layout: scalars, data: [0, 1, 2, 3] }], tuids });
    expect([...chunk.timelines.keys()]).toEqual(["b", "frame"]);
    expect(cells(chunk.components.get("s")?.list as ArrayData)).toEqual([[2], [1], [3], [0]]);
    expect([...(chunk.timelines.get("frame")?.times ?? [])]).toEqual([0n, 1n, 1n, 0n]);
  });

  it("has its components in file order, each once", () => {
    const other = layout("a", FLOAT64);
    const column = (of: ComponentLayout) => ({ layout: of, data: [1, 2] });
    const make = (...of: ComponentLayout[]) => chunkFromColumns({ entityPath: "/s", times: [], columns: of.map(column), tuids });
    expect([...make(scalars, other).components.keys()]).toEqual(["a", "s"]);
    expect(() => make(scalars, other, scalars)).toThrow('column "s" is given twice');
  });

  it("refuses columns of different lengths and lengths that do not add up", () => {
    const times = [{ timeline: FRAME, times: new BigInt64Array(2) }];
    const columns = (data: number[], lengths?: number[]) => [{ layout: scalars, data, ...(lengths && { lengths }) }];
    const make = (data: number[], lengths?: number[]) => () =>
      chunkFromColumns({ entityPath: "/s", times, columns: columns(data, lengths), tuids });
    expect(make([1, 2, 3])).toThrow('column "s" has 3 rows, expected 2');
    expect(make([1, 2, 3], [1, 1])).toThrow("add up to 2, but there are 3 instances");
    expect(cells(make([1, 2, 3], [0, 3])().components.get("s")?.list as ArrayData)).toEqual([[], [1, 2, 3]]);
  });
});
