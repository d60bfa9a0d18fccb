import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import * as rr from "../../src/index.js";
import { recordCalls } from "../support/call-recorder.js";
import { type MotoServer, startMoto } from "../support/moto-server.js";
import { type ServerProcess, startOurServer } from "../support/redap-servers.js";
import { type RunningProgram, runningProgram } from "../support/running-program.js";

const BUCKET = "recordings";
/** Name of a file below `runs/` → its segment. */
const FILES = { "seg1.rrd": "seg1", "a b+ü.rrd": "odd", "deep/er/seg3.rrd": "seg3", "deep/seg2.rrd": "seg2" };

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-s3-"));
let moto: MotoServer;
let client: PythonClient;
let server: ServerProcess;
let registered: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  moto = await startMoto();
  await moto.createBucket(BUCKET);
  for (const [name, segment] of Object.entries(FILES)) {
    const path = join(folder, "files", name);
    mkdirSync(dirname(path), { recursive: true });
    await record(path, segment);
    await moto.put(BUCKET, `runs/${name}`, readFileSync(path));
  }
  await moto.put(BUCKET, "runs/garbage.rrd", Buffer.from("garbage that is no recording at all, of some length"));
  await moto.put(BUCKET, "private/seg1.rrd", readFileSync(join(folder, "files", "seg1.rrd")));
  client = startPythonClient();
  server = await start();
  registered = (await python("register")) as typeof registered;
}, 60_000);

afterAll(async () => {
  await client.stop();
  await server.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

async function record(path: string, segment: string): Promise<void> {
  const rec = new rr.RecordingStream("s3", { recordingId: segment });
  rec.save(path);
  rec.sendRecordingName(`name of ${segment}`);
  rec.log("static", new rr.TextDocument("hello"), { static: true });
  for (let frame = 0; frame < 50; frame++) {
    rec.setTime("frame", { sequence: frame });
    rec.log("scalar", new rr.Scalars(frame * segment.length));
    // Enough for chunks that are read by range, and not with the end of the file.
    rec.log("big", new rr.Tensor(new Uint8Array(4096).fill(frame)));
  }
  await rec.flush();
  rec.disconnect();
}

function start(...args: string[]): Promise<ServerProcess> {
  const roots = ["--root", `s3://${BUCKET}/runs`, "--root", "s3://no-such-bucket"];
  return startOurServer(["--data-dir", join(folder, "data"), ...roots, ...args], 0, moto.env);
}

function python(phase: string): Promise<unknown> {
  return client.ask(server.url, phase);
}

interface PythonClient extends RunningProgram {
  /** @returns what the program says that the server at `url` gave */
  ask(url: string, phase: string): Promise<unknown>;
}

/** One program for all questions: loading Rerun's package takes as long as most of them. */
function startPythonClient(): PythonClient {
  const script = join(ROOT, "tests", "conformance", "python", "catalog_s3.py");
  const child = spawn(testPython(), [script, BUCKET, join(folder, "files")], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return Object.assign(runningProgram(child, { isGroup: false }), {
    async ask(url: string, phase: string) {
      child.stdin.write(`${JSON.stringify([url, phase])}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`Rerun's client ended when it was asked to ${phase}`);
      return JSON.parse(value) as unknown;
    },
  });
}

const WHOLE = {
  segments: ["odd", "seg1", "seg2", "seg3"],
  urls: ["runs/a%20b%2B%C3%BC.rrd", "runs/seg1.rrd", "runs/deep/seg2.rrd", "runs/deep/er/seg3.rrd"].map((key) => [
    `s3://${BUCKET}/${key}`,
  ]),
  rows: 200,
  "as from files": [true, true],
};

describe("recordings in an object store", () => {
  it("are registered one by one, or all below a prefix; what is wrong is told of each", () => {
    const failure = (name: string, reason: RegExp): unknown => [
      expect.stringContaining(name),
      expect.stringMatching(new RegExp(`s3://${BUCKET}/.*${name}: ${reason.source}`)),
    ];
    expect(registered.each).toEqual(
      expect.arrayContaining([
        [`s3://${BUCKET}/runs/seg1.rrd`, "seg1"],
        [expect.stringContaining("runs/a"), "odd"],
        failure("none.rrd", /RRD file not found, file does not exist/),
        failure("garbage.rrd", /Not a Rerun recording/),
        failure("private/seg1.rrd", /The object lies outside of what this server may read.*--root/),
      ]),
    );
    expect(registered.each).toHaveLength(5);
    expect(registered.prefix).toEqual(["seg2", "seg3"]);
  });

  it("are refused when there is nothing, or nothing that may be read", () => {
    expect(registered.missing).toMatch(
      /^NotFoundError: .*RRD file not found, file does not exist: "s3:\/\/recordings\/runs\/none.rrd"/,
    );
    expect(registered["missing prefix"]).toMatch(/^ValueError: .*Directory not found: "s3:\/\/recordings\/runs\/none"/);
    expect(registered["missing bucket"]).toMatch(/^NotFoundError: .*There is no bucket 'no-such-bucket'/);
    expect(registered.private).toMatch(/^PermissionError: .*Start it with --root s3:\/\/recordings/);
    expect(registered["other bucket"]).toMatch(/^PermissionError: .*Start it with --root s3:\/\/else/);
  });

  it("are read where they lie, as files are, and after the server was killed and started again", async () => {
    expect(await python("read")).toEqual(WHOLE);
    await server.stop("SIGKILL");
    server = await start();
    expect(await python("read")).toEqual(WHOLE);
  });

  it("are read by clients themselves when the server tells them where", async () => {
    for (const isDirect of [false, true]) {
      await server.stop();
      server = await start(...(isDirect ? ["--direct-urls"] : []));
      const recorder = await recordCalls(server.port);
      expect(await client.ask(recorder.url, "remote")).toEqual({ rows: WHOLE.rows });
      expect(recorder.calls).toContain("FindChunks");
      expect(recorder.calls.includes("FetchChunks")).toBe(!isDirect);
      recorder.close();
    }
    expect(await python("read")).toEqual(WHOLE);
    await server.stop();
    server = await start();
  });

  it("are not read any more when they were changed", async () => {
    await moto.put(BUCKET, "runs/seg1.rrd", readFileSync(join(folder, "files", "deep", "seg2.rrd")));
    expect(await python("read")).toMatch(/was changed since it was registered: .*s3:\/\/recordings\/runs\/seg1\.rrd/);
    await moto.remove(BUCKET, "runs/seg1.rrd");
    expect(await python("read")).toMatch(/is not there.*s3:\/\/recordings\/runs\/seg1\.rrd/);
  });
});
