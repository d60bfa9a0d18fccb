import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayFromValues } from "../../tests/support/array-from-values.js";
import { recordingBytes } from "../../tests/support/recording-bytes.js";
import { damageChunks } from "../../tests/support/rrd-frames.js";
import { FRAME, rowIds, SCALARS, scalarChunk } from "../../tests/support/scalar-chunk.js";
import { type Chunk, makeChunk } from "../chunk/index.js";
import { listOf, type Timeline, UTF8, type Warning } from "../core/index.js";
import { ChunkStore } from "../store/index.js";
import { ContentFilter } from "./content-filter.js";
import type { ReaderOptions } from "./dataset.js";
import { openDataset } from "./local-dataset.js";

const WALL: Timeline = { name: "wall", type: "timestamp" };
const PLOT = `/plot:${SCALARS}`;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-dataset-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

function storeOf(...chunks: Parameters<ChunkStore["insert"]>[0][]): ChunkStore {
  const store = new ChunkStore();
  for (const chunk of chunks) store.insert(chunk);
  return store;
}

/** Texts where other chunks have scalars. */
function textChunk(): Chunk {
  return makeChunk({
    id: "f".repeat(32),
    entityPath: "/plot",
    rowIds: rowIds(1),
    timelines: [{ timeline: FRAME, times: new BigInt64Array(1) }],
    components: [{ descriptor: { component: SCALARS }, list: arrayFromValues(listOf(UTF8), [["a text"]]) }],
  });
}

/** Frames and values of `/plot`. */
async function plotOf(store: ChunkStore, options: ReaderOptions = {}): Promise<unknown[]> {
  const rows = await (await openDataset(store)).reader("frame", options).rows();
  return rows.map((row) => [row.frame, row[PLOT]]);
}

