import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { RerunError } from "../core/index.js";
import type { SegmentRegistrationResult } from "./registration.js";

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await startTestCatalog();
});
afterAll(() => catalog.close());

const recordings = (...ids: string[]): string[] => ids.map((id) => catalog.recording(id, [scalarChunk([1], [1])]));

describe("a registration", () => {
  it("tells of each source as it is done, and gives all in the order in which they were named", async () => {
    const dataset = await catalog.client.createDataset("order");
    const paths = recordings("c", "a", "b");
    const operation = await dataset.register(paths);
    expect(operation.length).toBe(3);
    const heard: [string, number, number][] = [];
    const result = await operation.wait({
      onProgress: ({ segmentId = "" }, numDone, numTotal) => heard.push([segmentId, numDone, numTotal]),
    });
    expect(result.segmentIds).toEqual(["c", "a", "b"]);
    expect(Array.from(result, ({ uri }) => uri.split("/").pop())).toEqual(["c.rrd", "a.rrd", "b.rrd"]);
    expect(heard.map(([id]) => id).sort()).toEqual(["a", "b", "c"]);
    expect(heard.map(([, numDone, numTotal]) => [numDone, numTotal])).toEqual([1, 2, 3].map((done) => [done, 3]));
  });

  it("tells of each source that failed why, and registers the others", async () => {
    const dataset = await catalog.client.createDataset("faults");
    const garbage = catalog.file("garbage.rrd", "no recording at all, however long it is");
    const operation = await dataset.register([...recordings("good"), garbage, "/none/missing.rrd"]);
    const results = new Map<string, SegmentRegistrationResult>();
    for await (const result of operation.iterResults()) results.set(result.uri.split("/").pop() ?? "", result);
    expect(results.get("good.rrd")).toMatchObject({ segmentId: "good", error: undefined, isSuccess: true, isError: false });
    expect(results.get("garbage.rrd")).toMatchObject({ segmentId: undefined, isSuccess: false, isError: true });
    expect(results.get("missing.rrd")).toMatchObject({ isError: true, error: expect.stringContaining("file does not exist") });
    const wait = operation.wait();
    await expect(wait).rejects.toMatchObject({
      code: "InvalidArgument",
      message: expect.stringMatching(/garbage\.rrd/),
    });
    expect(await dataset.segmentIds()).toEqual(["good"]);
  });

  it("of what is there already fails, is skipped or takes its place", async () => {
    const dataset = await catalog.dataset("again", { s: [scalarChunk([1], [1])] });
    const path = catalog.recording("s", [scalarChunk([1, 2], [1, 2])], "newer.rrd");
    await expect((await dataset.register(path)).wait()).rejects.toThrow(/Segment "s", layer "base": already exists/);
    const numRows = () => dataset.reader("frame").count();
    await (await dataset.register(path, { onDuplicate: "skip" })).wait();
    expect(await numRows()).toBe(1);
    await (await dataset.register(path, { onDuplicate: "replace" })).wait();
    expect(await numRows()).toBe(2);
  });

  it("of each file as a layer of its own", async () => {
    const dataset = await catalog.client.createDataset("layers");
    const [first = "", second = ""] = [
      catalog.recording("s", [scalarChunk([1], [1])], "first.rrd"),
      catalog.recording("s", [scalarChunk([2], [2])], "second.rrd"),
    ];
    await (await dataset.register([first, second], { layerName: ["base", "more"] })).wait();
    expect(await (await dataset.segment("s")).layers()).toEqual(["base", "more"]);
    expect(await (await dataset.layer("more")).segmentIds()).toEqual(["s"]);
    expect(await dataset.manifest().count()).toBe(2);
    await expect(dataset.register([first, second], { layerName: ["base"] })).rejects.toMatchObject({
      code: "InvalidArgument",
      message: "`layerName` must be the same length as `recordingUri`",
    });
  });

  it("says what cannot be asked for", async () => {
    const dataset = await catalog.client.createDataset("refused");
    await expect(dataset.register("file:///x.rrd", { onDuplicate: "maybe" as "skip" })).rejects.toMatchObject({
      code: "InvalidArgument",
      message: 'onDuplicate: expected "error", "skip" or "replace", got "maybe"',
    });
    await expect(dataset.register("file:///none/x.rrd")).rejects.toMatchObject({ code: "NotFound" });
    await expect(dataset.register([])).rejects.toMatchObject({ code: "InvalidArgument" });
    await expect(dataset.registerPrefix("/none")).rejects.toMatchObject({
      code: "InvalidArgument",
      message: /Directory not found/,
    });
    const operation = await dataset.register(recordings("timed"));
    await expect(operation.wait({ timeoutSecs: Number.NaN })).rejects.toThrow("timeoutSecs: expected a number of seconds");
    await expect(operation.wait({ timeoutSecs: -1 })).rejects.toThrow("timeoutSecs: expected a number of seconds");
  });

  it("goes on being waited for when the server's patience ends, unless a time was given", async () => {
    let numAsked = 0;
    const { client } = await catalog.through({
      begin: ({ method }) => {
        if (method !== "QueryTasksOnCompletion") return;
        numAsked += 1;
        if (numAsked % 2 === 1) throw new RerunError("Timeout", "1 tasks have not ended yet");
      },
    });
    const dataset = await client.createDataset("patience");
    const operation = await dataset.register(recordings("slow"));
    expect((await operation.wait()).segmentIds).toEqual(["slow"]);
    expect(numAsked).toBe(2);
    await expect(operation.wait({ timeoutSecs: 1.5 })).rejects.toMatchObject({ code: "Timeout" });
  });

  it("survives a break of the connection", async () => {
    let isBroken = false;
    const { client } = await catalog.through({
      begin: ({ method }) => {
        if (method !== "QueryTasksOnCompletion" || isBroken) return;
        isBroken = true;
        throw new RerunError("Unavailable", "the server is shutting down");
      },
    });
    const dataset = await client.createDataset("broken");
    expect((await (await dataset.register(recordings("x"))).wait()).segmentIds).toEqual(["x"]);
    expect(isBroken).toBe(true);
  });

  it("that is cancelled ends: each source is registered, or says that it was cancelled", async () => {
    const dataset = await catalog.client.createDataset("cancelled");
    const operation = await dataset.register(recordings(...Array.from({ length: 40 }, (_, i) => `many${i}`)));
    await operation.cancel();
    const results: SegmentRegistrationResult[] = [];
    for await (const result of operation.iterResults()) results.push(result);
    expect(results).toHaveLength(40);
    for (const { isError, error } of results) if (isError) expect(error).toMatch(/cancel/i);
    expect(await dataset.segmentIds()).toHaveLength(results.filter(({ isSuccess }) => isSuccess).length);
    await operation.cancel();
  });
});

describe("unregistering", () => {
  it("takes segments and layers out; what is not there is no error", async () => {
    const dataset = await catalog.dataset("out", { a: [scalarChunk([1], [1])], b: [scalarChunk([1], [1])] });
    const more = catalog.recording("a", [scalarChunk([2], [2])], "out-more.rrd");
    await (await dataset.register(more, { layerName: "more" })).wait();
    await (await dataset.unregister({ segmentsToDrop: [], layersToDrop: "more" })).wait();
    expect(await (await dataset.segment("a")).layers()).toEqual(["base"]);
    const handle = await dataset.unregister({ segmentsToDrop: ["a", "none"], layersToDrop: [] });
    await handle.wait({ timeoutSecs: 30 });
    await handle.cancel();
    expect(await dataset.segmentIds()).toEqual(["b"]);
    await expect(dataset.segment("a")).rejects.toMatchObject({ code: "NotFound", message: /Segment: a$/ });
    await expect(dataset.layer("more")).rejects.toMatchObject({ code: "NotFound", message: /Available layers: \["base"\]/ });
  });
});
