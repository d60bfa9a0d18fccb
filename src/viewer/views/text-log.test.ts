import { describe, expect, test } from "vitest";
import { TestRecording } from "../../../tests/support/test-recording.js";
import type { Timeline } from "../../core/index.js";
import * as rr from "../../types/index.js";
import { levelsOf, lineAt, sortedLines, timeWidthCh } from "./text-log.js";

const FRAME: Timeline = { name: "frame", type: "sequence" };
const OTHER: Timeline = { name: "other", type: "sequence" };

function made(): TestRecording {
  const recording = new TestRecording();
  recording.log("b", new rr.TextLog("third", { level: "ERROR" }), [[FRAME, 5n]]);
  recording.log("a", new rr.TextLog("first", { level: "INFO" }), [[FRAME, 1n]]);
  recording.log("a", new rr.TextLog("fourth", { level: "odd" }), [[FRAME, 5n]]);
  recording.log("a", new rr.TextLog("elsewhere"), [[OTHER, 0n]]);
  recording.log("c", new rr.TextLog("always", { color: 0xff0000ff }));
  return recording;
}

describe("lines", () => {
  const lines = sortedLines([...made().store.chunks()], "frame");

  test("are by time, static ones first, then in the order they were logged; other timelines are not seen", () => {
    expect(lines.map(({ text }) => text)).toEqual(["always", "first", "third", "fourth"]);
    expect(lines.map(({ time }) => time)).toEqual([undefined, 1n, 5n, 5n]);
    expect(lines[0]?.color).toBe("#ff0000ff");
    expect(lines[2]?.entityPath).toBe("/b");
  });

  test("the current one is the last at or before the time", () => {
    expect([0n, 1n, 4n, 5n, 9n].map((time) => lineAt(lines, time))).toEqual([0, 1, 1, 3, 3]);
    expect(lineAt(lines.slice(1), 0n)).toBe(-1);
  });

  test("levels are listed by weight, unknown ones last", () => {
    expect(levelsOf(lines)).toEqual(["ERROR", "INFO", "", "odd"]);
  });
});

test("a time takes less than a digit for each sign, and more for a number sign", () => {
  expect(["#7", "09:30:00.5"].map((text) => timeWidthCh(text).toFixed(1))).toEqual(["2.4", "8.8"]);
});
