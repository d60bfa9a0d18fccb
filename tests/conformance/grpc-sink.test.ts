import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { afterEach, expect, it, vi } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { valueAt } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import type { RrdMessage } from "../../src/rrd/index.js";
import { freePort, untilListening } from "../support/ports.js";
import { readProxy } from "../support/proxy-client.js";
import { type RunningProgram, startRealRerun } from "../support/running-program.js";
import { vulkanFolder } from "../support/vulkan-folder.js";

const NUM_SCALARS = 100_000;
const NUM_IMAGES = 1000;

const programs: RunningProgram[] = [];

afterEach(async () => {
  for (const each of programs.splice(0)) await each.stop("SIGKILL");
  vi.restoreAllMocks();
});

/** The real message proxy. */
async function realReceiver(port: number): Promise<RunningProgram> {
  const real = startRealRerun(["--serve-grpc", "--bind", "127.0.0.1", "--port", String(port)]);
  programs.push(real);
  await untilListening(port, real);
  return real;
}

/** Values of the scalars that came, by frame; rows of images. */
class Received {
  readonly scalars = new Map<bigint, unknown>();
  numImages = 0;

  add(message: RrdMessage): void {
    if (message.kind !== "chunk") return;
    const { chunk } = message;
    if (chunk.entityPath === "/image") this.numImages += chunk.numRows;
    const list = chunk.components.get("Scalars:scalars")?.list;
    if (list === undefined) return;
    for (const [row, frame] of (chunk.timelines.get("frame")?.times ?? []).entries()) {
      this.scalars.set(frame, valueAt(list, row));
    }
  }
}

it("brings 100 000 scalars and 1 000 images to the real receiver, and a late reader gets all", async () => {
  const port = await freePort();
  await realReceiver(port);
  const url = `rerun+http://127.0.0.1:${port}/proxy`;
  const rec = new rr.RecordingStream("conformance_grpc", { recordingId: "from_us" });
  rec.connectGrpc(url, { defaultBlueprint: new rr.blueprint.Blueprint(new rr.blueprint.TimeSeriesView({ origin: "/scalar" })) });
  for (let i = 0; i < NUM_SCALARS; i++) {
    rec.setTime("frame", { sequence: i });
    rec.log("scalar", new rr.Scalars(i * 0.5));
  }
  const pixels = new Uint8Array(64 * 64 * 3);
  for (let i = 0; i < NUM_IMAGES; i++) {
    rec.setTime("frame", { sequence: i });
    pixels.fill(i % 256);
    rec.log("image", new rr.Image({ data: pixels, shape: [64, 64, 3] }));
  }
  await rec.close();
  const received = new Received();
  const kinds = new Set<string>();
  await readProxy(url, (message) => {
    received.add(message);
    kinds.add(message.kind === "chunk" ? message.storeId.kind : message.kind);
    return received.scalars.size >= NUM_SCALARS && received.numImages >= NUM_IMAGES;
  });
  expect([received.scalars.size, received.numImages]).toEqual([NUM_SCALARS, NUM_IMAGES]);
  for (const [frame, value] of received.scalars) expect(value).toEqual([Number(frame) * 0.5]);
  expect(kinds).toEqual(new Set(["storeInfo", "blueprint", "blueprintActivation", "recording"]));
});

it("loses only what the warning counts when the real receiver is killed and comes back", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const port = await freePort();
  const url = `rerun+http://127.0.0.1:${port}/proxy`;
  const first = await realReceiver(port);
  const rec = new rr.RecordingStream("conformance_grpc", { recordingId: "killed", batcher: { flushNumRows: 100 } });
  rec.connectGrpc(url);
  const logRows = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      rec.setTime("frame", { sequence: i });
      rec.log("scalar", new rr.Scalars(i));
      if (i % 1000 === 0) await new Promise(setImmediate);
    }
  };
  await logRows(0, 20_000);
  await rec.flush();
  // Killed while data are under way.
  const logging = logRows(20_000, 60_000);
  await first.stop("SIGKILL");
  await logging;
  await realReceiver(port);
  await logRows(60_000, 80_000);
  await rec.close();
  const received = new Received();
  await readProxy(url, (message) => {
    received.add(message);
    return received.scalars.has(79_999n);
  });
  // What the killed receiver had is gone with it: the warning says how much that was.
  const printed = warn.mock.calls.map(([text]) => String(text)).join("\n");
  const [, rows] = /\((\d+) rows, [^)]*\) (?:was|were) sent before: a new receiver lacks them/.exec(printed) ?? [];
  expect(Number(rows), printed).toBeGreaterThanOrEqual(20_000);
  expect(received.scalars.size).toBeGreaterThanOrEqual(80_000 - Number(rows));
  for (let frame = 60_000n; frame < 80_000n; frame++) expect(received.scalars.has(frame)).toBe(true);
});

