import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RerunError } from "../../core/index.js";
import { AnswerMemory, type CallMemory } from "./answer-memory.js";

const KIB = 1024;
const MIB = 1024 * KIB;
const never = new AbortController().signal;
const ignore = (): void => undefined;

describe("AnswerMemory", () => {
  it("is never overdrawn by who waits for it, and everybody has a turn, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), async (wishes) => {
        const memory = new AnswerMemory(10);
        const order: number[] = [];
        let held = 0;
        await Promise.all(
          wishes.map(async (bytes, index) => {
            const call = memory.open(ignore);
            await call.take(bytes, never);
            order.push(index);
            held += Math.min(bytes, 10);
            expect(held).toBeLessThanOrEqual(10);
            await Promise.resolve();
            held -= Math.min(bytes, 10);
            call.give(bytes);
          }),
        );
        expect(order).toEqual(wishes.map((_, index) => index));
      }),
    );
  });

  it("forgets who gives up, and lets those behind have their turn", async () => {
    const memory = new AnswerMemory(10);
    const call = memory.open(ignore);
    await call.take(6, never);
    const stop = new AbortController();
    const large = memory.open(ignore).take(10, stop.signal);
    const small = memory.open(ignore).take(4, never);
    stop.abort(new Error("gone"));
    await expect(large).rejects.toThrow("gone");
    await small;
    await expect(call.take(1, stop.signal)).rejects.toThrow("gone");
  });

  it("gives the more calls there are the smaller pieces: thousands that take nothing leave something", async () => {
    const memory = new AnswerMemory(256 * MIB);
    const sizes: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const call = memory.open(ignore);
      const size = call.pieceBytes;
      sizes.push(size);
      await call.take(size, never);
      call.takeMore(size);
    }
    expect([sizes[0], sizes[63], sizes[1999]]).toEqual([4 * MIB, MIB / 2, 32 * KIB]);
    const late = memory.open(ignore);
    await late.take(late.pieceBytes, never);
  });

  it("lets calls read ahead only while most of it is free, and nobody waits", async () => {
    const memory = new AnswerMemory(100);
    const [a, b] = [memory.open(ignore), memory.open(ignore)];
    await a.take(10, never);
    expect([a.takeMore(20), a.takeMore(15)]).toEqual([false, true]);
    a.give(15);
    await b.take(90, never);
    const waiting = memory.open(ignore).take(1, never);
    b.give(90);
    await waiting;
    expect(b.takeMore(5)).toBe(true);
  });

  it("has room for small answers while large ones have taken all of it, and none while there is too much", async () => {
    const memory = new AnswerMemory(10);
    const [large, small] = [memory.open(ignore), memory.open(ignore)];
    await large.take(10, never);
    const behind = memory.open(ignore).take(1, never);
    await small.room(never);
    small.add(2);
    let hasRoom = false;
    const room = small.room(never).then(() => {
      hasRoom = true;
    });
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    large.give(10);
    await behind;
    await room;
  });
});

describe("a peer that takes nothing", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A call that gives back what it has when it is sent away. */
  function holder(memory: AnswerMemory, bytes: number): { call: CallMemory; readonly ends: RerunError[] } {
    const ends: RerunError[] = [];
    const call = memory.open((error) => {
      ends.push(error);
      call.give(bytes);
    });
    void call.take(bytes, never);
    return { call, ends };
  }

  it("may do so for as long as nobody waits", async () => {
    const { ends } = holder(new AnswerMemory(10, { stallMs: 1000 }), 10);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(ends).toEqual([]);
  });

  it("is sent away when others wait, the longest first and no more than they need", async () => {
    const memory = new AnswerMemory(10, { stallMs: 1000 });
    const holders = [];
    for (let i = 0; i < 5; i++) {
      holders.push(holder(memory, 2));
      await vi.advanceTimersByTimeAsync(100);
    }
    holders[0]?.call.noteProgress();
    const waiting = memory.open(ignore).take(4, never);
    await vi.advanceTimersByTimeAsync(499);
    expect(holders.map(({ ends }) => ends.length)).toEqual([0, 0, 0, 0, 0]);
    await vi.advanceTimersByTimeAsync(1000);
    await waiting;
    expect(holders.map(({ ends }) => ends.length)).toEqual([0, 1, 1, 0, 0]);
    expect(holders[1]?.ends[0]).toMatchObject({
      code: "LimitExceeded",
      message: "the peer took nothing for 1 s while others waited for memory",
    });
  });

  it("stays when it takes a little now and then", async () => {
    const memory = new AnswerMemory(10, { stallMs: 1000 });
    const { call, ends } = holder(memory, 10);
    const stop = new AbortController();
    const waiting = memory.open(ignore).take(4, stop.signal);
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(700);
      call.noteProgress();
    }
    expect(ends).toEqual([]);
    stop.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });
});