describe("openDataset", () => {
  it("takes folders, paths, URLs, recordings and stores; files with one recording id are one segment", async () => {
    file("all/a.rrd", recordingBytes("a", [scalarChunk([1], [1])]));
    file("all/b.rrd", recordingBytes("b", [scalarChunk([1], [2])]));
    file("all/notes.txt", new Uint8Array(3));
    const more = file("more of a.rrd", recordingBytes("a", [scalarChunk([2], [3])]));
    const single = file("c.rrd", recordingBytes("c", [scalarChunk([1], [4])]));
    const store = storeOf(scalarChunk([7], [7]));
    const dataset = await openDataset([
      join(folder, "all"),
      pathToFileURL(more),
      single,
      { recordingId: "live", store },
      storeOf(scalarChunk([9], [9])),
    ]);
    expect(await dataset.segmentIds()).toEqual(["a", "b", "c", "live", "store_4"]);
    store.insert(scalarChunk([8], [8]));
    const rows = await dataset.reader("frame").rows();
    expect(rows.map((row) => [row.rerun_segment_id, row.frame])).toEqual([
      ["a", 1n],
      ["a", 2n],
      ["b", 1n],
      ["c", 1n],
      ["live", 7n],
      ["live", 8n],
      ["store_4", 9n],
    ]);
    const some = dataset.filterSegments(["b", "nobody"]);
    expect(await some.segmentIds()).toEqual(["b"]);
    expect(await dataset.filterSegments(some.segmentTable()).reader("frame").count()).toBe(1);
    await dataset.close();
    await dataset.close();
    await expect(dataset.reader("frame").count()).rejects.toThrow("The dataset is closed");
  });

  it("takes recordings behind http URLs", async () => {
    const bytes = recordingBytes("far", [scalarChunk([1, 2], [1, 2])]);
    const server = createServer((_, response) => response.end(bytes));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/far.rrd`);
    const dataset = await openDataset(url);
    expect(await dataset.reader("frame").count()).toBe(2);
    expect((await dataset.segmentTable().rows())[0]?.rerun_storage_urls).toEqual([String(url)]);
    await dataset.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("says which file is missing, no recording, or a folder without any", async () => {
    await expect(openDataset(join(folder, "none.rrd"))).rejects.toMatchObject({ code: "NotFound" });
    const text = file("text.rrd", new TextEncoder().encode("this is not a recording at all"));
    await expect(openDataset(text)).rejects.toThrow("Not a Rerun recording");
    mkdirSync(join(folder, "empty"), { recursive: true });
    await expect(openDataset(join(folder, "empty"))).rejects.toThrow("the folder holds no .rrd files");
    await expect(openDataset([5 as never])).rejects.toThrow(
      "openDataset: item 0: expected a path, a URL, a recording or a store",
    );
  });

  it("reads what is whole of a damaged file and reports it once, with the position", async () => {
    const bytes = recordingBytes("d", [scalarChunk([1], [1]), scalarChunk([2], [2]), scalarChunk([3], [3])]);
    const path = file("damaged.rrd", bytes.subarray(0, bytes.length * 0.4));
    const warnings: Warning[] = [];
    const dataset = await openDataset(path, { warn: (warning) => warnings.push(warning) });
    expect(await dataset.reader("frame").count()).toBeGreaterThan(0);
    expect(await dataset.reader("frame").count()).toBeLessThan(3);
    expect(warnings.map(({ code }) => code)).toEqual(["CorruptFile"]);
    expect(warnings[0]?.message).toMatch(/byte \d+/);
    await dataset.close();
  });

  it("leaves out damaged chunks of a file with a footer, and reports them once", async () => {
    const chunks = [1, 2, 3, 4].map((time) => scalarChunk([time], [time]));
    const { bytes, at } = damageChunks(recordingBytes("d", chunks), 1, 3);
    const path = file("chunks.rrd", bytes);
    const warnings: Warning[] = [];
    const dataset = await openDataset(path, { warn: (warning) => warnings.push(warning) });
    const rows = await dataset.reader("frame", { fillLatestAt: true }).rows();
    expect(rows.map(({ frame }) => frame)).toEqual([1n, 3n]);
    expect(rows.map((row) => row[PLOT])).toEqual([[1], [3]]);
    expect(await dataset.reader("frame").count()).toBe(2);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^The message at byte ${at[0]} was left out: .*chunks.rrd$`)),
    ]);
    await dataset.close();
  });

  it("names both files whose timelines do not agree; each alone is readable", async () => {
    const one = file("frames.rrd", recordingBytes("one", [scalarChunk([1], [1])]));
    const clock: Timeline = { name: "frame", type: "duration" };
    const two = file("durations.rrd", recordingBytes("two", [scalarChunk([1], [1], { timeline: clock })]));
    const dataset = await openDataset([one, two]);
    const message = await dataset
      .reader("frame")
      .count()
      .catch((error: unknown) => String(error));
    expect(message).toContain(one);
    expect(message).toContain(two);
    expect(await dataset.filterSegments("one").reader("frame").count()).toBe(1);
    await dataset.close();
  });

  it("the segment table shows which segments do not agree: what they mean otherwise is null there, with a warning", async () => {
    const clock: Timeline = { name: "frame", type: "duration" };
    const one = file("sequence.rrd", recordingBytes("one", [scalarChunk([1], [1])]));
    const two = file("duration.rrd", recordingBytes("two", [scalarChunk([1], [1], { timeline: clock })]));
    const warnings: Warning[] = [];
    const dataset = await openDataset([one, two], { warn: (warning) => warnings.push(warning) });
    const starts = [
      { rerun_segment_id: "one", "frame:start": 1n },
      { rerun_segment_id: "two", "frame:start": null },
    ];
    expect(await dataset.segmentTable().rows()).toMatchObject(starts);
    expect(await dataset.getIndexRanges().rows()).toMatchObject(starts);
    expect(warnings[0]?.message).toMatch(/Timeline "frame" is not the same.*sequence\.rrd.*duration\.rrd/);
    await dataset.close();
  });

  it("names both files of one recording whose timelines or types do not agree, and reads the others", async () => {
    const clock: Timeline = { name: "frame", type: "duration" };
    const first = file("part 1.rrd", recordingBytes("same", [scalarChunk([1], [1])]));
    const others = [
      file("part 2.rrd", recordingBytes("same", [scalarChunk([1], [1], { timeline: clock })])),
      file("part 3.rrd", recordingBytes("same", [textChunk()])),
    ];
    const good = file("good.rrd", recordingBytes("tidy", [scalarChunk([1], [1])]));
    for (const other of others) {
      const dataset = await openDataset([first, other, good]);
      const message = await dataset.schema().catch((error: unknown) => String(error));
      expect(message).toMatch(/is not the same in all recordings.*openDataset for each/);
      expect(message).toContain(first);
      expect(message).toContain(other);
      expect(await dataset.filterSegments("tidy").reader("frame").count()).toBe(1);
      await dataset.close();
    }
  });

  it("leaves out what is on a timeline of another type within one file, and says so", async () => {
    const clock: Timeline = { name: "frame", type: "duration" };
    const mixed = recordingBytes("mixed", [
      scalarChunk([1], [1]),
      scalarChunk([2], [2], { timeline: clock, entityPath: "/late" }),
    ]);
    for (const [name, bytes] of [["mixed.rrd", mixed] as const, ["mixed without footer.rrd", mixed.subarray(0, -40)] as const]) {
      const warnings: Warning[] = [];
      const dataset = await openDataset(file(name, bytes), { warn: (warning) => warnings.push(warning) });
      expect((await dataset.reader("frame").rows()).map(({ frame }) => frame)).toEqual([1n]);
      expect(warnings.map(({ message }) => message).at(-1)).toMatch(
        /^Timeline "frame" is a sequence in this file, in some of \/late a duration: that is left out: .*mixed/,
      );
      await dataset.close();
    }
  });

  it("says of files without a recording, and of other URLs, what they are", async () => {
    const warnings: Warning[] = [];
    const path = file("nothing.rrd", new Uint8Array(0));
    const dataset = await openDataset(path, { warn: (warning) => warnings.push(warning) });
    expect([await dataset.segmentIds(), warnings.map(({ message }) => message)]).toEqual([
      [],
      [`The file holds no recording: ${path}`],
    ]);
    await dataset.close();
    await expect(openDataset("s3://bucket/a.rrd")).rejects.toThrow("URL of file:, http: or https:, got s3:: s3://bucket/a.rrd");
    await expect(openDataset("rerun+http://h:1/dataset/x")).rejects.toThrow("are opened by CatalogClient.connect");
    await expect(openDataset([], { memoryLimitBytes: -1 })).rejects.toThrow("memoryLimitBytes: expected a number of bytes");
  });

  it("narrows: segments of those selected, contents as texts or as a filter", async () => {
    const dataset = await openDataset(
      ["a", "b", "c"].map((recordingId) => ({ recordingId, store: storeOf(scalarChunk([1], [1])) })),
    );
    const two = dataset.filterSegments(["a", "b"]);
    expect(await two.filterSegments(["b", "c"]).segmentIds()).toEqual(["b"]);
    const none = two.filterContents(ContentFilter.everything().exclude("/plot"));
    expect((await none.reader("frame").schema()).fields.map(({ name }) => name)).toEqual(["rerun_segment_id", "frame"]);
    const widened = none.filterContents("/plot");
    expect((await widened.schema()).entityPaths()).toEqual([]);
    expect((await two.filterContents("/**").filterContents("/plot").schema()).entityPaths()).toEqual(["/plot"]);
  });
});

