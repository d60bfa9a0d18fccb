import fc from "fast-check";
import { expect, it } from "vitest";
import { type Interval, IntervalTree } from "./interval-tree.js";

interface Numbered extends Interval {
  readonly number: number;
}

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
        const tree = new IntervalTree(byNumber);
        for (const interval of all) tree.insert(interval);
        const gone = new Set(picks.flatMap((pick) => all[pick % Math.max(1, all.length)] ?? []));
        for (const interval of gone) expect(tree.remove({ ...interval })).toBe(true);
        for (const interval of gone) expect(tree.remove(interval)).toBe(false);
        const left = inOrder(all.filter((interval) => !gone.has(interval)));
        expect(tree.size).toBe(left.length);
        expect(tree.last()).toEqual(left.at(-1));
        expect(tree.latestEndingBy(a)).toEqual(left.filter(({ end }) => end <= a).at(-1));
        expect(tree.latestEndingBy(a, b)).toEqual(
          left
            .filter(({ end }) => end <= a)
            .filter(({ end }) => end >= b)
            .at(-1),
        );
        const found: Numbered[] = [];
        tree.forEachOverlap(a, b, (interval) => found.push(interval));
        expect(found).toEqual(left.filter(({ start, end }) => start <= b && end >= a));
        for (const interval of all.slice(some % (all.length + 1)).slice(0, 5)) {
          const order = inOrder([...left.filter((other) => other !== interval), interval]);
          const at = order.indexOf(interval);
          expect([tree.before(interval), tree.after(interval)]).toEqual([order[at - 1], order[at + 1]]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it("holds many intervals that come in order, and lets go of them", () => {
  const tree = new IntervalTree(byNumber);
  const all = Array.from({ length: 20_000 }, (_, number) => ({ start: BigInt(number), end: BigInt(number + 3), number }));
  for (const interval of all) tree.insert(interval);
  expect(tree.latestEndingBy(10_000n)?.number).toBe(9997);
  for (const interval of all.slice(0, 19_990)) expect(tree.remove(interval)).toBe(true);
  const found: number[] = [];
  tree.forEachOverlap(0n, 10n ** 9n, ({ number }) => found.push(number));
  expect(found).toEqual(all.slice(19_990).map(({ number }) => number));
});
