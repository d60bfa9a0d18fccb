import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { printedWarnings } from "../../tests/support/printed-warnings.js";
import type { Chunk } from "../chunk/index.js";
import { FLOAT32, FLOAT64, fixedSizeListOf, isRerunError, RerunError, setHost, setStrict, valueAt } from "../core/index.js";
import { openRrdFile } from "../files/index.js";
import { decodeRrd } from "../rrd/index.js";
import { AnyValues, Points3D, Scalars, TextLog } from "../types/index.js";
import { loadRecording } from "./load-recording.js";
import type { RecordingStreamOptions } from "./recording-options.js";
import { RecordingStream } from "./recording-stream.js";
import { FileSink } from "./sinks/file-sink.js";
import type { Sink } from "./sinks/sink.js";
import { TimeColumn } from "./time-column.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-sdk-"));
let numFiles = 0;

function newPath(): string {
  numFiles += 1;
  return join(folder, `${numFiles}.rrd`);
}

function recording(options: RecordingStreamOptions = {}): RecordingStream {
  return new RecordingStream("test", { sendProperties: false, ...options });
}

function chunksIn(path: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (const message of decodeRrd(readFileSync(path))) if (message.kind === "chunk") chunks.push(message.chunk);
  return chunks;
}

/** All cells of a component in row order. */
function cellsOf(chunks: Iterable<Chunk>, component: string): unknown[] {
  return [...chunks].flatMap((chunk) => {
    const list = chunk.components.get(component)?.list;
    return list === undefined ? [] : Array.from({ length: list.length }, (_, row) => valueAt(list, row));
  });
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isRerunError(error) ? error.code : "another error";
  }
  return "no error";
}

const warnings = printedWarnings();

