/** Measures the way from kernel to page: a small question and its answer, bulk data, and Run All to the first picture. */
import { join } from "node:path";
import { KernelManager, ServerConnection } from "@jupyterlab/services";
import { build } from "esbuild";
import { ROOT } from "../scripts/paths.mjs";
import { KernelClient } from "../tests/kernel/kernel-client.js";
import { JupyterLab, makeWorkspace, type Workspace, writeNotebook } from "../tests/notebooks/jupyter-lab.js";
import { CdpPage } from "./cdp-page.js";

export interface NotebookResults {
  /** A question to the kernel and its answer, in milliseconds. `server`: through Jupyter's WebSocket; `direct`: on the kernel's sockets. */
  readonly roundTripMs: { readonly server: Percentiles; readonly direct: Percentiles };
  /** 64 MiB of chunks from the kernel's store to a page. */
  readonly bulk: { readonly mebibytes: number; readonly seconds: number; readonly mebibytesPerSec: number };
  readonly firstPicture: FirstPicture;
}

/** From Run All of a small notebook, its kernel ready, to the first picture in the cell. */
export interface FirstPicture {
  readonly bestSec: number;
  readonly medianSec: number;
  /** Of the best run: what had happened by when, in milliseconds. */
  readonly trace: readonly (readonly [atMs: number, what: string])[];
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

const ROUND_TRIPS = 300;
const FIRST_PICTURES = 5;
const BULK_MEBIBYTES = 64;

const SHOW_CELL = `
import * as rr from "rerun-ts";
const rec = rr.init("bench");
rr.log("points", new rr.Points3D([[0, 0, 0], [1, 1, 1]]), { static: true });
const viewer = rr.show();
`;

const SMALL_NOTEBOOK = `
import * as rr from "rerun-ts";
rr.init("first_picture");
for (let frame = 0; frame < 100; frame++) {
  rr.setTime("frame", { sequence: frame });
  const angles = Array.from({ length: 200 }, (_, i) => i * 0.1 + frame * 0.05);
  rr.log("spiral", new rr.Points3D(angles.map((a, i) => [Math.cos(a), Math.sin(a), i * 0.01]), { radii: 0.02 }));
}
rr.show();
`;

export async function benchNotebook(): Promise<NotebookResults> {
  const direct = await directRoundTrips();
  const workspace = makeWorkspace();
  try {
    const lab = await JupyterLab.start(workspace);
    try {
      const server = await serverRoundTrips(lab);
      const firstPicture = await firstPictures(lab, workspace);
      const bulk = await bulkData(lab, workspace);
      return { roundTripMs: { server, direct }, bulk, firstPicture };
    } finally {
      await lab.stop();
    }
  } finally {
    workspace.remove();
  }
}

export function formatNotebook(results: NotebookResults): string {
  const { roundTripMs, bulk, firstPicture } = results;
  const times = ({ p50, p95 }: Percentiles) => `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`;
  return [
    `comm round trip through the server   ${times(roundTripMs.server)}   (goal: p50 ≤ 2 ms)`,
    `comm round trip on the sockets       ${times(roundTripMs.direct)}`,
    `${bulk.mebibytes} MiB from kernel to page          ${bulk.mebibytesPerSec.toFixed(0)} MiB/s   (goal: ≥ 90 MiB/s)`,
    `Run All to the first picture         best ${firstPicture.bestSec.toFixed(2)} s, median ${firstPicture.medianSec.toFixed(2)} s   (goal: ≤ 2 s)`,
    ...firstPicture.trace.map(([atMs, what]) => `  ${atMs.toFixed(0).padStart(5)} ms  ${what}`),
  ].join("\n");
}

function hello(id: number): { readonly method: string; readonly content: object } {
  return { method: "custom", content: { view: "bench", request: { kind: "hello", id, protocol: 1 } } };
}

async function directRoundTrips(): Promise<Percentiles> {
  const kernel = await KernelClient.start();
  try {
    const opened = kernel.next((m) => m.header.msg_type === "comm_open", "comm_open", 60_000);
    await kernel.execute(SHOW_CELL);
    const commId = (await opened).content.comm_id;
    return await measure(async (id) => {
      const answer = kernel.next((m) => m.header.msg_type === "comm_msg" && m.content.comm_id === commId, "answer");
      await kernel.send("comm_msg", { comm_id: commId, data: hello(id) });
      await answer;
    });
  } finally {
    await kernel.stop();
  }
}

/** As a front end does it: through the WebSocket of the Jupyter server. */
async function serverRoundTrips(lab: JupyterLab): Promise<Percentiles> {
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: lab.url,
    wsUrl: lab.url.replace("http", "ws"),
    token: lab.token,
    appendToken: true,
  });
  console.debug = () => {}; // where these services tell of every connection: standard output is for the results
  const manager = new KernelManager({ serverSettings });
  const kernel = await manager.startNew({ name: "tslab" });
  try {
    let onAnswer: () => void = () => {};
    const opened = new Promise<{ send(data: object): void }>((resolve) => {
      kernel.registerCommTarget("jupyter.widget", (comm) => {
        comm.onMsg = () => onAnswer();
        resolve(comm as never);
      });
    });
    await kernel.requestExecute({ code: SHOW_CELL }).done;
    const comm = await opened;
    return await measure(
      (id) =>
        new Promise((resolve) => {
          onAnswer = resolve;
          comm.send(hello(id));
        }),
    );
  } finally {
    await kernel.shutdown();
    kernel.dispose();
    manager.dispose();
  }
}