describe("segmentStore", () => {
  const made = recordingBytes("s", [scalarChunk([1, 2], [1, 2]), scalarChunk([3], [3], { entityPath: "/other" })]);
  const query = { entityPath: "/plot", component: SCALARS, timeline: "frame", at: 2n };

  it("is the segment's chunks, of the selected entities", async () => {
    const dataset = await openDataset(file("store.rrd", made));
    const paths = async (contents?: string): Promise<string[]> => {
      const store = await (contents === undefined ? dataset : dataset.filterContents(contents)).segmentStore("s");
      return store.schema().entities.map(({ path }) => path);
    };
    expect(await paths()).toEqual(expect.arrayContaining(["/plot", "/other"]));
    expect(await paths("/plot")).toEqual(["/plot"]);
    const store = await dataset.filterContents("/plot").segmentStore("s");
    expect(store.schema().timelines).toMatchObject([{ name: "frame", range: { min: 1n, max: 2n } }]);
    expect(await store.latestAt(query)).toMatchObject({ time: 2n });
    await dataset.close();
  });

  it("leaves the files open when it is closed", async () => {
    const dataset = await openDataset(file("store.rrd", made));
    await (await dataset.segmentStore("s")).close();
    expect(await (await dataset.segmentStore("s")).latestAt(query)).toMatchObject({ time: 2n });
    await dataset.close();
  });

  it("says which segment is not there, or not selected", async () => {
    const dataset = await openDataset(file("store.rrd", made));
    for (const store of [dataset.segmentStore("x"), dataset.filterSegments("x").segmentStore("s")]) {
      await expect(store).rejects.toMatchObject({ code: "NotFound", message: expect.stringMatching(/Segment: [xs]$/) });
    }
    await dataset.close();
  });
});

