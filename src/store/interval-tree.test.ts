import fc from "fast-check";
import { expect, it } from "vitest";
import { type IntervalOrder, IntervalTree } from "./interval-tree.js";

interface Numbered {
  readonly start: bigint;
  readonly end: bigint;
  readonly number: number;
}

const order: IntervalOrder<Numbered> = {
  boundsOf: ({ start, end }) => ({ min: start, max: end }),
  compareTies: (a, b) => byNumber(a, b),
};

const byNumber = (a: Numbered, b: Numbered): number => a.number - b.number;

/** Around 2^60 neighbours are equal as doubles. */
const bases = fc.constantFrom(0n, 2n ** 60n, -(2n ** 60n));
const offsets = fc.bigInt({ min: -1n, max: 24n });

const intervals: fc.Arbitrary<Numbered[]> = fc
  .tuple(
    bases,
    fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 4n })), { maxLength: 400, size: "max" }),
    fc.boolean(),
  )
  .map(([base, bounds, isSorted]) => {
    const list = bounds.map(([start, length], number) => ({ start: base + start, end: base + start + length, number }));
    return isSorted ? inOrder(list) : list;
  });

function inOrder(list: readonly Numbered[]): Numbered[] {
  return [...list].sort((a, b) => Number(a.end - b.end) || byNumber(a, b));
}

/** What a tree shows of a time; checks what it says of the bounds. */
function heldAt(tree: IntervalTree<Numbered, string>, at: bigint): { open: Numbered[]; ended: Numbered | undefined } {
  const open: Numbered[] = [];
  let ended: Numbered | undefined;
  tree.visitAt(at, {
    open: (interval, note, since, length) => {
      open.push(interval);
      expect(note).toBe(`note ${interval.number}`);
      if (!Number.isNaN(since)) expect(BigInt(since)).toBe(at - interval.start);
      if (!Number.isNaN(length)) expect(BigInt(length)).toBe(interval.end - interval.start);
    },
    ended: (interval, note, since) => {
      ended = interval;
      expect(note).toBe(`note ${interval.number}`);
      if (!Number.isNaN(since)) expect(BigInt(since)).toBe(at - interval.end);
    },
  });
  return { open: inOrder(open), ended };
}

it("answers as a sorted list does, also after removals", () => {
  fc.assert(
    fc.property(
      intervals,
      fc.array(fc.nat(), { maxLength: 400, size: "max" }),
      offsets,
      offsets,
      fc.nat(),
      (all, picks, from, to, some) => {
        const base = all[0] === undefined ? 0n : all[0].start - (all[0].start % 2n ** 40n);
        const [a, b] = [base + from, base + to];
        const tree = new IntervalTree<Numbered, string>(order);
        for (const interval of all) tree.insert(interval, `note ${interval.number}`);
        const gone = new Set(picks.flatMap((pick) => all[pick % Math.max(1, all.length)] ?? []));
        for (const interval of gone) expect(tree.remove({ ...interval })).toBe(true);
        for (const interval of gone) expect(tree.remove(interval)).toBe(false);
        const left = inOrder(all.filter((interval) => !gone.has(interval)));
        expect(tree.size).toBe(left.length);
        expect(tree.last()).toEqual(left.at(-1));
        expect(tree.latestEnd(a)).toBe(left.filter(({ end }) => end <= a).at(-1)?.end);
        expect(heldAt(tree, a)).toEqual({
          open: left.filter(({ start, end }) => start <= a && end > a),
          ended: left.filter(({ end }) => end <= a).at(-1),
        });
        const found: Numbered[] = [];
        tree.forEachOverlap(a, b, (interval, note) => {
          expect(note).toBe(`note ${interval.number}`);
          found.push(interval);
        });
        expect(found).toEqual(left.filter(({ start, end }) => start <= b && end >= a));
        for (const interval of all.slice(some % (all.length + 1)).slice(0, 5)) {
          const sorted = inOrder([...left.filter((other) => other !== interval), interval]);
          const at = sorted.indexOf(interval);
          expect([tree.before(interval), tree.after(interval)]).toEqual([sorted[at - 1], sorted[at + 1]]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it("holds many intervals that come in order, and lets go of them", () => {
  const tree = new IntervalTree<Numbered, string>(order);
  const all = Array.from({ length: 20_000 }, (_, number) => ({ start: BigInt(number), end: BigInt(number + 3), number }));
  for (const interval of all) tree.insert(interval, `note ${interval.number}`);
  expect(heldAt(tree, 10_000n)).toEqual({ open: all.slice(9998, 10_001), ended: all[9997] });
  for (const interval of all.slice(0, 19_990)) expect(tree.remove(interval)).toBe(true);
  const found: number[] = [];
  tree.forEachOverlap(0n, 10n ** 9n, ({ number }) => found.push(number));
  expect(found).toEqual(all.slice(19_990).map(({ number }) => number));
});
