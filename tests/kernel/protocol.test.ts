import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KernelMessage } from "../../src/widget/kernel/frames.js";
import { KernelClient } from "./kernel-client.js";
import { buildLink } from "./link-bundle.js";

let kernel: KernelClient;
const bundles: string[] = [];
let modelId = "";

/** Cells share these: an echo widget that answers custom messages, and what it has received. */
const SET_UP = (bundle: string) => `
const link = require(${JSON.stringify(bundle)});
const kernel = link.attachNotebook();
interface Content { burst?: number }
const received: unknown[] = [];
const model = kernel.openWidget({
  esm: "export default {}", name: "test", state: { answer: 42, bytes: new Float32Array([1, 2]) },
  onCustom(content: Content, buffers: Uint8Array[], header: object) {
    received.push(content);
    if (content.burst !== undefined) for (let i = 0; i < content.burst; i++) model.send({ i }, [], header);
    else model.send({ echo: content }, buffers.map((b) => b.map((x) => x + 1)), header);
  },
  onClose() { received.push("closed"); },
});
console.log(model.id);
`;

const isComm = (type: string, id: string) => (m: KernelMessage) => m.header.msg_type === type && m.content.comm_id === id;
const dataOf = (m: KernelMessage) => m.content.data as Record<string, unknown> & { content: Record<string, unknown> };
const isIdleOf = (id: string) => (m: KernelMessage) =>
  m.header.msg_type === "status" && m.content.execution_state === "idle" && m.parent.msg_id === id;
const send = (content: unknown, buffers: Uint8Array[] = [], id: string = randomUUID()) =>
  kernel.send("comm_msg", { comm_id: modelId, data: { method: "custom", content } }, { buffers, id });

beforeAll(async () => {
  bundles.push(await buildLink("one"), await buildLink("two"));
  kernel = await KernelClient.start();
  const open = kernel.next((m) => m.header.msg_type === "comm_open", "comm_open");
  const cell = await kernel.execute(SET_UP(bundles[0] ?? ""), { metadata: { cellId: "first" } });
  expect(cell.stderr).toBe("");
  modelId = cell.stdout.trim();
  expect((await open).content.comm_id).toBe(modelId);
});

afterAll(async () => {
  await kernel?.stop();
  for (const file of bundles) rmSync(file, { force: true });
});

