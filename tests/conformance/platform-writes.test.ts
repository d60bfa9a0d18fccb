/** SIGKILL right after writes were acknowledged, of each kind that there is: the next server has them all. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Table, vectorFromArray } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schemaToIpc, tableToIpc } from "../../src/chunk/arrow.js";
import { numberArray } from "../../src/chunk/index.js";
import { FLOAT64, field, INT64, listOf } from "../../src/core/index.js";
import { DataSourceKind, EntryKind, TableInsertMode } from "../../src/protos/redap.js";
import { dataframePartFromIpc } from "../../src/rpc/index.js";
import { arrayFromValues } from "../support/array-from-values.js";
import { recordingBytes } from "../support/recording-bytes.js";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../support/redap-client.js";
import { type ServerProcess, startOurServer } from "../support/redap-servers.js";
import { scalarChunk } from "../support/scalar-chunk.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-writes-"));
const ROW_FIELDS = [field("id", INT64, true, new Map([["rerun:is_table_index", "true"]])), field("v", INT64, true)];
let server: ServerProcess;
let client: RedapService;

beforeAll(async () => {
  const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);
  for (const id of ["a", "b", "c"]) write(`${id}.rrd`, recordingBytes(id, [scalarChunk([1], [1])]));
  write("extra.rrd", recordingBytes("a", [scalarChunk([9], [2], { entityPath: "/extra" })]));
  const fixed = scalarChunk([], [1], { timeline: undefined });
  write("layout.rbl", recordingBytes("layout", [fixed], "blueprint"));
  write("mesh.rrd", recordingBytes("mesh", [fixed]));
  mkdirSync(join(folder, "data"));
  await start();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  server = await startOurServer(["--data-dir", join(folder, "data")]);
  client = connectRedap(server.port);
}

async function killAndStart(): Promise<void> {
  await server.stop("SIGKILL");
  await start();
}

async function idOf(name: string): Promise<string | undefined> {
  const { entries } = await client.findEntries({ filter: { name, entryKinds: [EntryKind.DATASET, EntryKind.TABLE] } });
  return entries[0] === undefined ? undefined : hexOf(entries[0].id?.id);
}

/** Gives the tasks, which may not have ended. */
async function register(dataset: string, urls: readonly string[], layer = "base"): Promise<string[]> {
  const dataSources = urls.map((url) => ({
    storageUrl: url.includes("://") ? url : pathToFileURL(join(folder, url)).href,
    typ: DataSourceKind.RRD,
    layer,
  }));
  const { data } = await client.registerWithDataset({ dataSources }, withId(dataset));
  return cells(tableOfPart(data), "rerun_task_id");
}

async function outcomes(tasks: readonly string[]): Promise<string[]> {
  const statuses: string[] = [];
  const ids = tasks.map((id) => ({ id }));
  for await (const { data } of client.queryTasksOnCompletion({ ids, timeout: { seconds: 60n } })) {
    statuses.push(...cells(tableOfPart(data), "exec_status"));
  }
  return statuses;
}

function cells(table: Table, column: string): string[] {
  return [...(table.getChild(column) ?? vectorFromArray([]))].map(String);
}

/** `segment/layer` of what a dataset has. */
async function layersOf(dataset: string): Promise<string[]> {
  const layers: string[] = [];
  for await (const { data } of client.scanDatasetManifest({}, withId(dataset))) {
    const table = tableOfPart(data);
    const names = cells(table, "rerun_layer_name");
    layers.push(...cells(table, "rerun_segment_id").map((segment, row) => `${segment}/${names[row]}`));
  }
  return layers;
}

async function rowsOf(table: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const { dataframePart } of client.scanTable({}, withId(table))) {
    const part = tableOfPart(dataframePart);
    const values = cells(part, "v");
    rows.push(...cells(part, "id").map((id, row) => `${id}:${values[row]}`));
  }
  return rows.sort();
}

async function write(table: string, insertMode: TableInsertMode, rows: Readonly<Record<number, number>>): Promise<void> {
  const [ids, values] = [Object.keys(rows).map(BigInt), Object.values(rows).map(BigInt)];
  const columns = [numberArray(INT64, ids), numberArray(INT64, values)];
  const ipc = tableToIpc({ fields: ROW_FIELDS, metadata: new Map(), numRows: ids.length, columns });
  const requests = (async function* () {
    yield { insertMode, dataframePart: dataframePartFromIpc(ipc) };
  })();
  await client.writeTable(requests, withId(table));
}

async function propertiesOf(dataset: string): Promise<bigint[]> {
  const revisions: bigint[] = [];
  for await (const { segments } of client.getSegmentProperties({ segmentIds: [{ id: "a" }] }, withId(dataset))) {
    revisions.push(...segments.map(({ revision }) => revision));
  }
  return revisions;
}

async function unregister(dataset: string, segments: readonly string[], layersToDrop: string[]): Promise<void> {
  const segmentsToDrop = segments.map((id) => ({ id }));
  for await (const _ of client.unregisterFromDataset({ segmentsToDrop, layersToDrop }, withId(dataset)));
}

test("datasets: made, renamed, with what was registered though it was not done yet", async () => {
  const id = hexOf((await client.createDatasetEntry({ name: "first name" })).dataset?.details?.id?.id);
  await client.updateEntry({ entryDetailsUpdate: { name: "drives" } }, withId(id));
  const tasks = await register(id, ["a.rrd", "b.rrd"]);
  await killAndStart();
  expect([await idOf("first name"), await idOf("drives")]).toEqual([undefined, id]);
  expect(await outcomes(tasks)).toEqual(["success", "success"]);
  expect(await layersOf(id)).toEqual(["a/base", "b/base"]);
});

