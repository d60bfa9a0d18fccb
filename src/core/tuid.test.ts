import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Clock, clockNanos, createClock } from "./clock.js";
import { compareTuids, createTuidSource, incrementTuid, newTuid, newTuidHex, tuidFromHex, tuidToHex } from "./tuid.js";

const fixedClock: Clock = { hi: 0x18123456, lo: 0x9abcdef0, read: () => undefined };

describe("ids", () => {
  it("hold the time, then the counter, big-endian", () => {
    const source = createTuidSource({ clock: fixedClock, random: () => 0 });
    expect(newTuidHex(source)).toBe("181234569abcdef00000000000000001");
    expect(newTuidHex(source)).toBe("181234569abcdef00000000000000002");
  });

  it("of one source ascend, also when the counter's lower half wraps", () => {
    const source = createTuidSource({ clock: fixedClock, random: () => 1 - 2 ** -32 });
    expect(compareTuids(newTuid(source), 0, newTuid(source), 0)).toBeLessThan(0);
  });

  it("survive being written as hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(tuidFromHex(tuidToHex(bytes))).toEqual(bytes);
        expect(tuidFromHex(tuidToHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it("adding to an id counts up its lower half", () => {
    const add = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), add, (counter, amount) => {
        const bytes = tuidFromHex(`${"0".repeat(16)}${counter.toString(16).padStart(16, "0")}`);
        incrementTuid(bytes, 0, amount);
        expect(tuidToHex(bytes)).toBe((counter + BigInt(amount)).toString(16).padStart(32, "0"));
      }),
    );
  });

  it("text that is not 32 hexadecimal digits is refused", () => {
    expect(() => tuidFromHex("xyz")).toThrow("32 hexadecimal digits");
  });
});

describe("the clock", () => {
  it("agrees with the time of day and never goes back", () => {
    const clock = createClock();
    const before = Date.now();
    const first = clockNanos(clock);
    const after = Date.now();
    // However long that took. The time of day may be corrected meanwhile.
    expect(Number(first / 1_000_000n)).toBeGreaterThan(before - 1000);
    expect(Number(first / 1_000_000n)).toBeLessThan(after + 1000);
    let last = first;
    for (let i = 0; i < 5000; i++) {
      const now = clockNanos(clock);
      expect(now >= last).toBe(true);
      last = now;
    }
  });
});
