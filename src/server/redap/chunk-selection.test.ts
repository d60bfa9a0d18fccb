import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimeRange } from "../../core/index.js";
import type { ManifestChunk, RrdManifest } from "../../rrd/index.js";
import type { LayerRow } from "../catalog/catalog-store.js";
import { type Contents, selectChunks, type TimeSelection } from "./chunk-selection.js";

/** Times at which each component of a chunk of entity `/e` has cells; none at all: a static chunk. */
type Cells = Readonly<Record<string, readonly number[]>>;

const ascending = (a: number, b: number): number => a - b;

function chunkOf(cells: Cells, index: number): ManifestChunk {
  const rangeOf = (times: readonly number[]): ReadonlyMap<string, TimeRange> =>
    times.length === 0 ? new Map() : new Map([["t", { min: BigInt(Math.min(...times)), max: BigInt(Math.max(...times)) }]]);
  const all = Object.values(cells).flat();
  const components = Object.entries(cells).map(([component, times]) => {
    return [component, { descriptor: { component }, numCells: times.length, timelines: rangeOf(times) }] as const;
  });
  return {
    id: String(index).padStart(32, "0"),
    entityPath: "/e",
    isStatic: all.length === 0,
    numRows: all.length,
    sizeBytes: 1,
    byteOffset: 0,
    byteSize: 1,
    timelines: rangeOf(all),
    components: new Map(components.filter(([, { numCells }]) => numCells > 0 || all.length === 0)),
  };
}

function select(chunks: readonly Cells[], time: TimeSelection, contents: Contents = "all"): number[] {
  const manifest = { chunks: chunks.map(chunkOf) } as unknown as RrdManifest;
  return selectChunks({ layer: {} as LayerRow, manifest }, contents, time);
}

const times = (more: Partial<Extract<TimeSelection, { kind: "times" }>>): TimeSelection => ({
  kind: "times",
  timeline: "t",
  values: [],
  latestAt: [],
  ...more,
});

describe("selectChunks", () => {
  const chunks: Cells[] = [{ a: [0, 4] }, { a: [5, 9] }, { b: [7] }, { a: [] }];

  it("takes static chunks always, others by range, value and time before", () => {
    expect(select(chunks, { kind: "none" })).toEqual([3]);
    expect(select(chunks, { kind: "all" })).toEqual([0, 1, 2, 3]);
    expect(select(chunks, times({ range: { start: 5n, end: 6n } }))).toEqual([1, 3]);
    expect(select(chunks, times({ values: [3n, 7n] }))).toEqual([0, 1, 2, 3]);
    expect(select(chunks, times({ latestAt: [4n] }))).toEqual([0, 3]);
    expect(select(chunks, times({ latestAt: [100n] }))).toEqual([1, 2, 3]);
    expect(select(chunks, times({ latestAt: [100n], timeline: "other" }))).toEqual([3]);
  });

  it("takes what the contents name", () => {
    expect(select(chunks, { kind: "all" }, new Map([["/e", new Set(["b"])]]))).toEqual([2]);
    expect(select(chunks, { kind: "all" }, new Map([["/e", "all" as const]]))).toEqual([0, 1, 2, 3]);
    expect(select(chunks, { kind: "all" }, new Map([["/none", "all" as const]]))).toEqual([]);
  });

  it("never leaves out a chunk that has the last cell of a component at a time", () => {
    const someTimes = fc.array(fc.nat(30), { maxLength: 4 });
    const someChunks = fc.array(fc.record({ a: someTimes, b: someTimes }), { maxLength: 8 });
    fc.assert(
      fc.property(someChunks, fc.uniqueArray(fc.nat(30), { maxLength: 4 }), (made, at) => {
        const sorted = [...at].sort(ascending);
        const found = new Set(select(made, times({ latestAt: sorted.map(BigInt) })));
        for (const time of sorted) {
          for (const component of ["a", "b"] as const) {
            const last = Math.max(...made.flatMap((cells) => cells[component].filter((each) => each <= time)));
            made.forEach((cells, index) => {
              if (cells[component].includes(last)) expect(found.has(index)).toBe(true);
            });
          }
        }
      }),
    );
  });

  it("never leaves out a chunk with a row in a range or at a value", () => {
    const someChunks = fc.array(fc.record({ a: fc.array(fc.nat(30), { maxLength: 4 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(someChunks, fc.nat(30), fc.nat(30), (made, start, length) => {
        const inRange = select(made, times({ range: { start: BigInt(start), end: BigInt(start + length) } }));
        const atValue = select(made, times({ values: [BigInt(start)] }));
        made.forEach(({ a }, index) => {
          if (a.some((time) => time >= start && time <= start + length)) expect(inRange).toContain(index);
          if (a.includes(start)) expect(atValue).toContain(index);
        });
      }),
    );
  });
});