it("holds a loop that never yields back while the receiver is slow: 1 GiB arrives, about 100 MiB are under way at most", async () => {
  const [numMib, quietMib] = [1024, 64];
  const control = new Int32Array(new SharedArrayBuffer(12));
  const program = join(ROOT, "tests", "conformance", "tools", "slow-receiver.mjs");
  const receiver = new Worker(program, { workerData: { control: control.buffer, quietMib } });
  try {
    const [port] = (await once(receiver, "message")) as [number];
    const rec = new rr.RecordingStream("conformance_grpc", { sendProperties: false, batcher: { flushNumRows: 1 } });
    rec.connectGrpc(`rerun+http://127.0.0.1:${port}/proxy`);
    // Does not become smaller.
    const pixels = randomBytes(2 ** 20);
    let mostUnderWayMib = 0;
    for (let i = 1; i <= numMib; i++) {
      rec.log("image", new rr.Image({ data: pixels, shape: [512, 512, 4] }));
      Atomics.store(control, 0, i);
      mostUnderWayMib = Math.max(mostUnderWayMib, i - Atomics.load(control, 1) / 2 ** 20);
    }
    await rec.close();
    expect(mostUnderWayMib).toBeGreaterThanOrEqual(quietMib - 1);
    expect(mostUnderWayMib).toBeLessThan(120);
    // With what stands around the pixels; over one connection, so nothing came twice.
    expect(Atomics.load(control, 1) / 2 ** 20).toBeGreaterThan(numMib);
    expect(Atomics.load(control, 2)).toBe(1);
  } finally {
    await receiver.terminate();
  }
});

it("a recording appears in the real viewer as it is logged, to the last of 100 000 calls", async () => {
  const script = join(ROOT, "tests", "conformance", "tools", "live_viewer.py");
  const viewer = spawn(testPython(), [script, vulkanFolder()], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: viewer.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
  try {
    const { url } = (await next()) as { readonly url: string };
    await new rr.blueprint.Blueprint(new rr.blueprint.TimeSeriesView({ name: "ours" })).connectGrpc("live_viewer", { url });
    const rec = new rr.RecordingStream("live_viewer");
    rec.connectGrpc(url);
    for (let i = 0; i < NUM_SCALARS; i++) {
      rec.setTime("frame", { sequence: i });
      rec.log("plot/scalar", new rr.Scalars(i));
    }
    await rec.flush();
    viewer.stdin.write(`/plot/scalar ${NUM_SCALARS - 1}\n`);
    const { schema, state } = (await next()) as {
      readonly schema: { readonly timelines: readonly object[] };
      readonly state: { readonly recordings: readonly { readonly store_id: string }[]; readonly views: readonly object[] };
    };
    expect(schema.timelines).toContainEqual({ name: "frame", time_type: "sequence", start: 0, end: NUM_SCALARS - 1 });
    expect(state.recordings.map(({ store_id }) => store_id)).toEqual([`Recording:live_viewer:${rec.recordingId}`]);
    expect(state.views).toEqual([expect.objectContaining({ view_class: "TimeSeries", name: "ours", reports: [] })]);
    await rec.close();
  } finally {
    viewer.stdin.end();
    await once(viewer, "exit");
  }
});

it("spawn starts the real command, and streams to it; a blueprint's finds it running", async () => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-spawn-"));
  const program = join(folder, "rerun");
  const pidFile = join(folder, "pid");
  // As the real one, but without a window.
  const script = `#!/bin/sh\necho $$ > ${pidFile}\nexec ${realProgram()} --serve-grpc --bind 127.0.0.1 "$@"\n`;
  writeFileSync(program, script, { mode: 0o755 });
  try {
    const rec = new rr.RecordingStream("spawned", { sendProperties: false });
    await rec.spawn({ port, executablePath: program, hideWelcomeScreen: true });
    rec.log("scalar", new rr.Scalars(1), { static: true });
    await rec.close();
    await new rr.blueprint.Blueprint(new rr.blueprint.TimeSeriesView()).spawn("spawned", { port, executablePath: program });
    const awaited = new Set(["/scalar", "blueprintActivation"]);
    await readProxy(`rerun+http://127.0.0.1:${port}/proxy`, (message) => {
      awaited.delete(message.kind === "chunk" ? message.chunk.entityPath : message.kind);
      return awaited.size === 0;
    });
  } finally {
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    rmSync(folder, { recursive: true });
  }
});

it("spawn without a viewer on the machine says what to do", async () => {
  await expect(rr.spawn({ port: await freePort(), executableName: "no-such-viewer" })).rejects.toMatchObject({
    code: "NotFound",
    message: expect.stringContaining('there is no viewer "no-such-viewer" in PATH: install it with `pip install rerun-sdk`'),
  });
});

/** The program that the script `rerun` starts. */
function realProgram(): string {
  const find = "import pathlib, rerun_cli; print(pathlib.Path(rerun_cli.__file__).parent / 'rerun')";
  return execFileSync(testPython(), ["-c", find], { encoding: "utf8" }).trim();
}
