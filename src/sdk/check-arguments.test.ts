import { describe, expect, it, test } from "vitest";
import { checkFilePath, listOf } from "./check-arguments.js";
import { loadRecording } from "./load-recording.js";
import { RecordingStream } from "./recording-stream.js";

describe("arguments of another kind are named with what was expected and what came", () => {
  test.each<[unknown, string]>([
    [5, "save: path: expected the path of a file, got number 5"],
    ["", "save: path: expected the path of a file, got an empty one"],
  ])("a path that is %j", (path, message) => {
    expect(() => checkFilePath("save", path)).toThrow(message);
  });

  it("a list is taken as it is, anything else is refused", () => {
    expect(listOf("sendColumns: indexes", "TimeColumn", new Set([1, 2]))).toEqual([1, 2]);
    expect(() => listOf("sendColumns: indexes", "TimeColumn", 5 as unknown as number[])).toThrow(
      "sendColumns: indexes: expected a list of TimeColumn, got number 5",
    );
  });

  it("the calls of a recording check what they are given", async () => {
    const recording = new RecordingStream("arguments");
    expect(() => recording.save(5 as unknown as string)).toThrow("save: path: expected");
    expect(() => recording.sendColumns("s", 5 as unknown as [], [], { strict: true })).toThrow("sendColumns: indexes: expected");
    await expect(recording.exportRrd(5 as unknown as string)).rejects.toThrow("exportRrd: path: expected");
    await expect(loadRecording(5 as unknown as string)).rejects.toThrow("loadRecording: path: expected");
    await recording.close();
  });

  it("what the system says of a file comes without its inner name", async () => {
    const recording = new RecordingStream("arguments");
    await expect(recording.exportRrd("/no/such/folder/a.rrd")).rejects.toThrow(
      /^exportRrd: the file cannot be written: ENOENT: no such file or directory: \/no\/such\/folder\/a\.rrd$/,
    );
    await recording.close();
  });
});
