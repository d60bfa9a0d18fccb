import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeRrd } from "../../src/rrd/index.js";
import type { KernelMessage } from "../../src/widget/kernel/frames.js";
import { KernelClient } from "./kernel-client.js";

let kernel: KernelClient;
let folder: string;
let modelId = "";

const isFor = (view: string) => (m: KernelMessage) =>
  m.header.msg_type === "comm_msg" && m.content.comm_id === modelId && contentOf(m).view === view;
const contentOf = (m: KernelMessage) =>
  ((m.content.data as { content?: unknown } | undefined)?.content ?? {}) as { view?: string; message?: Record<string, unknown> };

/** Asks the recording as a view does; gives all parts of the reply. */
async function ask(
  request: Record<string, unknown>,
  view = "test-view",
): Promise<{ content: Record<string, unknown>; buffers: readonly Uint8Array[] }[]> {
  const parts: { content: Record<string, unknown>; buffers: readonly Uint8Array[] }[] = [];
  const last = kernel.next(
    (m) => {
      const message = contentOf(m).message;
      if (message === undefined || !isFor(view)(m) || message.id !== request.id) return false;
      parts.push({ content: message, buffers: m.buffers });
      return message.last === true;
    },
    `reply to ${String(request.kind)}`,
  );
  await kernel.send("comm_msg", { comm_id: modelId, data: { method: "custom", content: { view, request } } });
  await last;
  return parts;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-recording-"));
  kernel = await KernelClient.start();
  const open = kernel.next((m) => m.header.msg_type === "comm_open", "comm_open", 60_000);
  const cell = await kernel.execute(`
import * as rr from "rerun-ts";
const rec = rr.init("kernel_test");
const positions = new Float32Array([1, 2, 3, 4, 5, 6]);
rr.setTime("frame", { sequence: 1 });
rr.log("points", new rr.Points3D(positions));
positions.fill(99);
const viewer = rr.show();
`);
  expect([cell.status, cell.stdout, cell.stderr]).toEqual(["ok", "", ""]);
  const message = await open;
  modelId = String(message.content.comm_id);
});

afterAll(async () => {
  await kernel?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a recording in a kernel", () => {
  it("is typed in cells: a wrong argument is an error before anything runs", async () => {
    const cell = await kernel.execute('rr.setTime("frame", { sequence: "one" });');
    expect(cell.status).toBe("error");
    expect(cell.stderr).toMatch(/Type 'string' is not assignable to type 'number \| bigint/);
    await kernel.untilCellsRun();
  });

  it("show() prints nothing, not even as the last expression, and adds one output with a still picture", async () => {
    const cell = await kernel.execute("rr.show({ height: 200 })");
    expect([cell.stdout, cell.stderr]).toEqual(["", ""]);
    expect(cell.displays.map((d) => Object.keys(d.data).sort())).toEqual([
      ["application/vnd.jupyter.widget-view+json", "text/html", "text/plain"],
    ]);
    expect(String(cell.displays[0]?.data["text/html"])).toContain("<svg");
  });

  it("says hello with its revision", async () => {
    const [part] = await ask({ kind: "hello", id: 1, protocol: 1 });
    expect(part?.content.hello).toMatchObject({ recording: { applicationId: "kernel_test" } });
  });

  it("gives through the comm the chunks of the store, byte for byte, as they were when log() returned", async () => {
    const cell = await kernel.execute(
      'const ids: string[] = [...rec.store.chunks()].filter((c) => c.entityPath === "/points").map((c) => c.id);\nconsole.log(JSON.stringify(ids));',
    );
    const chunkIds = JSON.parse(cell.stdout) as string[];
    expect(chunkIds.length).toBeGreaterThan(0);
    const parts = await ask({ kind: "chunks", id: 2, chunkIds });
    expect(parts.at(-1)?.content.missing ?? []).toEqual([]);
    const bytes = Buffer.concat(parts.flatMap((p) => p.buffers));
    expect(bytes.includes(Buffer.from(new Float32Array([1, 2, 3, 4, 5, 6]).buffer))).toBe(true);
    expect(bytes.includes(Buffer.from(new Float32Array([99, 99, 99]).buffer))).toBe(false);
  });

  it("tells open views about new data, in one notice for many rows", async () => {
    await ask({ kind: "index", id: 3, sinceRevision: 0 });
    const notices: unknown[] = [];
    const isNotice = (m: KernelMessage) => m.content.comm_id === modelId && contentOf(m).message?.kind === "revision";
    const off = kernel.onIopub((m) => {
      if (isNotice(m)) notices.push(contentOf(m).message?.revision);
    });
    const told = kernel.next(isNotice, "notice of new data");
    await kernel.execute(
      'for (let i = 0; i < 5000; i++) { rr.setTime("frame", { sequence: i }); rr.log("s", new rr.Scalars(i)); }\nawait rr.flush();',
    );
    await told;
    off();
    expect(notices.length).toBeLessThan(10);
  });

  it("gives the viewer's code in parts of at most 2 MiB", async () => {
    const parts = await ask({ kind: "bundle", id: 4 });
    const code = Buffer.concat(parts.flatMap((p) => p.buffers)).toString("utf8");
    expect(code).toMatch(/export\s*\{[^}]*mount/);
    expect(parts.every((p) => p.buffers.every((b) => b.length <= 2 * 1024 * 1024))).toBe(true);
  });

  it("hears selections while a cell awaits one", async () => {
    const waiting = kernel.next((m) => m.content.text === "waiting\n", "the cell's wait");
    const cell = kernel.execute(
      "const selection = viewer.nextSelection({ timeoutSec: 20 });\nconsole.log('waiting');\nconst picked = await selection;\nconsole.log(JSON.stringify(picked));",
    );
    await waiting;
    const event = { type: "selectionChange", items: [{ entityPath: "/points", instance: 1 }] };
    await kernel.send("comm_msg", {
      comm_id: modelId,
      data: { method: "custom", content: { view: "v", request: { kind: "event", id: 0, event } } },
    });
    expect((await cell).stdout).toBe('waiting\n{"entityPath":"/points","instance":1}\n');
  });

  it("rejects a screenshot with NoFrontend when no page shows the viewer", async () => {
    const cell = await kernel.execute(
      "const failed = await viewer.screenshot({ timeoutSec: 0.5 }).then(() => 'none', (error: unknown) => rr.isRerunError(error) ? error.code : String(error));\nconsole.log(failed);",
    );
    expect(cell.stdout).toBe("NoFrontend\n");
  });

  it("writes the footer of a file that is being saved when the kernel is shut down", async () => {
    const file = join(folder, "live.rrd");
    const cell = await kernel.execute(`
const live = new rr.RecordingStream("live");
live.save(${JSON.stringify(file)});
live.log("text", new rr.TextLog("last words"));
`);
    expect([cell.status, cell.stderr]).toEqual(["ok", ""]);
    expect(await kernel.shutdown()).toBe(0);
    expect(existsSync(file)).toBe(true);
    const bytes = readFileSync(file);
    // A file with a footer ends with a fixed frame that holds the magic once more.
    expect(bytes.subarray(0, 4).toString()).toBe("RRF2");
    expect(bytes.subarray(-64).includes(Buffer.from("RRF2"))).toBe(true);
    const warnings: string[] = [];
    const messages = [...decodeRrd(bytes, { warn: (w) => warnings.push(w.message) })];
    expect(warnings).toEqual([]);
    expect(messages.some((m) => m.kind === "chunk" && m.chunk.entityPath === "/text")).toBe(true);
  });
});