test("layers, what was unregistered, the default blueprint, assets, properties", async () => {
  const id = (await idOf("drives")) ?? "";
  await outcomes(await register(id, ["extra.rrd"], "extra"));
  await unregister(id, ["b"], []);
  const { blueprintDataset, assetDataset } = (await client.readDatasetEntry({}, withId(id))).dataset?.datasetDetails ?? {};
  const [layouts, assets] = [hexOf(blueprintDataset?.id), hexOf(assetDataset?.id)];
  await outcomes([...(await register(layouts, ["layout.rbl"])), ...(await register(assets, ["mesh.rrd"]))]);
  const defaultBlueprintSegment = { id: "layout" };
  await client.updateDatasetEntry(
    {
      datasetDetails: {
        defaultBlueprintSegment,
        ...(blueprintDataset === undefined ? {} : { blueprintDataset }),
        ...(assetDataset === undefined ? {} : { assetDataset }),
      },
    },
    withId(id),
  );
  const fields = [field("property:x", listOf(FLOAT64), true)];
  const columns = [arrayFromValues(listOf(FLOAT64), [[1.5]])];
  const properties = dataframePartFromIpc(tableToIpc({ fields, metadata: new Map(), numRows: 1, columns }));
  const { revision } = await client.setSegmentProperties({ segmentId: { id: "a" }, properties }, withId(id));
  await killAndStart();
  expect(await layersOf(id)).toEqual(["a/base", "a/extra"]);
  expect([await layersOf(layouts), await layersOf(assets)]).toEqual([["layout/base"], ["mesh/base"]]);
  const { dataset } = await client.readDatasetEntry({}, withId(id));
  expect(dataset?.datasetDetails?.defaultBlueprintSegment?.id).toBe("layout");
  expect(await propertiesOf(id)).toEqual([revision]);
  await client.deleteSegmentProperties({ segments: [{ segmentId: { id: "a" } }] }, withId(id));
  await unregister(id, [], ["extra"]);
  await killAndStart();
  expect([await propertiesOf(id), await layersOf(id)]).toEqual([[], ["a/base"]]);
});

test("tables: made, written in each way, registered, described", async () => {
  const schema = { arrowSchema: schemaToIpc(ROW_FIELDS, new Map()) };
  const { table } = await client.createTableEntry({ name: "rows", schema });
  const id = hexOf(table?.details?.id?.id);
  const { providerDetails } = table ?? {};
  await write(id, TableInsertMode.APPEND, { 1: 10, 2: 20 });
  await killAndStart();
  expect([await idOf("rows"), await rowsOf(id)]).toEqual([id, ["1:10", "2:20"]]);
  await write(id, TableInsertMode.REPLACE, { 2: 21, 3: 30 });
  await write(id, TableInsertMode.UPDATE, { 1: 11 });
  await client.updateTableEntry({ tableDetails: { defaultBlueprintSegment: { id: "layout" } } }, withId(id));
  await client.registerTable({ name: "same rows", ...(providerDetails === undefined ? {} : { providerDetails }) });
  await killAndStart();
  expect(await rowsOf((await idOf("same rows")) ?? "")).toEqual(["1:11", "2:21", "3:30"]);
  const described = (await client.readTableEntry({}, withId(id))).table?.tableDetails;
  expect(described?.defaultBlueprintSegment?.id).toBe("layout");
  await write(id, TableInsertMode.OVERWRITE, { 7: 70 });
  await killAndStart();
  expect(await rowsOf(id)).toEqual(["7:70"]);
});

test("uploads, tasks that were cancelled, and what was deleted", async () => {
  const id = (await idOf("drives")) ?? "";
  const { grant, storageUrl = "" } = await client.getWriteAccessGrant({ key: "up/x.rrd" });
  const url = grant?.redemption.case === "httpRequest" ? grant.redemption.value.url : "";
  const put = async (): Promise<number> => {
    const body = Buffer.from(recordingBytes("up", [scalarChunk([1], [1])]));
    return (await fetch(`http://127.0.0.1:${server.port}${url}`, { method: "PUT", body })).status;
  };
  expect(await put()).toBe(200);
  await killAndStart();
  expect(await put()).toBe(412);
  expect(await outcomes(await register(id, [storageUrl]))).toEqual(["success"]);
  const tasks = await register(id, ["c.rrd"]);
  await client.cancelTasks({ ids: tasks.map((task) => ({ id: task })) });
  const before = await outcomes(tasks);
  await client.deleteEntry({}, withId((await idOf("rows")) ?? ""));
  await killAndStart();
  expect(await outcomes(tasks)).toEqual(before);
  expect(await layersOf(id)).toEqual(["a/base", ...(before[0] === "success" ? ["c/base"] : []), "up/base"]);
  await client.deleteEntry({}, withId(id));
  await killAndStart();
  expect([await idOf("rows"), await idOf("drives")]).toEqual([undefined, undefined]);
  const hidden = [EntryKind.BLUEPRINT_DATASET, EntryKind.ASSET_DATASET];
  const { entries } = await client.findEntries({ filter: { entryKinds: hidden } });
  expect(entries.filter(({ name }) => name?.includes(id))).toEqual([]);
});
