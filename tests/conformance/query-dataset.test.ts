import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { type PlatformServer, startPlatformServer } from "../../src/server/index.js";
import { type CallRecorder, recordCalls } from "../support/call-recorder.js";

type Answers = Readonly<Record<string, { readonly columns: string[]; readonly rows: string[] }>>;

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-query-dataset-"));
const servers: PlatformServer[] = [];
const recorders: CallRecorder[] = [];
let answers: Answers[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, "files"));
  for (let i = 0; i < 3; i++) await record(i);
  for (const capabilities of [undefined, ["catalog:write:register:file"]]) {
    const dataDir = join(folder, `data${servers.length}`);
    servers.push(await startPlatformServer({ port: 0, dataDir, ...(capabilities === undefined ? {} : { capabilities }) }));
    recorders.push(await recordCalls(servers.at(-1)?.port ?? 0));
  }
  const script = join(ROOT, "tests", "conformance", "python", "read_through.py");
  const args = [script, join(folder, "files"), ...recorders.map(({ url }) => url)];
  const { stdout } = await promisify(execFile)(testPython(), args, { maxBuffer: 64 * 2 ** 20 });
  answers = JSON.parse(stdout) as Answers[];
}, 90_000);

afterAll(async () => {
  for (const recorder of recorders) recorder.close();
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

async function record(index: number): Promise<void> {
  const rec = new rr.RecordingStream("query", { recordingId: `seg${index}` });
  rec.save(join(folder, "files", `seg${index}.rrd`));
  rec.log("fixed", new rr.TextDocument("hello"), { static: true });
  for (let frame = 0; frame < 30; frame++) {
    rec.setTime("frame", { sequence: frame + 10 * index });
    rec.setTime("stamp", { timestamp: 1_700_000_000 + frame });
    rec.log("dense/points", new rr.Points3D([[frame, index, 0]]));
    if (frame % 10 === 3) {
      rec.log("sparse", new rr.Scalars(frame));
      await rec.flush(); // Several chunks, so that there is something to choose from.
    }
  }
  await rec.flush();
  rec.disconnect();
}

describe("Rerun's Python client on a server that does not offer FindChunks", () => {
  it("asks by QueryDataset, and gets the same rows", () => {
    const [all, fewer] = recorders.map(({ calls }) => new Set(calls));
    expect([all?.has("FindChunks"), all?.has("QueryDataset")]).toEqual([true, false]);
    expect([fewer?.has("FindChunks"), fewer?.has("QueryDataset")]).toEqual([false, true]);
    for (const name of Object.keys(answers[0] ?? {})) expect(answers[1]?.[name], name).toEqual(answers[0]?.[name]);
    const counts = Object.fromEntries(Object.entries(answers[0] ?? {}).map(([name, { rows }]) => [name, rows?.length]));
    expect(counts).toEqual({
      all: 90,
      filled: 90,
      static: 3,
      "other timeline": 90,
      contents: 90,
      segments: 30,
      range: 4,
      "range, filled": 42,
      "index values": 5,
      "same index values": 4,
      columns: 9,
      nothing: 0,
    });
  });
});