afterEach(() => {
  setHost(undefined);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("log", () => {
  it("copies: a buffer changed afterwards does not change what was logged", async () => {
    const path = newPath();
    const rec = recording();
    rec.save(path);
    const positions = new Float32Array([1, 2, 3]);
    const values = new Float64Array([7]);
    rec.log("points", new Points3D(positions));
    rec.log("values", new AnyValues({ values }));
    rec.sendColumns("columns", [], Scalars.columns({ scalars: values }));
    positions.fill(-1);
    values.fill(-1);
    await rec.close();
    const chunks = chunksIn(path);
    expect(
      cellsOf(chunks, "Points3D:positions")
        .flat()
        .map((v) => [...(v as Float32Array)]),
    ).toEqual([[1, 2, 3]]);
    expect(cellsOf(chunks, "values")).toEqual([[7]]);
    expect(cellsOf(chunks, "Scalars:scalars")).toEqual([[7]]);
  });

  it("puts rows on the times that are set, until they are forgotten", () => {
    const rec = recording();
    rec.setLogTimeEnabled(false);
    rec.setTime("frame", { sequence: 1 });
    rec.setTime("t", { duration: 0.5 });
    rec.log("a", new Scalars(1));
    rec.disableTimeline("t");
    rec.log("b", new Scalars(1));
    rec.resetTime();
    rec.log("c", new Scalars(1));
    const times = [...rec.store.chunks()].map((chunk) => [chunk.entityPath, [...chunk.timelines.keys()]]);
    expect(times).toEqual([
      ["/a", ["frame", "t"]],
      ["/b", ["frame"]],
      ["/c", []],
    ]);
  });

  it("adds log_time by itself and log_tick on request, which counts from the first row", () => {
    const clock = { hi: 0x18000000, lo: 5, read: (): void => undefined };
    const rec = recording({ clock });
    rec.log("a", new Scalars(1));
    rec.setLogTickEnabled(true);
    rec.log("b", new Scalars(1));
    const [a, b] = [...rec.store.chunks()];
    expect([...(a?.timelines.keys() ?? [])]).toEqual(["log_time"]);
    expect(b?.timelines.get("log_tick")?.times[0]).toBe(1n);
    expect(a?.timelines.get("log_time")?.times[0]).toBe((0x18000000n << 32n) + 5n);
  });

  it("gives ascending row ids in the order of the calls, across entities", () => {
    const rec = recording();
    for (let i = 0; i < 20; i++) rec.log(i % 2 === 0 ? "even" : "odd", new Scalars(i));
    const ids = new Map<string, unknown>();
    for (const chunk of rec.store.chunks()) {
      for (let row = 0; row < chunk.numRows; row++) {
        const hex = Buffer.from(chunk.rowIds.subarray(row * 16, row * 16 + 16)).toString("hex");
        ids.set(hex, cellsOf([chunk], "Scalars:scalars")[row]);
      }
    }
    expect([...ids].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)).toEqual(
      Array.from({ length: 20 }, (_, i) => [i]),
    );
  });

  it("makes one row of several bundles and takes the first of a component that comes twice, with a warning", () => {
    const rec = recording();
    rec.log("a", [new Scalars(1), new TextLog("x"), new Scalars(2)]);
    const [chunk] = [...rec.store.chunks()];
    expect([chunk?.numRows, [...(chunk?.components.keys() ?? [])]]).toEqual([1, ["Scalars:scalars", "TextLog:text"]]);
    expect(cellsOf(rec.store.chunks(), "Scalars:scalars")).toEqual([[1]]);
    expect(warnings).toEqual([expect.stringContaining("Scalars:scalars comes twice")]);
  });

  it("drops rows without components", () => {
    const rec = recording();
    rec.log("a", Points3D.fromFields({}));
    expect(rec.store.stats().numChunks).toBe(0);
  });
});

describe("bad input", () => {
  const bad: [string, (rec: RecordingStream) => void, string][] = [
    ["something that is no bundle", (rec) => rec.log("a", 5 as never), "got number 5"],
    ["a list with something else", (rec) => rec.log("a", [new Scalars(1), "x"] as never), 'got the string "x"'],
    ["a path that is none", (rec) => rec.log(7 as never, new Scalars(1)), "expected a text or a list of parts, got number 7"],
    [
      "columns of different lengths",
      (rec) => rec.sendColumns("a", [new TimeColumn("t", { sequence: [1, 2] })], Scalars.columns({ scalars: [1] })),
      'column "Scalars:scalars" has 1 rows, expected 2',
    ],
    [
      "data of another type than its layout says",
      (rec) => rec.log("a", { layouts: [{ descriptor: { component: "c" }, type: fixedSizeListOf(FLOAT32, 3) }], data: [[1, 2]] }),
      "log: c at /a: expected values of FixedSizeList(3 x non-null Float32), got a list of 2",
    ],
  ];

  it.each(bad)("%s warns once and is left out", (_, work, message) => {
    const rec = recording();
    work(rec);
    work(rec);
    expect(warnings).toEqual([expect.stringContaining(message)]);
    expect(rec.store.stats().numRows).toBe(0);
  });

  it.each(bad)("%s throws in strict mode, and nothing of the row is logged", (_, work, message) => {
    const rec = recording();
    setStrict(true);
    expect(() => work(rec)).toThrow(message);
    expect(rec.store.stats().numRows).toBe(0);
  });

  it("in one component leaves the others of its row", () => {
    const rec = recording();
    const layouts = ["c", "d"].map((component) => ({ descriptor: { component }, type: FLOAT64 }));
    rec.log("a", { layouts, data: ["text", 5] });
    expect(cellsOf(rec.store.chunks(), "d")).toEqual([[5]]);
    expect(cellsOf(rec.store.chunks(), "c")).toEqual([]);
  });

  it("of setTime throws in lenient mode too", () => {
    const rec = recording();
    expect(codeOf(() => rec.setTime("t", {}))).toBe("InvalidTime");
    expect(codeOf(() => rec.setTime("t", { sequence: 1, duration: 1 }))).toBe("InvalidTime");
    expect(codeOf(() => rec.setTime(5 as never, { sequence: 1 }))).toBe("InvalidTime");
    expect(codeOf(() => new RecordingStream(""))).toBe("InvalidArgument");
    expect(codeOf(() => recording({ batcher: { flushNumRows: -1 } }))).toBe("InvalidArgument");
  });
});

describe("sinks", () => {
  it("save throws at the call when the folder is not there, and the recording goes on as before", () => {
    const rec = recording();
    rec.log("a", new Scalars(1));
    expect(codeOf(() => rec.save(join(folder, "missing", "x.rrd")))).toBe("SinkFailed");
    expect(rec.store.stats().numRows).toBe(1);
  });

  it("the first one takes what was held so far, in order", async () => {
    const path = newPath();
    const rec = new RecordingStream("test");
    rec.log("a", new Scalars(1));
    rec.save(path);
    rec.log("a", new Scalars(2));
    await rec.close();
    const chunks = chunksIn(path);
    expect(chunks.map((chunk) => chunk.entityPath)).toEqual(["/__properties", "/a", "/a"]);
    expect(cellsOf(chunks, "Scalars:scalars")).toEqual([[1], [2]]);
  });

  it("several get the same", async () => {
    const paths = [newPath(), newPath()];
    const rec = recording();
    rec.setSinks(paths.map((path) => new FileSink(path)));
    rec.log("a", new Scalars(1));
    await rec.close();
    expect(paths.map((path) => cellsOf(chunksIn(path), "Scalars:scalars"))).toEqual([[[1]], [[1]]]);
  });

  it("a memory recording gives a complete stream, once", () => {
    const rec = recording();
    const memory = rec.memoryRecording();
    rec.log("a", new Scalars(1));
    expect(memory.numMsgs()).toBe(1);
    const messages = [...decodeRrd(memory.drainAsBytes())];
    expect(messages.map((message) => message.kind)).toEqual(["storeInfo", "chunk"]);
    expect(memory.numMsgs()).toBe(0);
  });

  it("a binary stream gives the bytes as they come: joined they are one file, with an index after the end", async () => {
    const rec = recording();
    const stream = rec.binaryStream();
    rec.log("a", new Scalars(1));
    const parts = [stream.read()];
    expect(stream.read()).toBeUndefined();
    rec.log("a", new Scalars(2));
    expect(stream.read({ flush: false })).toBeUndefined();
    parts.push(stream.read());
    await rec.close();
    parts.push(stream.read());
    const path = newPath();
    writeFileSync(path, Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0))));
    expect(cellsOf(chunksIn(path), "Scalars:scalars")).toEqual([[1], [2]]);
    const file = await openRrdFile(path);
    expect([file.isIndexed, file.chunks.length]).toEqual([true, 2]);
    await file.close();
  });

  it("what one of several loses is said by flush, and the others go on", async () => {
    const rec = recording();
    const lossy: Sink = {
      open: () => undefined,
      write: () => undefined,
      flush: () => Promise.reject(new RerunError("SinkFailed", "3 chunks were lost")),
      close: () => {
        throw new RerunError("SinkFailed", "the end was lost");
      },
    };
    const path = newPath();
    rec.setSinks([lossy, new FileSink(path)]);
    rec.log("a", new Scalars(1));
    await expect(rec.flush()).rejects.toThrow("3 chunks were lost");
    rec.log("a", new Scalars(2));
    await expect(rec.close()).rejects.toThrow("3 chunks were lost; the end was lost");
    expect(cellsOf(chunksIn(path), "Scalars:scalars")).toEqual([[1], [2]]);
  });

  it("flush gives up after the time it has", async () => {
    const rec = recording();
    rec.setSinks([
      { open: () => undefined, write: () => undefined, close: () => undefined, flush: () => new Promise(() => undefined) },
    ]);
    await expect(rec.flush({ timeoutSec: 0.01 })).rejects.toMatchObject({ code: "Timeout" });
  });

  it("nothing is taken after close, which is said once, and close can be called again", async () => {
    const path = newPath();
    const rec = recording();
    rec.save(path);
    rec.log("a", new Scalars(1));
    await rec.close();
    await rec.close();
    rec.log("a", new Scalars(2));
    rec.log("a", new Scalars(3));
    expect(warnings).toEqual([expect.stringContaining("the recording is closed")]);
    expect(cellsOf(chunksIn(path), "Scalars:scalars")).toEqual([[1]]);
    expect(codeOf(() => rec.save(path))).toBe("Closed");
  });
});

