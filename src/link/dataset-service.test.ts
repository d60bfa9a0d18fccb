import { describe, expect, it } from "vitest";
import { answeringTransport } from "../../tests/support/answering-transport.js";
import { type CountingSource, countingSource } from "../../tests/support/counting-source.js";
import { SCALARS, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { ManualTimers } from "../../tests/support/test-link.js";
import type { Chunk } from "../chunk/index.js";
import { RerunError } from "../core/index.js";
import { ChunkStore, LazyStore, NO_LIMITS } from "../store/index.js";
import { LinkClient, type SegmentInfo } from "./client.js";
import { DatasetService, QueryService, type SegmentSet } from "./index.js";

const PLOT = { entityPath: "/plot", component: SCALARS, timeline: "frame", from: 0n, to: 99n };

/** Ten chunks of ten rows. */
function tenChunks(): Chunk[] {
  return Array.from({ length: 10 }, (_, i) => {
    const frames = Array.from({ length: 10 }, (_, j) => 10 * i + j);
    return scalarChunk(
      frames,
      frames.map((frame) => Math.sin(frame)),
    );
  });
}

/** A viewer that is answered as soon as the service can. */
function viewerOf(service: Pick<DatasetService, "handle">): LinkClient {
  return new LinkClient(answeringTransport(service), { timers: new ManualTimers() });
}

interface Setup {
  readonly maxOpen?: number;
  readonly first?: string;
  readonly beforeFetch?: (signal: AbortSignal | undefined) => Promise<void>;
  readonly list?: () => Promise<readonly SegmentInfo[]>;
}

function setUp(ids: readonly string[], options: Setup = {}) {
  const opened: string[] = [];
  const sources = new Map<string, CountingSource>();
  const set: SegmentSet = {
    name: "drives",
    list: options.list ?? (async () => ids.map((id) => ({ id }))),
    async open(id) {
      if (!ids.includes(id)) throw new RerunError("NotFound", `Segment not found. Segment: ${id}`);
      opened.push(id);
      const source = countingSource(tenChunks(), options.beforeFetch);
      sources.set(id, source);
      return new LazyStore(source);
    },
  };
  const service = new DatasetService(set, options);
  return { service, viewer: viewerOf(service), opened, sources };
}

describe("a dataset behind a viewer", () => {
  it("is told from a recording, and lists its segments", async () => {
    const list = [{ id: "a", name: "Monday" }, { id: "b" }];
    const { viewer, opened } = setUp(["a", "b"], { list: async () => list });
    expect((await viewer.hello()).dataset).toEqual({ name: "drives" });
    expect(await viewer.segments()).toEqual(list);
    expect(opened).toEqual([]);
  });

  it("answers for its first segment, for the one that shall open first, and for the one that is asked about", async () => {
    const plain = setUp(["a", "b", "c"]);
    expect((await plain.viewer.index(0)).info.recordingId).toBe("a");
    const chosen = setUp(["a", "b", "c"], { first: "b" });
    expect((await chosen.viewer.index(0)).info.recordingId).toBe("b");
    expect((await chosen.viewer.index(0, { segment: "c" })).info).toEqual({ applicationId: "drives", recordingId: "c" });
    expect(chosen.opened).toEqual(["b", "c"]);
  });

  it("gives the index of a segment without fetching a chunk, and nothing new later", async () => {
    const { viewer, sources } = setUp(["a"]);
    const index = await viewer.index(0);
    expect(index).toMatchObject({ reset: true, isLive: false, timelines: [{ name: "frame", range: { min: 0n, max: 99n } }] });
    expect(index.added).toHaveLength(10);
    expect(index.entities?.map(({ path }) => path)).toEqual(["/plot"]);
    expect(await viewer.index(index.revision)).toMatchObject({ reset: false, added: [], removed: [] });
    expect(sources.get("a")?.fetched).toEqual([]);
  });

  it("fetches the chunks that are asked for, each once", async () => {
    const { viewer, sources } = setUp(["a"]);
    const ids = (await viewer.index(0)).added.map(({ id }) => id);
    const [first, second, third] = ids as [string, string, string];
    const replies = await Promise.all([viewer.chunks([first, second]), viewer.chunks([second, third])]);
    expect(replies.map(({ chunks }) => chunks.map(({ id }) => id))).toEqual([
      [first, second],
      [second, third],
    ]);
    await viewer.chunks([third, first]);
    expect(sources.get("a")?.fetched.flat().sort()).toEqual([first, second, third].sort());
  });

  it("names chunks that a segment does not have", async () => {
    const { viewer, sources } = setUp(["a"]);
    const unknown = "f".repeat(32);
    expect(await viewer.chunks([unknown])).toEqual({ chunks: [], missing: [unknown] });
    expect(sources.get("a")?.fetched.flat()).toEqual([]);
  });

  it.each([1000, 100, 7])("gives the series of a store in memory, %i points at most", async (buckets) => {
    const { viewer } = setUp(["a"]);
    const store = new ChunkStore({ limits: NO_LIMITS });
    for (const chunk of tenChunks()) store.insert(chunk);
    const known = viewerOf(new QueryService(store, { applicationId: "a", recordingId: "b" }));
    expect(await viewer.series({ ...PLOT, buckets })).toEqual(await known.series({ ...PLOT, buckets }));
  });

  it("fetches of a series what lies in its range", async () => {
    const { viewer, sources } = setUp(["a"]);
    await viewer.series({ ...PLOT, from: 35n, to: 52n, buckets: 100 });
    expect(sources.get("a")?.fetched.flat()).toHaveLength(3);
  });

  it("says what went wrong, and asks again the next time", async () => {
    let isAway = true;
    const unavailable = new RerunError("Unavailable", "the server cannot be reached");
    const beforeFetch = async () => {
      if (isAway) throw unavailable;
    };
    const { viewer, sources } = setUp(["a"], { beforeFetch });
    const ids = (await viewer.index(0)).added.map(({ id }) => id).slice(0, 2);
    await expect(viewer.chunks(ids)).rejects.toMatchObject({ code: "Unavailable", message: unavailable.message });
    await expect(viewer.series({ ...PLOT, buckets: 10 })).rejects.toMatchObject({ code: "Unavailable" });
    isAway = false;
    expect((await viewer.chunks(ids)).chunks.map(({ id }) => id)).toEqual(ids);
    expect(sources.size).toBe(1);
  });

  it("opens a segment again that could not be opened, and asks again for a list that did not come", async () => {
    let numFailures = 2;
    const list = async () => {
      if (numFailures-- > 0) throw new RerunError("Unavailable", "away");
      return [{ id: "a" }];
    };
    const { viewer } = setUp(["a"], { list });
    await expect(viewer.segments()).rejects.toMatchObject({ code: "Unavailable" });
    await expect(viewer.index(0)).rejects.toMatchObject({ code: "Unavailable" });
    expect((await viewer.index(0)).info.recordingId).toBe("a");
    await expect(viewer.index(0, { segment: "x" })).rejects.toMatchObject({ code: "NotFound" });
  });

  it("has an empty index without segments", async () => {
    const { viewer } = setUp([]);
    expect(await viewer.index(0)).toMatchObject({ reset: true, added: [], info: { recordingId: "" } });
  });

  it("keeps a few segments open, and closes those that were not asked about for longest", async () => {
    const { viewer, opened, sources } = setUp(["a", "b", "c"], { maxOpen: 2 });
    for (const segment of ["a", "b", "a", "c"]) await viewer.index(0, { segment });
    expect(opened).toEqual(["a", "b", "c"]);
    await expect.poll(() => ["a", "b", "c"].map((id) => sources.get(id)?.numClosed)).toEqual([0, 1, 0]);
  });

  it("does not close a segment that is being asked", async () => {
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { viewer, sources } = setUp(["a", "b"], { maxOpen: 1, beforeFetch: () => gate });
    const [id = ""] = (await viewer.index(0, { segment: "a" })).added.map((summary) => summary.id);
    const chunks = viewer.chunks([id], { segment: "a" });
    await expect.poll(() => sources.get("a")?.fetched.length).toBe(1);
    await viewer.index(0, { segment: "b" });
    goOn();
    expect((await chunks).chunks.map((chunk) => chunk.id)).toEqual([id]);
  });

  it("gives up what is being fetched when it is closed, and frees what is open", async () => {
    let signal: AbortSignal | undefined;
    const beforeFetch = (given: AbortSignal | undefined) =>
      new Promise<void>((_, reject) => {
        signal = given;
        given?.addEventListener("abort", () => reject(given.reason));
      });
    const { viewer, service, sources } = setUp(["a"], { beforeFetch });
    const ids = (await viewer.index(0)).added.map(({ id }) => id);
    const outcome = expect(viewer.chunks(ids)).rejects.toThrow("closed");
    await expect.poll(() => signal).toBeDefined();
    await service.close();
    await service.close();
    await outcome;
    expect(signal?.aborted).toBe(true);
    expect(sources.get("a")?.numClosed).toBe(1);
  });
});
