/** Aborting a signal ends what waits with its reason, and leaves nothing open. */
import { getEventListeners, once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProxiedCall, RedapProxy } from "../../tests/support/redap-proxy.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { RerunError } from "../core/index.js";
import { CatalogClient } from "./catalog-client.js";
import type { DatasetEntry } from "./dataset-entry.js";

let catalog: TestCatalog;
let drives: DatasetEntry;
beforeAll(async () => {
  catalog = await startTestCatalog();
  const segments = ["a", "b", "c", "d"].map((id) => [id, [scalarChunk([1, 2], [1, 2])]] as const);
  drives = await catalog.dataset("drives", Object.fromEntries(segments));
  // Each segment is more than one call fetches at once.
  const large = ["a", "b", "c"].map((id) => [id, [scalarChunk([1], [new Array<number>(2 ** 20 + 2 ** 17).fill(1)])]] as const);
  await catalog.dataset("large", Object.fromEntries(large));
});
afterAll(() => catalog.close());

const reason = new Error("enough");

/** Calls of a method wait until the client gives up; `arrived` resolves with the first. */
function holding(method: string): { readonly arrived: Promise<ProxiedCall>; begin(call: ProxiedCall): Promise<void> } {
  let arrive: (call: ProxiedCall) => void = () => undefined;
  const arrived = new Promise<ProxiedCall>((resolve) => {
    arrive = resolve;
  });
  return {
    arrived,
    async begin(call) {
      if (call.method !== method) return;
      arrive(call);
      if (!call.signal.aborted) await once(call.signal, "abort");
    },
  };
}

/** The first call of a method goes on, the others wait until the client gives up; `held` resolves when one waits. */
function holdingAfterFirst(method: string): { readonly held: Promise<ProxiedCall>; begin(call: ProxiedCall): Promise<void> } {
  const { arrived, begin } = holding(method);
  let isFirst = true;
  return {
    held: arrived,
    async begin(call) {
      const goesOn = isFirst && call.method === method;
      if (goesOn) isFirst = false;
      else await begin(call);
    },
  };
}

/** Resolves when the server has no call of the client any more. */
async function untilIdle(proxy: RedapProxy): Promise<void> {
  for (const call of proxy.open) if (!call.signal.aborted) await once(call.signal, "abort");
}

describe("a signal", () => {
  it("that has aborted begins nothing", async () => {
    const { client, proxy } = await catalog.through();
    const dataset = await client.getDataset("drives");
    const numCalls = proxy.calls.length;
    const signal = AbortSignal.abort(reason);
    await expect(CatalogClient.connect(proxy.url, { signal })).rejects.toBe(reason);
    await expect(client.entries({ signal })).rejects.toBe(reason);
    await expect(dataset.segmentTable().toArrow({ signal })).rejects.toBe(reason);
    await expect(dataset.reader("frame").toArrow({ signal })).rejects.toBe(reason);
    await expect(dataset.segmentStore("a", { signal })).rejects.toBe(reason);
    await expect(dataset.setName("other", { signal })).rejects.toBe(reason);
    expect(proxy.calls.length).toBe(numCalls);
  });

  it("ends connecting to a server that does not answer", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    const connecting = CatalogClient.connect(`rerun+http://127.0.0.1:${port}`, { signal: stop.signal });
    const [socket] = (await once(silent, "connection")) as [Socket];
    socket.resume();
    stop.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    if (!socket.destroyed) await once(socket, "close");
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each<readonly [string, string, (dataset: DatasetEntry, signal: AbortSignal) => Promise<unknown>]>([
    ["entries", "FindEntries", ({ catalog: client }, signal) => client.entryNames({ signal })],
    ["a schema", "GetDatasetSchema", (dataset, signal) => dataset.reader("frame").toArrow({ signal })],
    ["segments", "ScanSegmentTable", (dataset, signal) => dataset.segmentIds({ signal })],
    ["places of chunks", "FindChunks", (dataset, signal) => dataset.reader("frame").toArrow({ signal })],
    ["chunks", "FetchChunks", (dataset, signal) => dataset.reader("frame").toArrow({ signal })],
    ["a manifest", "GetRrdManifest", (dataset, signal) => dataset.segmentStore("a", { signal })],
    ["a change", "UpdateEntry", (dataset, signal) => dataset.setName("drives", { signal })],
    ["a registration", "RegisterWithDataset", (dataset, signal) => dataset.register("file:///x", { signal })],
  ])("ends waiting for %s", async (_, method, work) => {
    const { arrived, begin } = holding(method);
    const { client, proxy } = await catalog.through({ begin });
    const dataset = await client.getDataset({ id: drives.id });
    const stop = new AbortController();
    const waiting = work(dataset, stop.signal);
    const call = await arrived;
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await untilIdle(proxy);
    expect(call.signal.aborted).toBe(true);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    expect((await client.getDataset({ id: drives.id })).name).toBe("drives");
  });

  it("between two batches ends the reading, and what was fetched ahead", async () => {
    const { begin, held } = holdingAfterFirst("FetchChunks");
    const { client, proxy } = await catalog.through({ begin });
    const stop = new AbortController();
    const batches = (await client.getDataset("large")).reader("frame").batches({ signal: stop.signal });
    expect((await batches.next()).value?.numRows).toBe(1);
    await held;
    const numCalls = proxy.calls.length;
    stop.abort(reason);
    await expect(batches.next()).rejects.toBe(reason);
    expect((await batches.next()).done).toBe(true);
    await untilIdle(proxy);
    expect(proxy.calls.length).toBe(numCalls);
  });

  it("is not needed to end a reading: who takes no more leaves nothing open", async () => {
    const { begin, held } = holdingAfterFirst("FetchChunks");
    const { client, proxy } = await catalog.through({ begin });
    const { signal } = new AbortController();
    for await (const batch of (await client.getDataset("large")).reader("frame").batches({ signal })) {
      expect(batch.numRows).toBe(1);
      await held;
      break;
    }
    await untilIdle(proxy);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("may wait for many things at once without a warning of Node's", async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): number => warnings.push(message);
    process.on("warning", onWarning);
    const { client } = await catalog.through();
    for (let i = 0; i < 12; i++) await client.createDataset(`many${i}`);
    expect((await client.datasets({ signal: new AbortController().signal })).length).toBeGreaterThan(12);
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it("has no listener left after many readings", async () => {
    const { client } = await catalog.through();
    const { signal } = new AbortController();
    const dataset = await client.getDataset("drives", { signal });
    for (let i = 0; i < 5; i++) {
      await dataset.reader("frame").toArrow({ signal });
      await dataset.segmentTable().toArrow({ signal });
      await (await dataset.segmentStore("a", { signal })).close();
      await client.entries({ signal });
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

it("what fails ends what was asked for at the same time", async () => {
  const { arrived, begin } = holding("ReadDatasetEntry");
  let isFirst = true;
  const { client, proxy } = await catalog.through({
    async begin(call) {
      if (!isFirst || call.method !== "ReadDatasetEntry") return begin(call);
      isFirst = false;
      await arrived;
      throw new RerunError("PermissionDenied", "not this one");
    },
  });
  await expect(client.datasets()).rejects.toMatchObject({ code: "PermissionDenied", message: "not this one" });
  await untilIdle(proxy);
});