describe("exportRrd", () => {
  it("writes what is held, again and again, and loadRecording reads it", async () => {
    const path = newPath();
    const rec = new RecordingStream("test app", { recordingId: "id" });
    rec.sendRecordingName("a name");
    rec.log("a", new Scalars(1));
    await rec.exportRrd(path);
    rec.log("a", new Scalars(2));
    await rec.exportRrd(path);
    const loaded = await loadRecording(path);
    expect(loaded).toMatchObject({ applicationId: "test app", recordingId: "id", name: "a name" });
    expect(loaded.startTimeNanos).toBe(rec.startTimeNanos);
    expect(cellsOf(loaded.store.chunks(), "Scalars:scalars")).toEqual([[1], [2]]);
  });

  it("rejects outside of a notebook when a sink took the rows, and in a notebook does not", async () => {
    const outside = recording();
    outside.save(newPath());
    await expect(outside.exportRrd(newPath())).rejects.toMatchObject({
      code: "IncompleteRecording",
      message: expect.stringContaining("save"),
    });
    setHost({ readFile: (path) => readFileSync(path), isNotebook: true });
    const inside = recording();
    inside.save(newPath());
    inside.log("a", new Scalars(1));
    const path = newPath();
    await inside.exportRrd(path);
    expect(cellsOf(chunksIn(path), "Scalars:scalars")).toEqual([[1]]);
  });

  it("rejects when the memory limit has cost something, unless partial is allowed", async () => {
    const rec = recording({ memoryLimit: 100_000 });
    for (let i = 0; i < 20; i++) {
      rec.setTime("frame", { sequence: i });
      rec.log("a", new AnyValues({ big: new Float64Array(2000).fill(i) }));
      await rec.flush();
    }
    expect(warnings).toEqual([expect.stringContaining("memoryLimit")]);
    await expect(rec.exportRrd(newPath())).rejects.toMatchObject({ code: "IncompleteRecording" });
    const path = newPath();
    await rec.exportRrd(path, { allowPartial: true });
    const left = cellsOf(chunksIn(path), "big");
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(20);
  });

  it("says which file cannot be written", async () => {
    const path = join(folder, "missing", "x.rrd");
    await expect(recording().exportRrd(path)).rejects.toMatchObject({
      code: "SinkFailed",
      message: expect.stringContaining(path),
    });
  });
});

