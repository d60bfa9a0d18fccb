import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { printedWarnings } from "../../tests/support/printed-warnings.js";
import { isRerunError } from "../core/index.js";
import { Scalars } from "../types/index.js";
import * as rr from "./index.js";

const warnings = printedWarnings();

beforeEach(() => {
  rr.setGlobalDataRecording(undefined);
});

afterEach(() => {
  rr.setGlobalDataRecording(undefined);
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

it("a recording made with makeDefault is the global one", () => {
  const rec = new rr.RecordingStream("app", { makeDefault: true });
  expect(rr.getGlobalDataRecording()).toBe(rec);
  const other = new rr.RecordingStream("other");
  expect([rr.setGlobalDataRecording(other), rr.getGlobalDataRecording()]).toEqual([rec, other]);
});

it("the environment decides whether anything is logged, before defaultEnabled", () => {
  const before = process.env["RERUN"];
  const isEnabled = (defaultEnabled?: boolean): boolean =>
    new rr.RecordingStream("app", defaultEnabled === undefined ? {} : { defaultEnabled }).isEnabled;
  delete process.env["RERUN"];
  expect([isEnabled(), isEnabled(true), isEnabled(false)]).toEqual([true, true, false]);
  process.env["RERUN"] = "on";
  expect(isEnabled(false)).toBe(true);
  process.env["RERUN"] = "off";
  expect(isEnabled(true)).toBe(false);
  if (before === undefined) delete process.env["RERUN"];
  else process.env["RERUN"] = before;
});

it("newEntityPath takes parts literally", () => {
  expect(rr.newEntityPath(["world", 42, "my image!"])).toBe("/world/42/my\\ image\\!");
  expect([rr.newEntityPath([]), rr.newEntityPath(["a/b", true])]).toEqual(["/", "/a\\/b/true"]);
});
