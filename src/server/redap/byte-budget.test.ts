import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteBudget } from "./byte-budget.js";

const never = new AbortController().signal;

describe("ByteBudget", () => {
  it("is never overdrawn, and everybody has a turn, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), async (wishes) => {
        const budget = new ByteBudget(10);
        const order: number[] = [];
        let held = 0;
        await Promise.all(
          wishes.map(async (bytes, index) => {
            await budget.take(bytes, never);
            order.push(index);
            held += Math.min(bytes, 10);
            expect(held).toBeLessThanOrEqual(10);
            await Promise.resolve();
            held -= Math.min(bytes, 10);
            budget.give(bytes);
          }),
        );
        expect(order).toEqual(wishes.map((_, index) => index));
        expect(budget.tryTake(10)).toBe(true);
      }),
    );
  });

  it("does not let anybody pass who waits", async () => {
    const budget = new ByteBudget(10);
    expect(budget.tryTake(8)).toBe(true);
    const waiting = budget.take(5, never);
    expect(budget.tryTake(1)).toBe(false);
    budget.give(8);
    await waiting;
    expect(budget.tryTake(1)).toBe(true);
  });

  it("forgets who gives up, and lets those behind have their turn", async () => {
    const budget = new ByteBudget(10);
    await budget.take(6, never);
    const stop = new AbortController();
    const large = budget.take(10, stop.signal);
    const small = budget.take(4, never);
    stop.abort(new Error("gone"));
    await expect(large).rejects.toThrow("gone");
    await small;
    await expect(budget.take(1, stop.signal)).rejects.toThrow("gone");
  });
});