describe("the recording", () => {
  it("has a usable application id, told from others", () => {
    expect(new RecordingStream("my.app id/x").applicationId).toBe("my-app id-x5075");
    expect(new RecordingStream("日本").applicationId).toBe("--afab");
    expect(new RecordingStream("ok_-x: [y]").applicationId).toBe("ok_-x: [y]");
    expect(warnings).toHaveLength(2);
  });

  it("goes to the file that tests force on it, whatever sink is chosen", async () => {
    const forced = newPath();
    vi.stubEnv("_RERUN_TEST_FORCE_SAVE", forced);
    const rec = recording();
    vi.unstubAllEnvs();
    rec.save(newPath());
    rec.log("a", new Scalars(1));
    await rec.close();
    expect(cellsOf(chunksIn(forced), "Scalars:scalars")).toEqual([[1]]);
  });

  it("flushes by the tick, also within a loop that never yields", () => {
    // Each look at this clock takes a millisecond.
    const clock = {
      hi: 0,
      lo: 0,
      read(): void {
        this.lo += 1_000_000;
      },
    };
    const rec = recording({ batcher: { flushTickSec: 0.01 }, clock });
    const memory = rec.memoryRecording();
    for (let i = 0; i < 100; i++) rec.log("a", new Scalars(i));
    const chunks = [...decodeRrd(memory.drainAsBytes())].filter((message) => message.kind === "chunk");
    expect(chunks.length).toBeGreaterThan(5);
  });

  it("flushes by the tick without another call", async () => {
    const path = newPath();
    const rec = recording({ batcher: { flushTickSec: 0.01 } });
    rec.save(path);
    rec.log("a", new Scalars(1));
    await vi.waitFor(() => expect(cellsOf(chunksIn(path), "Scalars:scalars")).toEqual([[1]]), { timeout: 20_000 });
    rec.disconnect();
  });

  it("takes nothing when it is not enabled", () => {
    const rec = new RecordingStream("test", { defaultEnabled: false });
    rec.log("a", new Scalars(1));
    expect([rec.isEnabled, rec.store.stats().numRows]).toEqual([false, 0]);
  });
});
