import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { printedWarnings } from "../../../tests/support/printed-warnings.js";
import { isRerunError, valueAt } from "../../core/index.js";
import { openRrdFile } from "../../files/index.js";
import { decodeRrd } from "../../rrd/index.js";
import { Points3D, Scalars } from "../../types/index.js";
import { RecordingStream } from "../recording-stream.js";
import { FileSink, type FileSinkOptions } from "./file-sink.js";
import type { SinkLossError } from "./loss.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-file-sink-"));
let numFiles = 0;
const warnings = printedWarnings();

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function newPath(): string {
  numFiles += 1;
  return join(folder, `${numFiles}.rrd`);
}

/** A recording into one file, without rows of its own. */
function recordingInto(path: string, options: FileSinkOptions): RecordingStream {
  const rec = new RecordingStream("test", { sendProperties: false });
  rec.setSinks([new FileSink(path, options)]);
  return rec;
}

/** The scalars in a file, in order. */
function scalarsIn(path: string): unknown[] {
  const values: unknown[] = [];
  for (const message of decodeRrd(readFileSync(path))) {
    const list = message.kind === "chunk" ? message.chunk.components.get("Scalars:scalars")?.list : undefined;
    for (let row = 0; list !== undefined && row < list.length; row++) values.push(...(valueAt(list, row) as unknown[]));
  }
  return values;
}

/** Logs numbers, each as a chunk of its own. */
async function logEach(rec: RecordingStream, values: readonly number[]): Promise<void> {
  for (const value of values) {
    rec.log("s", new Scalars(value));
    await rec.flush();
  }
}

async function lossOf(work: Promise<void>): Promise<SinkLossError["loss"] | undefined> {
  try {
    await work;
  } catch (error) {
    if (isRerunError(error, "SinkFailed")) return (error as SinkLossError).loss;
    throw error;
  }
  return undefined;
}

/** The descriptor that this process has open for a path. */
function descriptorOf(path: string): number {
  const wanted = fstatSync(openSync(path, "r"));
  const found = readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => {
      try {
        return fstatSync(descriptor).ino === wanted.ino;
      } catch {
        return false;
      }
    });
  return Math.min(...found);
}

it("throws at the call for a device that is full, a folder that is missing and one that is none", () => {
  for (const path of ["/dev/full", join(folder, "missing", "a.rrd"), join("/dev/null", "a.rrd"), folder]) {
    expect(() => recordingInto(path, {})).toThrow(`: ${path}`);
  }
});

describe.each([
  ["in the recording's thread", { threadAfterMillis: Number.POSITIVE_INFINITY }],
  ["in a thread of its own", { threadAfterMillis: -1 }],
])("a file sink %s", (_, options) => {
  it("writes everything in order, with an index that finds it", async () => {
    const path = newPath();
    const rec = recordingInto(path, options);
    const values = Array.from({ length: 50 }, (_, i) => i);
    await logEach(rec, values);
    const positions = Float32Array.from({ length: 300_000 }, (_, i) => i);
    rec.log("cloud", new Points3D(positions));
    positions.fill(-1);
    await rec.close();
    expect(scalarsIn(path)).toEqual(values);
    const file = await openRrdFile(path);
    expect([file.isIndexed, file.chunks.length]).toEqual([true, 51]);
    const [cloud] = await file.readChunks(file.chunks.slice(50));
    expect(cloud?.components.get("Points3D:positions")?.list.children?.[0]?.children?.[0]?.values?.[299_999]).toBe(299_999);
    await file.close();
  });

  it("leaves the index away when asked to", async () => {
    const path = newPath();
    const rec = recordingInto(path, { ...options, writeFooter: false });
    await logEach(rec, [1, 2]);
    await rec.close();
    const file = await openRrdFile(path);
    expect([file.isIndexed, file.chunks.length]).toEqual([false, 2]);
    await file.close();
  });

  it("says how much was lost with a file that was deleted, and goes on in a new one", async () => {
    const path = newPath();
    const rec = recordingInto(path, options);
    await logEach(rec, [1, 2, 3]);
    rmSync(path);
    rec.log("s", new Scalars(4));
    expect(await lossOf(rec.flush())).toMatchObject({ numChunks: 3, numRows: 3 });
    rec.log("s", new Scalars(5));
    await rec.close();
    expect(warnings).toEqual([expect.stringContaining("the file was deleted, what comes later goes to a new one")]);
    expect(scalarsIn(path)).toEqual([4, 5]);
  });

  it("does not touch another file that stands in the place of its own", async () => {
    const path = newPath();
    const rec = recordingInto(path, options);
    await logEach(rec, [1]);
    rmSync(path);
    writeFileSync(path, "of somebody else");
    rec.log("s", new Scalars(2));
    expect(await lossOf(rec.flush())).toMatchObject({ numRows: 1 });
    expect(await lossOf(rec.close())).toBeUndefined();
    expect(readFileSync(path, "utf8")).toBe("of somebody else");
  });

  it("goes on with a file whose descriptor was closed by other code, and loses nothing", async () => {
    const path = newPath();
    const rec = recordingInto(path, options);
    await logEach(rec, [1, 2]);
    closeSync(descriptorOf(path));
    await logEach(rec, [3]);
    await rec.close();
    expect(scalarsIn(path)).toEqual([1, 2, 3]);
    expect(warnings).toEqual([]);
  });

  it("lets a second sink have the file: what the first one holds is written before", async () => {
    const path = newPath();
    const first = recordingInto(path, options);
    await logEach(first, [1, 2]);
    const second = recordingInto(path, options);
    await logEach(first, [3]);
    await logEach(second, [4]);
    await first.close();
    await second.close();
    expect(scalarsIn(path)).toEqual([4]);
  });
});