async function measure(roundTrip: (id: number) => Promise<void>): Promise<Percentiles> {
  for (let i = 0; i < 20; i++) await roundTrip(i + 1);
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const start = performance.now();
    await roundTrip(1000 + i);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(ROUND_TRIPS * 0.5)] ?? 0, p95: times[Math.floor(ROUND_TRIPS * 0.95)] ?? 0 };
}

async function openNotebook(lab: JupyterLab, name: string): Promise<CdpPage> {
  const page = await CdpPage.open(`${lab.url}/lab/tree/${name}?token=${lab.token}&reset`);
  await page.waitFor(`jupyterapp.shell.currentWidget.context.path === ${JSON.stringify(name)}`);
  await page.waitFor('jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle"');
  return page;
}

async function firstPictures(lab: JupyterLab, workspace: Workspace): Promise<FirstPicture> {
  const runs: FirstPicture["trace"][] = [];
  for (let i = 0; i < FIRST_PICTURES; i++) runs.push(await firstPicture(lab, workspace, `first-${i}.ipynb`));
  const endMs = (trace: FirstPicture["trace"]) => trace.at(-1)?.[0] ?? 0;
  runs.sort((a, b) => endMs(a) - endMs(b));
  const [best = [], median = []] = [runs[0], runs[Math.floor(runs.length / 2)]];
  return { bestSec: endMs(best) / 1000, medianSec: endMs(median) / 1000, trace: best };
}

/** One run with a kernel and a browser of its own. */
async function firstPicture(lab: JupyterLab, workspace: Workspace, name: string): Promise<FirstPicture["trace"]> {
  writeNotebook(workspace, name, [SMALL_NOTEBOOK]);
  const page = await openNotebook(lab, name);
  try {
    return (await page.evaluate(RUN_TO_PICTURE)) as FirstPicture["trace"];
  } finally {
    await page.close();
  }
}

/** Runs all and notes when which message passed between page and kernel, and when the viewer changed its state. */
const RUN_TO_PICTURE = `(async () => {
  const trace = [], start = performance.now();
  const note = (what) => trace.push([performance.now() - start, what]);
  jupyterapp.shell.currentWidget.sessionContext.session.kernel.anyMessage.connect((_, { msg, direction }) => {
    const { request, message } = msg.content.data?.content ?? {};
    const detail = request ? request.kind + " " + request.id : message ? message.kind + " " + (message.id ?? "") + (message.last ? "" : " part") : "";
    if (msg.header.msg_type !== "status") note((direction === "send" ? "page: " : "kernel: ") + msg.header.msg_type + " " + detail);
  });
  void jupyterapp.commands.execute("notebook:run-all-cells");
  let state = null;
  while (state !== "ready") {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const next = document.querySelector(".jp-OutputArea [data-rerun-viewer]")?.getAttribute("data-rerun-viewer") ?? null;
    if (next !== state) note("viewer: " + (state = next));
    if (performance.now() - start > 60000) throw new Error("no picture within 60 s");
  }
  return trace;
})()`;

