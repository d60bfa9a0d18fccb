import { describe, expect, it } from "vitest";
import { RevisionNotices } from "./revision-notices.js";

function setUp() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const sent: [atMs: number, revision: number][] = [];
  const notices = new RevisionNotices((revision) => sent.push([now, revision]), {
    now: () => now,
    schedule(run, delayMs) {
      const timer = { at: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
  });
  const advanceTo = (time: number) => {
    for (;;) {
      const next = timers.filter((t) => t.at <= time).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers = timers.filter((t) => t !== next);
      now = next.at;
      next.run();
    }
    now = time;
  };
  return { notices, sent, advanceTo, pending: () => timers.length };
}

describe("RevisionNotices", () => {
  it("says nothing before a view has asked", () => {
    const { notices, sent, advanceTo } = setUp();
    notices.changed(1);
    advanceTo(60_000);
    expect(sent).toEqual([]);
  });

  it("tells the first change at once and many later ones together", () => {
    const { notices, sent, advanceTo } = setUp();
    notices.viewsAsked();
    notices.changed(1);
    expect(sent).toEqual([[0, 1]]);
    advanceTo(10);
    notices.viewsAsked();
    for (let revision = 2; revision <= 500; revision++) notices.changed(revision);
    advanceTo(1000);
    expect(sent.slice(0, 2)).toEqual([
      [0, 1],
      [100, 500],
    ]);
  });

  it("repeats an unanswered notice three times, then waits for a view", () => {
    const { notices, sent, advanceTo, pending } = setUp();
    notices.viewsAsked();
    notices.changed(1);
    notices.changed(2);
    advanceTo(100_000);
    expect(sent.map(([at]) => at)).toEqual([0, 5000, 10_000, 15_000]);
    expect(sent.at(-1)?.[1]).toBe(2);
    notices.changed(3);
    expect(pending()).toBe(0);
    notices.viewsAsked();
    expect(sent.at(-1)?.[1]).toBe(3);
  });

  it("leaves no timer behind once every view knows", () => {
    const { notices, pending, advanceTo } = setUp();
    notices.viewsAsked();
    notices.changed(1);
    advanceTo(5);
    notices.viewsAsked();
    expect(pending()).toBe(0);
    notices.changed(2);
    notices.close();
    expect(pending()).toBe(0);
  });
});
