import { describe, expect, it } from "vitest";
import { answeringTransport } from "../../../tests/support/answering-transport.js";
import { countingSource } from "../../../tests/support/counting-source.js";
import { scalarChunk } from "../../../tests/support/scalar-chunk.js";
import type { Chunk } from "../../chunk/index.js";
import { RerunError } from "../../core/index.js";
import { LinkClient, type ViewerEvent } from "../../link/client.js";
import { DatasetService } from "../../link/index.js";
import { LazyStore } from "../../store/index.js";
import { Recording } from "./recording.js";
import { recordingSource } from "./recording-source.js";
import { currentTime, moveTo } from "./time-control.js";
import { ViewerModel } from "./viewer-model.js";

interface Setup {
  readonly beforeFetch?: () => Promise<void>;
}

/** A viewer of a dataset. */
function setUp(segments: Readonly<Record<string, readonly Chunk[]>>, options: Setup = {}) {
  const ids = Object.keys(segments);
  const service = new DatasetService({
    name: "drives",
    list: async () => ids.map((id) => ({ id })),
    open: async (id) => new LazyStore(countingSource(segments[id] ?? [], options.beforeFetch)),
  });
  const client = new LinkClient(answeringTransport(service));
  const delayed: (() => void)[] = [];
  const open = (segment?: string) =>
    new Recording(recordingSource(client, segment), { delay: (task) => void delayed.push(task) });
  const model = new ViewerModel(open());
  const events: ViewerEvent[] = [];
  model.onEvent((event) => events.push(event));
  model.recording.refresh();
  const show = async (segment: string): Promise<void> => {
    model.show(open(segment));
    await isShown(segment);
  };
  const isShown = (segment: string): Promise<void> =>
    expect.poll(() => model.index.value.info.recordingId, { timeout: 10_000 }).toBe(segment);
  return { model, show, isShown, events, delayed };
}

const plot = (from: number, entityPath = "/plot"): Chunk => scalarChunk([from, from + 5], [1, 2], { entityPath });

describe("a viewer of a dataset", () => {
  it("begins at the first time of a recording, and where it was in one that was shown before", async () => {
    const { model, show, isShown } = setUp({ a: [plot(10)], b: [plot(100)] });
    await isShown("a");
    expect([currentTime(model.time.value), model.time.value.isFollowing]).toEqual([10n, false]);
    model.setTime(moveTo(model.time.value, 13n));
    await show("b");
    expect(currentTime(model.time.value)).toBe(100n);
    await show("a");
    expect(currentTime(model.time.value)).toBe(13n);
    model.close();
  });

  it("keeps its layout for a recording with the same views, and makes a new one for others", async () => {
    const both = (from: number) => [plot(from, "/left/x"), plot(from, "/right/x")];
    const { model, show, isShown } = setUp({ a: both(0), b: both(50), c: [plot(0)] });
    await isShown("a");
    const [view] = model.views.value;
    model.maximized.value = view?.id;
    const arrangement = model.arrangement.value;
    await show("b");
    expect([model.arrangement.value, model.maximized.value]).toEqual([arrangement, view?.id]);
    await show("c");
    expect([model.views.value.length, model.maximized.value]).toEqual([1, undefined]);
    model.close();
  });

  it("forgets what was selected and drawn, and is ready again when the next picture is", async () => {
    const { model, show, isShown, events } = setUp({ a: [plot(0)], b: [plot(0)] });
    await isShown("a");
    model.select([{ entityPath: "/plot" }]);
    model.markDrawn("time-series:/");
    expect(model.isReady.value).toBe(true);
    await show("b");
    expect([model.selection.value, model.isReady.value]).toEqual([[], false]);
    model.markDrawn("time-series:/");
    expect(model.isReady.value).toBe(true);
    expect(events.filter(({ type }) => type === "recordingOpen")).toEqual([
      { type: "recordingOpen", applicationId: "drives", recordingId: "a" },
      { type: "recordingOpen", applicationId: "drives", recordingId: "b" },
    ]);
    model.close();
  });

  it("tells how much it waits for, and that nothing is left", async () => {
    let arrive = (): void => {};
    const gate = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { model, isShown } = setUp({ a: [plot(0)] }, { beforeFetch: () => gate });
    await isShown("a");
    expect(model.waitingBytes.value).toBeUndefined();
    model.query.value?.latestAt("/plot", "Scalars:scalars");
    await expect.poll(() => model.waitingBytes.value).toBeGreaterThan(0);
    arrive();
    await expect.poll(() => model.waitingBytes.value).toBeUndefined();
    model.close();
  });

  it("says why data do not come, asks again for chunks and series, and takes it back when they come", async () => {
    let isAway = true;
    const beforeFetch = async (): Promise<void> => {
      if (isAway) throw new RerunError("Unavailable", "the server cannot be reached");
    };
    const { model, isShown, delayed } = setUp({ a: [plot(0)] }, { beforeFetch });
    await isShown("a");
    model.query.value?.latestAt("/plot", "Scalars:scalars");
    const span = { timeline: "frame", from: 0n, to: 9n, buckets: 10 };
    const series = model.recording.series({ entityPath: "/plot", component: "Scalars:scalars", ...span });
    await expect.poll(() => delayed.length).toBe(2);
    expect(model.problem.value).toBe("the server cannot be reached");
    isAway = false;
    for (const again of delayed.splice(0)) again();
    expect((await series).min).toEqual(Float64Array.of(1, 2));
    await expect.poll(() => model.query.value?.latestAt("/plot", "Scalars:scalars")?.end).toBe(1);
    expect([model.problem.value, model.waitingBytes.value]).toEqual([undefined, undefined]);
    model.close();
  });

  it("does without chunks that a damaged file does not give, and asks for them once", async () => {
    const chunks = [plot(0), plot(20)];
    let numFetches = 0;
    const damaged = countingSource(chunks, async () => void numFetches++);
    const source = { ...damaged, fetch: async () => (await damaged.fetch(damaged.entries)).slice(0, 1) };
    const service = new DatasetService({
      name: "drives",
      list: async () => [{ id: "a" }],
      open: async () => new LazyStore(source),
    });
    const model = new ViewerModel(new Recording(recordingSource(new LinkClient(answeringTransport(service)))));
    model.recording.refresh();
    await expect.poll(() => model.index.value.chunks.size).toBe(2);
    model.setTime(moveTo(model.time.value, 25n));
    model.query.value?.latestAt("/plot", "Scalars:scalars");
    await expect.poll(() => model.query.value?.latestAt("/plot", "Scalars:scalars")?.time).toBe(5n);
    expect([model.index.value.chunks.size, model.query.value?.isPending]).toEqual([1, false]);
    expect(numFetches).toBeLessThanOrEqual(2);
    model.close();
  });
});