describe("reader", () => {
  const store = storeOf(
    scalarChunk([1, 2, 4, 8], [1, null, [], 8]),
    scalarChunk([2, 3], [20, 30], { entityPath: "/other" }),
    scalarChunk([0], [5], { entityPath: "/fixed", timeline: undefined }),
  );

  it("gives the rows of a range, filled from before it when asked to", async () => {
    expect(await plotOf(store, { range: { from: 2, to: 4 } })).toEqual([
      [2n, null],
      [3n, null],
      [4n, []],
    ]);
    expect(await plotOf(store, { range: { from: 2n, to: 3 }, fillLatestAt: true })).toEqual([
      [2n, [1]],
      [3n, [1]],
    ]);
    expect(await plotOf(store, { range: { from: 5 } })).toEqual([[8n, [8]]]);
  });

  it("gives the columns, rows and number that were asked for", async () => {
    const dataset = await openDataset(store);
    const frame = dataset.reader("frame", { columns: [PLOT, "frame"], limit: 2 });
    expect((await frame.schema()).fields.map(({ name }) => name)).toEqual([PLOT, "frame"]);
    expect(await frame.rows()).toEqual([
      { [PLOT]: [1], frame: 1n },
      { [PLOT]: [], frame: 4n },
    ]);
    expect(await plotOf(store, { isNotNull: `/other:${SCALARS}` })).toEqual([
      [2n, null],
      [3n, null],
    ]);
    expect(await plotOf(store, { usingIndexValues: [3, 1n], fillLatestAt: true })).toEqual([
      [1n, [1]],
      [3n, [1]],
    ]);
    const chosen = await dataset.reader("frame").sql("select rerun_segment_id, frame - 1 as frame from frame where frame > 2");
    expect(await plotOf(store, { usingIndexValues: chosen })).toEqual(
      await plotOf(store, { usingIndexValues: { store_0: (await chosen.rows()).map((row) => row.frame as bigint) } }),
    );
    expect(await dataset.reader(null).rows()).toEqual([{ rerun_segment_id: "store_0", frame: null, [`/fixed:${SCALARS}`]: [5] }]);
  });

  it("says what there is when an index or a column does not exist, the most similar first", async () => {
    const dataset = await openDataset(storeOf(scalarChunk([1], [1]), scalarChunk([1], [1], { timeline: WALL })));
    await expect(dataset.reader("fram").count()).rejects.toThrow(
      `Index 'fram' does not exist in the dataset: there are "frame", "wall"`,
    );
    await expect(dataset.reader("frame", { columns: ["plot:Scalar:scalar"] }).count()).rejects.toThrow(
      new RegExp(`plot:Scalar:scalar.*there are "${PLOT}"`),
    );
    await expect(dataset.reader("frame", { isNotNull: "/plt:x" }).count()).rejects.toThrow(/"\/plt:x".*there are/);
    expect(() => dataset.reader("nothing is read yet")).not.toThrow();
  });

  it("warns of contents that match nothing, and gives no rows", async () => {
    const warnings: Warning[] = [];
    const dataset = await openDataset(store, { warn: (warning) => warnings.push(warning) });
    expect(await dataset.filterContents("/plat/**").reader("frame").count()).toBe(0);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/"\/plat\/\*\*": no entity matches it; there are "\/plot"/),
    ]);
  });

  it("refuses values that the index cannot have", async () => {
    const dataset = await openDataset(store);
    await expect(dataset.reader("frame", { range: { from: 1.5 } }).count()).rejects.toThrow(
      'range.from: the sequence "frame" has whole numbers or bigints, got number 1.5',
    );
    await expect(dataset.reader("frame", { usingIndexValues: [1, 1] }).count()).rejects.toThrow("1 comes twice");
    const other = await dataset.reader("frame").sql("select rerun_segment_id, 1 as time from frame");
    await expect(dataset.reader("frame", { usingIndexValues: other }).count()).rejects.toThrow(
      "usingIndexValues: the frame must have a column 'frame'",
    );
    const frameWith = (options: object) => dataset.reader("frame", options as never).count();
    await expect(frameWith({ columns: PLOT })).rejects.toThrow("columns: expected a list of names, got");
    await expect(frameWith({ clears: "never" })).rejects.toThrow('clears: expected "consistent" or "rerun-0.41"');
    await expect(
      dataset
        .filterContents(5 as never)
        .reader("frame")
        .count(),
    ).rejects.toThrow("filterContents: expected texts");
    await expect(dataset.filterSegments(5 as never).segmentIds()).rejects.toThrow("filterSegments: expected ids or a frame");
    await expect(dataset.reader(null, { range: { from: 1 } }).count()).rejects.toThrow("static data (reader(null)) has no index");
    const wall = await openDataset(storeOf(scalarChunk([1_000_000n], [1], { timeline: WALL })));
    expect(await wall.reader("wall", { range: { from: new Date(0), to: new Date(1) } }).count()).toBe(1);
    const micros = await wall.reader("wall").sql("select rerun_segment_id, cast(wall as timestamp) as wall from frame");
    expect(await wall.reader("wall", { usingIndexValues: micros }).rows()).toEqual(await wall.reader("wall").rows());
    await expect(wall.reader("wall", { range: { to: 5 } }).count()).rejects.toThrow(
      'the timestamp "wall" has bigint nanoseconds or Dates',
    );
  });

  it("tells what it needs when that is above the memory limit, and still streams", async () => {
    const numRows = 200_000;
    const times = Array.from({ length: numRows }, (_, i) => i);
    const pieces = [0, 1, 2, 3].map((i) => scalarChunk(times.slice(i * 50_000, (i + 1) * 50_000), times.slice(0, 50_000)));
    const path = file("wide.rrd", recordingBytes("wide", pieces));
    const small = await openDataset(path, { memoryLimitBytes: 100_000 });
    await expect(small.reader("frame").count()).rejects.toThrow(
      /needs [\d.]+ MB of chunks in memory at once, the limit is 100 kB: raise memoryLimitBytes, or ask for/,
    );
    const dataset = await openDataset(path, { memoryLimitBytes: 5_000_000 });
    await expect(dataset.reader("frame").toArrow()).rejects.toThrow(/takes about [\d.]+ MB or more, the memory limit is 5\.0 MB/);
    let rows = 0;
    for await (const batch of dataset.reader("frame").batches()) rows += batch.numRows;
    expect(rows).toBe(numRows);
    await Promise.all([small.close(), dataset.close()]);
  });
});

describe("Schema", () => {
  it("finds columns by entity, component and selector", async () => {
    const archetype = "rerun.archetypes.Scalars";
    const dataset = await openDataset(storeOf(scalarChunk([1], [1], { archetype }), scalarChunk([1], [1], { timeline: WALL })));
    const schema = await dataset.schema();
    expect(schema.indexColumns()).toEqual([FRAME, WALL]);
    expect(schema.columnNames()).toEqual(["frame", "wall", PLOT]);
    expect(schema.columnFor("plot", SCALARS)).toMatchObject({ name: PLOT, entityPath: "/plot", isStatic: false });
    expect(schema.columnNamesFor({ entityPath: "/plot" })).toEqual([PLOT]);
    expect(() => schema.columnForSelector("/plot:Scalars:scaler")).toThrow(`there are "${PLOT}"`);
  });
});
