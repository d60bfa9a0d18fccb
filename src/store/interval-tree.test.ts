import fc from "fast-check";
import { expect, it } from "vitest";
import { type Chunk, makeChunk } from "../chunk/index.js";
import { byLastRow, type ChunkInterval } from "./entity-index.js";
import { IntervalTree } from "./interval-tree.js";

function chunkWithRow(number: number): Chunk {
  const rowIds = new Uint8Array(16);
  rowIds[15] = number;
  return makeChunk({ id: number.toString(16).padStart(32, "0"), entityPath: "/", rowIds, timelines: [], components: [] });
}

const intervals: fc.Arbitrary<ChunkInterval[]> = fc
  .array(fc.tuple(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 20n })), { maxLength: 60 })
  .map((bounds) => bounds.map(([start, length], i) => ({ chunk: chunkWithRow(i), start, end: start + length, lastRow: 0 })));

function inOrder(list: readonly ChunkInterval[]): ChunkInterval[] {
  return [...list].sort((a, b) => Number(a.end - b.end) || (a.chunk.id < b.chunk.id ? -1 : 1));
}

it("answers as a sorted list does, also after removals", () => {
  fc.assert(
    fc.property(
      intervals,
      fc.array(fc.nat()),
      fc.bigInt({ min: -1n, max: 21n }),
      fc.bigInt({ min: -1n, max: 21n }),
      (all, picks, a, b) => {
        const tree = new IntervalTree(byLastRow);
        for (const interval of all) tree.insert(interval);
        const gone = new Set(picks.map((pick) => all[pick % Math.max(1, all.length)]));
        for (const interval of gone) if (interval !== undefined) expect(tree.remove({ ...interval })).toBe(true);
        const left = inOrder(all.filter((interval) => !gone.has(interval)));
        expect(tree.size).toBe(left.length);
        expect(tree.last()).toEqual(left.at(-1));
        expect(tree.latestEndingBy(a)).toEqual(left.filter(({ end }) => end <= a).at(-1));
        const found: ChunkInterval[] = [];
        tree.forEachOverlap(a, b, (interval) => found.push(interval));
        expect(found).toEqual(left.filter(({ start, end }) => start <= b && end >= a));
        for (const interval of all) {
          const others = left.filter((other) => other !== interval);
          const order = inOrder([...others, interval]);
          const at = order.indexOf(interval);
          expect([tree.before(interval), tree.after(interval)]).toEqual([order[at - 1], order[at + 1]]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it("does not remove what it does not hold", () => {
  const tree = new IntervalTree(byLastRow);
  tree.insert({ chunk: chunkWithRow(1), start: 0n, end: 5n, lastRow: 0 });
  expect(tree.remove({ chunk: chunkWithRow(2), start: 0n, end: 5n, lastRow: 0 })).toBe(false);
  expect(tree.size).toBe(1);
});