/** The parts of the package that a viewer's kernel side is made of: they have no entry of their own. */
async function bundleKernelSide(outfile: string): Promise<void> {
  const contents = [
    'export { attachNotebook } from "./widget/kernel/attach.js";',
    'export { ViewChannel } from "./widget/kernel/view-channel.js";',
    'export { QueryService } from "./link/index.js";',
  ].join("\n");
  const stdin = { contents, resolveDir: join(ROOT, "src"), loader: "ts" } as const;
  const format = { bundle: true, packages: "external", format: "cjs", platform: "node", target: "node20.19" } as const;
  await build({ stdin, outfile, ...format, logLevel: "warning" });
}

/** A store with images, behind the same channel and query service that a viewer has; the page pulls it as a viewer does. */
async function bulkData(lab: JupyterLab, workspace: Workspace): Promise<NotebookResults["bulk"]> {
  const kernelSide = join(workspace.folder, "bench-kernel-side.cjs");
  await bundleKernelSide(kernelSide);
  const cell = `
import * as rr from "rerun-ts";
const rec = new rr.RecordingStream("bulk");
for (let i = 0; i < ${BULK_MEBIBYTES}; i++) {
  rec.setTime("frame", { sequence: i });
  rec.log("image/" + i, new rr.Image({ data: new Uint8Array(1024 * 1024).fill(i), shape: [1024, 1024] }));
}
const { attachNotebook, ViewChannel, QueryService } = require(${JSON.stringify(kernelSide)});
const service = new QueryService(rec.store, { applicationId: "bulk", recordingId: "bulk" });
const channel = new ViewChannel({
  service, bundleParts: () => [], onEvent() {}, onPong() {}, onError: console.error,
  send: (...message: unknown[]) => model.send(...message),
});
const ids = [...rec.store.chunks()].filter((chunk) => chunk.entityPath.startsWith("/image")).map((chunk) => chunk.id);
const model = attachNotebook().openWidget({
  esm: "export default { render({ model }) { globalThis.benchModel = model; } }", name: "bench", state: { ids },
  onCustom: (...message: unknown[]) => channel.receive(...message), onClose() {},
});
attachNotebook().display({ "text/plain": "", "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: model.id } });
`;
  writeNotebook(workspace, "bulk.ipynb", [cell]);
  const page = await openNotebook(lab, "bulk.ipynb");
  try {
    await page.evaluate('void jupyterapp.commands.execute("notebook:run-all-cells")');
    await page.waitFor("globalThis.benchModel");
    const result = (await page.evaluate(PULL)) as { readonly bytes: number; readonly ms: number };
    const mebibytes = result.bytes / 2 ** 20;
    return { mebibytes: Math.round(mebibytes), seconds: result.ms / 1000, mebibytesPerSec: mebibytes / (result.ms / 1000) };
  } finally {
    await page.close();
  }
}

/** Pulls all chunks, two a request, three requests in flight. */
const PULL = `(async () => {
  const model = globalThis.benchModel;
  const ids = model.get("ids");
  let bytes = 0, next = 0, id = 0, open = 0;
  const start = performance.now();
  await new Promise((resolve) => {
    const ask = () => {
      if (next >= ids.length) { if (open === 0) resolve(); return; }
      open++;
      model.send({ view: "bench", request: { kind: "chunks", id: ++id, chunkIds: ids.slice(next, (next += 2)) } });
    };
    model.on("msg:custom", ({ message }, buffers) => {
      for (const buffer of buffers) bytes += buffer.byteLength;
      if (message.last) { open--; ask(); }
    });
    ask(); ask(); ask();
  });
  return { bytes, ms: performance.now() - start };
})()`;
