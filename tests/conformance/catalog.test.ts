/** Our client writes into the real server and into ours; what it then reads is what Rerun's own client reads. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as arrow from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { connect } from "../../src/catalog/connect.js";
import { CatalogClient, type DatasetEntry } from "../../src/catalog/index.js";
import { DatasetSelection } from "../../src/catalog/remote-dataset.js";
import { contentOf } from "../support/frame-content.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";

const PROGRAM = join(ROOT, "tests", "conformance", "python", "catalog_state.py");
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
const file = (name: string): string => join(folder, "files", name);
const servers = new Map<string, ServerProcess>();
const clients = new Map<string, CatalogClient>();
let states: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

async function python(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(testPython(), [PROGRAM, ...args], { maxBuffer: 1 << 26 })).stdout;
}

beforeAll(async () => {
  await python("make", join(folder, "files"));
  servers.set("real", await startRealServer());
  servers.set("ours", await startOurServer(["--data-dir", join(folder, "data")]));
  for (const [name, { url }] of servers) {
    const client = await CatalogClient.connect(url);
    clients.set(name, client);
    await fill(client);
  }
  const urls = Array.from(servers, ([name, { url }]) => `${name}=${url}`);
  states = JSON.parse(await python("read", join(folder, "files"), ...urls));
});

afterAll(async () => {
  for (const client of clients.values()) await client.close();
  for (const server of servers.values()) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function fill(client: CatalogClient): Promise<void> {
  const drives = await client.createDataset("draft");
  await drives.setName("drives");
  const done: string[] = [];
  const operation = await drives.register([0, 1, 2].map((i) => file(`drive${i}.rrd`)));
  const { segmentIds } = await operation.wait({
    onProgress: ({ segmentId }, n, total) => done.push(`${segmentId} ${n}/${total}`),
  });
  expect(segmentIds).toEqual(["drive0", "drive1", "drive2"]);
  expect(done).toHaveLength(3);
  await (await drives.register(file("labels.rrd"), { layerName: "labels" })).wait();
  await drives.registerBlueprint(file("layout.rbl"));
  expect(await drives.registerAsset(file("map.rrd"), { segments: ["drive0"] })).toBe("map");
  await drives.registerAsset(file("lidar.rrd"), { mode: "opt_in", segments: ["drive2"] });
  await Promise.all([drives.addSegmentsToAsset("lidar", ["drive1"]), drives.addSegmentsToAsset("lidar", ["drive0"])]);
  await drives.removeSegmentsFromAsset("map", ["other"]);
  await fillTables(client);
}

const INDEX = new Map([["rerun:is_table_index", "true"]]);
const NOTES = new arrow.Schema([
  new arrow.Field("rerun_segment_id", new arrow.Utf8(), true, INDEX),
  new arrow.Field("score", new arrow.Int64(), true),
  new arrow.Field("tags", new arrow.List(new arrow.Field("item", new arrow.Utf8(), true)), true),
]);

async function fillTables(client: CatalogClient): Promise<void> {
  const notes = await client.createTable("notes", NOTES);
  await notes.append({ rerun_segment_id: ["drive0", "drive1"], score: [1n, 2n], tags: [["a"], []] });
  await notes.upsert({ rerun_segment_id: ["drive1", "none"], score: [20n, 3n] });
  await notes.append((await notes.reader().toArrow()).slice(0, 0));
  const replaced = await client.createTable("replaced", NOTES);
  await replaced.append({ rerun_segment_id: "gone" });
  await replaced.overwrite(await notes.reader().toArrow());
  const passing = await client.createTable("passing", NOTES);
  await passing.delete();
}

describe.each(["real", "ours"])("a catalog on the %s server", (name) => {
  const client = (): CatalogClient => clients.get(name) as CatalogClient;
  const drives = (): Promise<DatasetEntry> => client().getDataset("drives");
  const theirs = (table: string): arrow.Table => arrow.tableFromIPC(readFileSync(join(folder, "files", name, `${table}.arrow`)));
  const state = (): Readonly<Record<string, unknown>> => states[name] ?? {};

  it.each([
    ["segments", async () => (await drives()).segmentTable()],
    ["manifest", async () => (await drives()).manifest()],
    ["diagnostics", async () => (await drives()).manifest({ includeDiagnosticData: true })],
    ["ranges", async () => (await drives()).getIndexRanges()],
    ["joined", async () => (await drives()).segmentTable({ joinMeta: await client().getTable("notes") })],
    ["notes", async () => (await client().getTable("notes")).reader()],
    ["replaced", async () => (await client().getTable("replaced")).reader()],
  ] as const)("%s: the same table", async (table, read) => {
    const ours = contentOf(await (await read()).toArrow(), null);
    const key = ["manifest", "diagnostics"].includes(table) ? "rerun_layer_name" : null;
    expect(sorted(ours)).toEqual(sorted(contentOf(theirs(table), key)));
    expect(ours.rows).toBeGreaterThan(1);
  });

  it("tells the same of entries, segments, layers, assets and blueprints", async () => {
    const dataset = await drives();
    const segment = await dataset.segment("drive1");
    const notes = await client().getTable("notes");
    const { datasetName, layers, timelines, ...info } = await dataset.info();
    const columns = (names: readonly string[]): string[] => [...names].sort();
    const assetsOf: Record<string, string[]> = {};
    for (const id of ["drive0", "drive1", "drive2", "other"]) assetsOf[id] = await dataset.assetsForSegment(id);
    expect({
      names: await client().entryNames(),
      segmentIds: await dataset.segmentIds(),
      id: dataset.id,
      kinds: state().kinds,
      info: {
        ...info,
        layers: layers.map(({ name: layer, numSegments }) => [layer, numSegments]),
        timelines: timelines.map((each) => [each.name, each.kind, each.numSegments, String(each.min), String(each.max)]),
      },
      layers: (await segment.layers()).sort(),
      segmentColumns: columns((await segment.schema()).columnNames()),
      segmentColumnsWithAssets: columns((await segment.schema({ includeAssets: true })).columnNames()),
      layerSegments: await (await dataset.layer("labels")).segmentIds(),
      assets: await dataset.assets(),
      assetsOf,
      blueprints: await dataset.blueprints(),
      defaultBlueprint: dataset.defaultBlueprint(),
      urls: [
        segment.url,
        dataset.segmentUrl("a b/ä", { timeline: "frame", start: 1 }),
        dataset.segmentUrl("drive1", { timeline: "frame", start: 1, end: 3n }),
      ],
      storageUrl: notes.storageUrl,
      manifestUrl: dataset.manifestUrl,
      sql: Number((await (await client().sql("select count(*) as n from notes")).rows())[0]?.n),
    }).toEqual(state());
    expect(datasetName).toBe("drives");
    expect([dataset.kind, notes.kind, dataset.createdAt instanceof Date]).toEqual(["dataset", "table", true]);
  });

  it("gives the chunks of one segment as a store, with those of its assets", async () => {
    const dataset = await drives();
    const store = await dataset.segmentStore("drive2");
    const paths = store.schema().entities.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/points", "/lidar", "/map", "/note"]));
    const query = { timeline: "frame", entityPath: "/points", component: "Points3D:positions", at: 22n };
    expect(await store.latestAt(query)).toMatchObject({ time: 22n });
    await store.close();
    const bare = await dataset.segmentStore("drive2", { includeAssets: false });
    expect(bare.schema().entities.map(({ path }) => path)).not.toContain("/lidar");
    await bare.close();
    const points = await dataset.filterContents("/points").segmentStore("drive2");
    expect(points.schema().entities.map(({ path }) => path)).toEqual(["/points"]);
    expect(await points.latestAt(query)).toMatchObject({ time: 22n });
    await points.close();
    await expect(dataset.segmentStore("nowhere")).rejects.toMatchObject({ code: "NotFound" });
    await expect(dataset.filterSegments("drive1").segmentStore("drive2")).rejects.toMatchObject({ code: "NotFound" });
  });

  it.each([["frame"], [null]])("the question of older clients gives the same rows by %s", async (index) => {
    const connection = await connect(servers.get(name)?.url ?? "", {});
    connection.capabilities = new Set();
    const { id } = await drives();
    const older = new DatasetSelection({ catalog: client(), connection, memoryLimitBytes: 2 ** 30 }, { id });
    const rows = await older.reader(index).rows();
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(await (await drives()).reader(index).rows());
    connection.close();
  });

  it("refuses what is wrong with the words of Rerun's client", async () => {
    const dataset = await drives();
    await expect(client().getDataset("none")).rejects.toMatchObject({
      code: "NotFound",
      message: "No dataset found with name 'none'",
    });
    await expect(client().createDataset("drives")).rejects.toMatchObject({ code: "AlreadyExists" });
    expect((await client().createDataset("drives", { existOk: true })).id).toBe(dataset.id);
    await expect(dataset.segment("q")).rejects.toMatchObject({ code: "NotFound" });
    await expect(dataset.layer("q")).rejects.toThrow(/Available layers: \["base","labels"\]/);
    await expect(dataset.register("file:///x/none.rrd")).rejects.toMatchObject({ code: "NotFound" });
    const again = await dataset.register(file("drive0.rrd"));
    await expect(again.wait()).rejects.toThrow(/Segment "drive0", layer "base": already exists/);
    await expect((await client().getTable("notes")).append({ wrong: [1] })).rejects.toThrow(
      "Column wrong does not exist in table",
    );
    await expect(dataset.doMaintenance()).rejects.toMatchObject({ code: "Unsupported" });
    await expect(CatalogClient.connect("rerun+http://127.0.0.1:1")).rejects.toMatchObject({ code: "Unavailable" });
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(dataset.reader("frame").toArrow({ signal: stop })).rejects.toThrow("enough");
  });

  it("takes an upload, and gives up segments and layers", async () => {
    const dataset = await client().createDataset("uploads");
    const key = `uploads/${name}.rrd`;
    const url = await client().stage(file("drive1.rrd"), { key });
    await expect(client().stage(new Uint8Array(3), { key })).rejects.toMatchObject({ code: "AlreadyExists" });
    await (await dataset.register([url, file("drive2.rrd")])).wait();
    await (await dataset.register(file("labels.rrd"), { layerName: "labels" })).wait();
    await (await (await dataset.segment("drive1")).deleteLayer("labels")).wait();
    expect(await (await dataset.segment("drive1")).layers()).toEqual(["base"]);
    await (await dataset.unregister({ segmentsToDrop: "drive1", layersToDrop: [] })).wait();
    expect(await dataset.segmentIds()).toEqual(["drive2"]);
    await dataset.setDefaultBlueprint("x");
    expect((await client().getDataset({ id: dataset.id })).defaultBlueprint()).toBe("x");
    await dataset.setDefaultBlueprint(null);
    expect((await client().getDataset({ id: dataset.id })).defaultBlueprint()).toBeUndefined();
    await dataset.delete();
    expect(await client().datasetNames()).toEqual(["drives"]);
    const { rttSec, bandwidthBytesPerSec } = await client().benchmark({ numBytes: 100_000, numPings: 2 });
    expect(rttSec).toBeGreaterThan(0);
    expect(bandwidthBytesPerSec).toBeGreaterThan(0);
  });
});

/** Rows in an order of their own. */
function sorted({ rows, columns }: ReturnType<typeof contentOf>): unknown {
  const names = Object.keys(columns);
  const asText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(
      names.map((each) => columns[each]?.values[row]),
      asText,
    ),
  );
  return { fields: names.map((each) => ({ ...columns[each], name: each, values: [] })), lines: lines.sort() };
}
