import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  chooseTimeline,
  currentTime,
  follow,
  fractionOf,
  INITIAL_TIME,
  moveTo,
  nextLoopMode,
  pause,
  play,
  selectRange,
  type TimelineSpan,
  type TimeState,
  timeAt,
  withTimelines,
} from "./time-control.js";

const FRAMES: TimelineSpan = { name: "frame", type: "sequence", range: { min: 0n, max: 100n } };
const LOG_TIME: TimelineSpan = {
  name: "log_time",
  type: "timestamp",
  range: { min: 10n ** 18n, max: 10n ** 18n + 5n * 10n ** 9n },
};

function started(timelines: readonly TimelineSpan[] = [FRAMES, LOG_TIME]): TimeState {
  return withTimelines(INITIAL_TIME, timelines);
}

describe("following", () => {
  test("begins at the newest data and stays there", () => {
    const state = started();
    expect(currentTime(state)).toBe(100n);
    expect(currentTime(withTimelines(state, [{ ...FRAMES, range: { min: 0n, max: 120n } }]))).toBe(120n);
  });

  test("ends when the user moves, and can be taken up again", () => {
    const grown = [{ ...FRAMES, range: { min: 0n, max: 120n } }];
    const moved = withTimelines(moveTo(started(), 40n), grown);
    expect(currentTime(moved)).toBe(40n);
    expect(currentTime(follow(moved, true))).toBe(120n);
  });
});

describe("the timeline", () => {
  test("of the user's own comes before log_time, and takes over when it appears", () => {
    const first = started([LOG_TIME]);
    expect(first.timeline).toBe("log_time");
    expect(withTimelines(first, [FRAMES, LOG_TIME]).timeline).toBe("frame");
  });

  test("stays what the user chose", () => {
    const chosen = chooseTimeline(started(), "log_time");
    expect(withTimelines(chosen, [FRAMES, LOG_TIME]).timeline).toBe("log_time");
    expect(chooseTimeline(chosen, "unknown")).toBe(chosen);
  });

  test("with the most rows is taken among several", () => {
    const other: TimelineSpan = { ...FRAMES, name: "a" };
    expect(
      withTimelines(
        INITIAL_TIME,
        [other, FRAMES],
        new Map([
          ["a", 2],
          ["frame", 50],
        ]),
      ).timeline,
    ).toBe("frame");
  });

  test("keeps a cursor of its own", () => {
    const state = moveTo(started(), 7n);
    const back = chooseTimeline(moveTo(chooseTimeline(state, "log_time"), 10n ** 18n), "frame");
    expect(currentTime(back)).toBe(7n);
  });
});

describe("playing", () => {
  test("a sequence goes by frames per second, parts of a step are not lost", () => {
    let state = play(moveTo(started(), 10n));
    for (let i = 0; i < 60; i++) state = advance(state, 1000 / 60);
    expect(currentTime(state)).toBe(40n);
  });

  test("time goes by seconds times speed, to the nanosecond", () => {
    const state = { ...play(moveTo(chooseTimeline(started(), "log_time"), 10n ** 18n)), speed: 2 };
    expect(currentTime(advance(state, 100))).toBe(10n ** 18n + 200_000_000n);
  });

  test("stops at the end; playing there starts over", () => {
    const end = advance(play(moveTo(started(), 99n)), 1000);
    expect([currentTime(end), end.isPlaying]).toEqual([100n, false]);
    expect(currentTime(play(end))).toBe(0n);
  });

  test("loops over everything or over the selection", () => {
    const all = { ...play(moveTo(started(), 99n)), loop: "all" as const };
    expect(currentTime(advance(all, 100))).toBe(1n);
    const part = play(selectRange(moveTo(started(), 30n), { min: 20n, max: 30n }));
    expect([currentTime(part), part.loop]).toEqual([20n, "selection"]);
    expect(currentTime(advance(part, 400))).toBe(21n);
  });

  test("never leaves its range, whatever the frames take", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 30 }),
        fc.constantFrom("off", "all"),
        (steps, loop) => {
          let state: TimeState = { ...play(moveTo(started(), 50n)), loop: loop as "off" | "all" };
          for (const elapsed of steps) {
            state = advance(state, elapsed);
            const time = currentTime(state) ?? -1n;
            expect(time >= 0n && time <= 100n).toBe(true);
          }
        },
      ),
    );
  });

  test("pauses, and a pause of what stands changes nothing", () => {
    expect(pause(play(moveTo(started(), 1n))).isPlaying).toBe(false);
    const still = started();
    expect(pause(still)).toBe(still);
  });

  test("loop modes go round; the selection only when there is one", () => {
    const state = started();
    expect(nextLoopMode(nextLoopMode(state)).loop).toBe("off");
    const selected = { ...selectRange(state, { min: 1n, max: 2n }), loop: "all" as const };
    expect(nextLoopMode(selected).loop).toBe("selection");
  });
});

test("a position on the track and its time belong together, exactly at the ends", () => {
  expect([timeAt(LOG_TIME.range, 0), timeAt(LOG_TIME.range, 1)]).toEqual([LOG_TIME.range.min, LOG_TIME.range.max]);
  expect(fractionOf(FRAMES.range, timeAt(FRAMES.range, 0.25))).toBe(0.25);
  expect(fractionOf({ min: 5n, max: 5n }, 5n)).toBe(0);
});