describe("a kernel after the import", () => {
  it("prints 20 000 lines of one loop", async () => {
    const cell = await kernel.execute('for (let i = 0; i < 20000; i++) console.log("line " + i);');
    const lines = cell.stdout.trimEnd().split("\n");
    expect(lines.length).toBe(20_000);
    expect(lines.at(-1)).toBe("line 19999");
  });

  it("sends a burst of 5000 comm messages completely and in order", async () => {
    const got: unknown[] = [];
    const off = kernel.onIopub((m) => {
      if (isComm("comm_msg", modelId)(m)) got.push(dataOf(m).content.i);
    });
    const last = kernel.next((m) => isComm("comm_msg", modelId)(m) && dataOf(m).content.i === 4999, "last of the burst");
    await send({ burst: 5000 });
    await last;
    off();
    expect(got).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it("carries buffers both ways", async () => {
    const answer = kernel.next(isComm("comm_msg", modelId), "answer");
    const large = new Uint8Array(3_000_000).fill(7);
    await send({ hello: 1 }, [Uint8Array.of(1, 2, 3), large]);
    const message = await answer;
    expect(dataOf(message).content).toEqual({ echo: { hello: 1 } });
    expect([...(message.buffers[0] ?? [])]).toEqual([2, 3, 4]);
    expect(message.buffers[1]?.length).toBe(3_000_000);
    expect(message.buffers[1]?.every((b) => b === 8)).toBe(true);
  });

  it("answers comm_info_request with the open comms of the target", async () => {
    const all = await kernel.request("comm_info_request", {});
    expect(all.header.msg_type).toBe("comm_info_reply");
    expect(all.content).toEqual({ status: "ok", comms: { [modelId]: { target_name: "jupyter.widget" } } });
    const other = await kernel.request("comm_info_request", { target_name: "other" });
    expect(other.content).toEqual({ status: "ok", comms: {} });
  });

  it("gives a reloaded page the states of all widgets on one control comm", async () => {
    await kernel.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    const answer = kernel.next(isComm("comm_msg", "control"), "update_states");
    await kernel.send("comm_msg", { comm_id: "control", data: { method: "request_states" } });
    const message = await answer;
    const data = dataOf(message) as unknown as {
      method: string;
      states: Record<string, Record<string, unknown>>;
      buffer_paths: unknown;
    };
    expect(data.method).toBe("update_states");
    expect(Object.keys(data.states)).toEqual([modelId]);
    const entry = data.states[modelId];
    expect(entry).toMatchObject({ model_name: "AnyModel", model_module: "anywidget", model_module_version: "~0.11.0" });
    expect(entry?.state).toMatchObject({ answer: 42, _esm: "export default {}" });
    expect(data.buffer_paths).toEqual([[modelId, "state", "bytes"]]);
    expect(new Float32Array(new Uint8Array(message.buffers[0] ?? []).buffer)).toEqual(Float32Array.of(1, 2));
    await kernel.send("comm_close", { comm_id: "control", data: {} });
  });

  it("answers request_state and echoes an update", async () => {
    const update = kernel.next(isComm("comm_msg", modelId), "update");
    await kernel.send("comm_msg", { comm_id: modelId, data: { method: "request_state" } });
    expect(dataOf(await update)).toMatchObject({ method: "update", state: { answer: 42 } });
    const echo = kernel.next(isComm("comm_msg", modelId), "echo");
    await kernel.send("comm_msg", { comm_id: modelId, data: { method: "update", state: { answer: 43 }, buffer_paths: [] } });
    expect(dataOf(await echo)).toMatchObject({ method: "echo_update", state: { answer: 43 } });
  });

  it("closes comms it does not know", async () => {
    const close = kernel.next(isComm("comm_close", "nobody"), "comm_close");
    await kernel.send("comm_msg", { comm_id: "nobody", data: {} });
    await close;
    const refused = kernel.next(isComm("comm_close", "strange"), "comm_close");
    await kernel.send("comm_open", { comm_id: "strange", target_name: "no.such.target", data: {} });
    await refused;
  });

  it("answers while a cell awaits", async () => {
    const waiting = kernel.next((m) => m.content.text === "waiting\n", "the cell's wait");
    const cell = kernel.execute("console.log('waiting'); await new Promise(() => {});\nconsole.log('after');");
    await waiting;
    const answer = kernel.next(isComm("comm_msg", modelId), "answer during the cell");
    const order: string[] = [];
    const off = kernel.onIopub((m) => {
      if (m.header.msg_type === "status" && m.content.execution_state === "idle") order.push(String(m.parent.msg_id));
    });
    const sentId = await send({ during: true });
    expect(dataOf(await answer).content).toEqual({ echo: { during: true } });
    // The kernel still shows as busy: the idle of that message waits for the cell.
    const itsIdle = kernel.next(isIdleOf(sentId), "idle of the message");
    process.kill(kernel.process.pid ?? 0, "SIGINT");
    expect((await cell).status).toBe("error");
    await itsIdle;
    off();
    // The idle of an earlier message may come late; the cell's comes before that of the message.
    expect(order.length).toBeGreaterThanOrEqual(2);
    expect(order.indexOf(sentId)).toBe(order.length - 1);
    await kernel.untilCellsRun();
  });

  it("every comm message gets its idle, with itself as parent", async () => {
    const waiting = new Set<unknown>();
    const allIdle = kernel.next((m) => {
      if (m.header.msg_type === "status" && m.content.execution_state === "idle") waiting.delete(m.parent.msg_id);
      return waiting.size === 0;
    }, "idle of every message");
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const id of ids) waiting.add(id);
    for (const id of ids) await send({ id }, [], id);
    await allIdle;
  });

  it("ignores a message signed with another key and goes on", async () => {
    await kernel.send("comm_msg", { comm_id: modelId, data: { method: "custom", content: "forged" } }, { key: "wrong" });
    const answer = kernel.next(isComm("comm_msg", modelId), "answer");
    await send("real");
    expect(dataOf(await answer).content).toEqual({ echo: "real" });
    const cell = await kernel.execute("console.log(received.includes('forged'))");
    expect(cell.stdout).toContain("false");
  });

  it("a second copy of the package shares the link", async () => {
    const cell = await kernel.execute(`console.log(require(${JSON.stringify(bundles[1])}).attachNotebook() === kernel)`);
    expect(cell.stdout).toBe("true\n");
  });

  it("shows an object as HTML when it is the last expression, and prints it elsewhere", async () => {
    const define = await kernel.execute(`
const table = { rows: 3 };
link.setRichDisplay(table, { text: () => "3 rows", bundle: () => ({ "text/html": "<b>3</b>", "text/plain": "3 rows" }) }, (d: object) => kernel.display(d));
console.log(table);
console.log({ table });
`);
    expect(define.stdout).toBe("3 rows\n{ table: 3 rows }\n");
    expect(define.displays).toEqual([]);
    const last = await kernel.execute("table");
    expect(last.stdout).toBe("");
    expect(last.displays.map((d) => d.data)).toEqual([{ "text/html": "<b>3</b>", "text/plain": "3 rows" }]);
    const after = await kernel.execute("console.log(''); console.log('x')");
    expect(after.stdout).toBe("\nx\n");
  });

  it("ends a cell when the HTML of its last expression is ready, and only then begins the next one", async () => {
    const cell = kernel.execute(`
let isClosed = false;
const slow = {};
const html = () => new Promise<string>((resolve) => { setTimeout(() => resolve(isClosed ? "too late" : "<i>late</i>"), 300); });
link.makeRich(slow, { text: () => "slow", html }, kernel);
slow`);
    const [late] = await Promise.all([cell, kernel.execute("isClosed = true; 0;")]);
    const shown = late.messages.map((m) => (m.content.execution_state ?? m.content.data) as unknown);
    expect(shown).toContainEqual({ "text/plain": "Reading …" });
    expect(shown.slice(-2)).toEqual([{ "text/html": "<i>late</i>", "text/plain": "slow" }, "idle"]);
  });

  it("frees the widgets of a cell that is run again or was deleted, and no others", async () => {
    const open = `kernel.openWidget({ esm: "", name: "test", state: {}, onCustom() {}, onClose() { received.push("freed"); } });`;
    const run = (cellId: string, deletedCells: readonly string[] = []) =>
      kernel.execute(`${open}\nconsole.log(received.filter((r) => r === "freed").length)`, {
        metadata: { cellId, deletedCells },
      });
    const closed: unknown[] = [];
    const off = kernel.onIopub((m) => {
      if (m.header.msg_type === "comm_close") closed.push(m.content.comm_id);
    });
    expect((await run("a")).stdout).toBe("0\n");
    expect((await run("b")).stdout).toBe("0\n");
    expect((await run("a")).stdout).toBe("1\n");
    expect((await run("c", ["a", "b"])).stdout).toBe("3\n");
    off();
    expect(new Set(closed).size).toBe(3);
    const info = await kernel.request("comm_info_request", {});
    expect(Object.keys(info.content.comms as object)).toContain(modelId);
    await kernel.execute("0", { metadata: { deletedCells: ["c"] } });
  });

  it("a page that closes the widget frees it", async () => {
    const opened = await kernel.execute(
      `console.log(kernel.openWidget({ esm: "", name: "test", state: {}, onCustom() {}, onClose() { received.push("left"); } }).id)`,
    );
    await kernel.send("comm_close", { comm_id: opened.stdout.trim(), data: {} });
    const cell = await kernel.execute("console.log(received[received.length - 1])");
    expect(cell.stdout).toBe("left\n");
    const info = await kernel.request("comm_info_request", {});
    expect(Object.keys(info.content.comms as object)).toEqual([modelId]);
  });

  it("knows the cell that attached, once it has ended", async () => {
    const cell = await kernel.execute("console.log(received[received.length - 1])", { metadata: { deletedCells: ["first"] } });
    expect(cell.stdout).toBe("closed\n");
    const info = await kernel.request("comm_info_request", {});
    expect(info.content.comms).toEqual({});
  });

  it("ends at once on shutdown, with all handles let go", async () => {
    expect(await kernel.shutdown()).toBe(0); // rejects when the kernel goes on running
  });
});
