import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isRerunError, resetWarnings, setStrict } from "../core/index.js";
import { Scalars } from "../types/index.js";
import * as rr from "./index.js";

let warnings: string[] = [];

beforeEach(() => {
  warnings = [];
  resetWarnings();
  rr.setGlobalDataRecording(undefined);
  vi.spyOn(console, "warn").mockImplementation((text: string) => {
    warnings.push(text);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rr.setGlobalDataRecording(undefined);
  setStrict(false);
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isRerunError(error) ? error.code : "another error";
  }
  return "no error";
}

it("without a recording logging warns once and does nothing, and in strict mode throws", () => {
  rr.log("a", new Scalars(1));
  rr.log("a", new Scalars(1));
  rr.setTime("frame", { sequence: 1 });
  expect(warnings).toEqual([
    expect.stringContaining("log: there is no recording"),
    expect.stringContaining("setTime: there is no"),
  ]);
  rr.setStrictMode(true);
  expect(codeOf(() => rr.log("a", new Scalars(1)))).toBe("NoRecording");
});

it("without a recording what must have one throws, lenient or not", async () => {
  expect(codeOf(() => rr.save("x.rrd"))).toBe("NoRecording");
  expect(codeOf(() => rr.memoryRecording())).toBe("NoRecording");
  await expect(rr.exportRrd("x.rrd")).rejects.toMatchObject({ code: "NoRecording" });
  expect([rr.isEnabled(), rr.getRecordingId(), rr.getApplicationId()]).toEqual([false, undefined, undefined]);
});

it("init makes the recording that the functions work on", async () => {
  const rec = rr.init("app", { recordingId: "id", strict: true, sendProperties: false });
  expect([rr.currentRecording() === rec, rr.isEnabled(), rr.strictMode()]).toEqual([true, true, true]);
  expect([rr.getApplicationId(), rr.getRecordingId()]).toEqual(["app", "id"]);
  rr.setTime("frame", { sequence: 1 });
  rr.log("a", new Scalars(1));
  rr.sendColumns("b", [new rr.TimeColumn("frame", { sequence: [1, 2] })], Scalars.columns({ scalars: [1, 2] }));
  rr.sendRecordingName("name");
  await rr.flush();
  expect(rec.store.stats().numRows).toBe(4);
  expect(rec.name).toBe("name");
  await rr.close();
  expect(rr.isEnabled()).toBe(false);
});

it("the version is the package's", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8")) as { version: string };
  expect(rr.VERSION).toBe(manifest.version);
});
