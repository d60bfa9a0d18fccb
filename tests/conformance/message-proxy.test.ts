import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import type { Chunk } from "../../src/chunk/index.js";
import { valueAt } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import { type MessageProxyServer, startMessageProxy } from "../../src/rpc/index.js";
import { decodeRrd, type RrdMessage } from "../../src/rrd/index.js";
import { freePort, untilListening } from "../support/ports.js";
import { readProxy } from "../support/proxy-client.js";
import { startRealRerun } from "../support/running-program.js";

const run = promisify(execFile);
const here = join(ROOT, "tests", "conformance");
const NUM_SCALARS = 100_000;
const NUM_IMAGES = 1000;

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-proxy-"));
let server: MessageProxyServer;

beforeAll(async () => {
  server = await startMessageProxy({ port: 0 });
  await run(testPython(), [join(here, "python", "log_to_proxy.py"), server.url]);
});

afterAll(async () => {
  await server?.server.close();
  rmSync(folder, { recursive: true });
});

/** Counts rows by entity; tells when all that the script logs is there. */
function counter(): { readonly rows: Map<string, number>; isComplete(message: RrdMessage): boolean } {
  const rows = new Map<string, number>();
  return {
    rows,
    isComplete(message) {
      if (message.kind !== "chunk") return false;
      const { entityPath, numRows } = message.chunk;
      rows.set(entityPath, (rows.get(entityPath) ?? 0) + numRows);
      return (rows.get("/scalar") ?? 0) >= NUM_SCALARS && (rows.get("/image") ?? 0) >= NUM_IMAGES;
    },
  };
}

function chunksOf(messages: readonly RrdMessage[], path: string): readonly Chunk[] {
  return messages.flatMap((message) => (message.kind === "chunk" && message.chunk.entityPath === path ? [message.chunk] : []));
}

it("takes 100 000 scalars and 1 000 images of the real SDK, and gives a late reader all of them", async () => {
  const { rows, isComplete } = counter();
  const messages = await readProxy(server.url, isComplete);
  expect([rows.get("/scalar"), rows.get("/image")]).toEqual([NUM_SCALARS, NUM_IMAGES]);
  // Announced twice by the SDK, once by us; the blueprint comes before all data.
  const kinds = messages.map((message) => (message.kind === "chunk" ? message.storeId.kind : message.kind));
  expect(kinds.filter((kind) => kind === "storeInfo")).toHaveLength(2);
  expect(kinds.indexOf("blueprintActivation")).toBeLessThan(kinds.indexOf("recording"));
  // Every value, in its place.
  const frames = new Set<bigint>();
  for (const chunk of chunksOf(messages, "/scalar")) {
    const times = chunk.timelines.get("frame")?.times ?? new BigInt64Array(0);
    const list = chunk.components.get("Scalars:scalars")?.list;
    for (const [row, frame] of times.entries()) {
      expect(list === undefined ? undefined : valueAt(list, row)).toEqual([Number(frame) * 0.5]);
      frames.add(frame);
    }
  }
  expect(frames.size).toBe(NUM_SCALARS);
  // Static data once: the last.
  const notes = chunksOf(messages, "/note");
  expect(notes).toHaveLength(1);
  expect(server.proxy.stats()).toMatchObject({ numDropped: 0, numReaders: 1 });
});

it("replays in the real one's order: stores and blueprints, static data, all else", async () => {
  const port = await freePort();
  const real = startRealRerun(["--serve-grpc", "--bind", "127.0.0.1", "--port", String(port)]);
  const own = await startMessageProxy({ port: 0 });
  try {
    await untilListening(port, real);
    const replays: string[][] = [];
    for (const url of [`rerun+http://127.0.0.1:${port}/proxy`, own.url]) {
      const rec = new rr.RecordingStream("order", { recordingId: "late", sendProperties: false });
      rec.connectGrpc(url);
      for (const round of [0, 1, 2]) {
        rec.setTime("frame", { sequence: round });
        rec.log(`moving${round}`, new rr.Scalars(round));
        await rec.flush();
        rec.log(`fixed${round}`, new rr.TextDocument("x"), { static: true });
        await rec.flush();
        if (round === 1) rec.sendBlueprint(new rr.blueprint.Blueprint(new rr.blueprint.TimeSeriesView({ origin: "/" })));
      }
      await rec.close();
      const words: string[] = [];
      await readProxy(url, (message) => {
        const word =
          message.kind !== "chunk" ? message.kind : message.storeId.kind === "blueprint" ? "blueprint" : message.chunk.entityPath;
        // How often a store is announced, and of how many chunks a blueprint consists, is no order.
        if (words.at(-1) !== word) words.push(word);
        return word === "/moving2";
      });
      replays.push(words);
    }
    expect(replays[0]?.slice(-6)).toEqual(["/fixed0", "/fixed1", "/fixed2", "/moving0", "/moving1", "/moving2"]);
    expect(replays[1]).toEqual(replays[0]);
  } finally {
    await own.server.close();
    await real.stop("SIGKILL");
  }
});

it("is read by the real command", async () => {
  const path = join(folder, "received.rrd");
  const port = await freePort();
  const reader = startRealRerun([server.url, "--save", path, "--port", String(port)]);
  try {
    for (;;) {
      const { rows, isComplete } = counter();
      if (existsSync(path) && [...decodeRrd(readFileSync(path), { warn: () => undefined })].some(isComplete)) {
        expect([rows.get("/scalar"), rows.get("/image")]).toEqual([NUM_SCALARS, NUM_IMAGES]);
        return;
      }
      if (!reader.isRunning) throw new Error("rerun --save has ended");
      await sleep(200);
    }
  } finally {
    await reader.stop("SIGKILL");
  }
});
