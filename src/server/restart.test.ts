/** What a server was told it tells after a restart, each thing of it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingBytes } from "../../tests/support/recording-bytes.js";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../../tests/support/redap-client.js";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { schemaToIpc, tableToIpc } from "../chunk/arrow.js";
import { numberArray } from "../chunk/index.js";
import { field, INT64 } from "../core/index.js";
import { type DataframePart, DataSourceKind, type EntryId, IfDuplicateBehavior, TableInsertMode } from "../protos/redap.js";
import { dataframePartFromIpc } from "../rpc/index.js";
import { type PlatformServer, startPlatformServer } from "./start-server.js";

const FIXTURES = fileURLToPath(new URL("../../tests/fixtures/rrd/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rerun-ts-restart-"));
const ids = { dataset: "", table: "", deleted: "", tasks: [] as string[], upload: "" };
const hidden = { blueprints: "", assets: "" };
let server: PlatformServer;
let client: RedapService;

const ids64 = (...rows: bigint[]): DataframePart =>
  dataframePartFromIpc(
    tableToIpc({
      fields: [field("id", INT64, true)],
      metadata: new Map(),
      numRows: rows.length,
      columns: [numberArray(INT64, rows)],
    }),
  );

async function start(): Promise<void> {
  server = await startPlatformServer({ port: 0, dataDir: join(folder, "data"), version: "1" });
  client = connectRedap(server.port);
}

beforeAll(async () => {
  mkdirSync(join(folder, "files"));
  copyFileSync(join(FIXTURES, "conv_time.rrd"), join(folder, "files", "conv_time.rrd"));
  const chunk = scalarChunk([], [1], { entityPath: "/fixed", timeline: undefined });
  for (const kind of ["recording", "blueprint"] as const) {
    writeFileSync(join(folder, "files", `${kind}.rrd`), recordingBytes(`a ${kind}`, [chunk], kind));
  }
  await start();
  await fill();
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function register(dataset: string, storageUrl: string, layer = "base"): Promise<void> {
  const dataSources = [{ storageUrl, typ: DataSourceKind.RRD, layer }];
  const request = { dataSources, onDuplicate: IfDuplicateBehavior.ERROR };
  const { data } = await client.registerWithDataset(request, withId(dataset));
  const tasks = [...(tableOfPart(data).getChild("rerun_task_id") ?? [])].map(String);
  ids.tasks.push(...tasks);
  for await (const _ of client.queryTasksOnCompletion({ ids: tasks.map((id) => ({ id })), timeout: { seconds: 30n } }));
}

async function fill(): Promise<void> {
  const uri = (name: string): string => pathToFileURL(join(folder, "files", name)).href;
  ids.dataset = hexOf((await client.createDatasetEntry({ name: "first" })).dataset?.details?.id?.id);
  ids.deleted = hexOf((await client.createDatasetEntry({ name: "deleted" })).dataset?.details?.id?.id);
  const { dataset } = await client.readDatasetEntry({}, withId(ids.dataset));
  const details = dataset?.datasetDetails;
  const idOf = (entry: EntryId | undefined): string => hexOf(entry?.id);
  [hidden.blueprints, hidden.assets] = [idOf(details?.blueprintDataset), idOf(details?.assetDataset)];
  await register(ids.dataset, uri("conv_time.rrd"));
  await register(ids.dataset, uri("conv_time.rrd")); // fails: it is there
  await register(hidden.blueprints, uri("blueprint.rrd"));
  await register(hidden.assets, uri("recording.rrd"));
  await client.updateEntry({ entryDetailsUpdate: { name: "renamed" } }, withId(ids.dataset));
  const kept = {
    ...(details?.blueprintDataset && { blueprintDataset: details.blueprintDataset }),
    ...(details?.assetDataset && { assetDataset: details.assetDataset }),
  };
  const defaults = { defaultBlueprintSegment: { id: "b" }, defaultSegmentTableBlueprintSegment: { id: "t" } };
  await client.updateDatasetEntry({ datasetDetails: { ...kept, ...defaults } }, withId(ids.dataset));
  await client.setSegmentProperties({ segmentId: { id: "s" }, properties: ids64(7n) }, withId(ids.dataset));
  const schema = { arrowSchema: schemaToIpc([field("id", INT64, true)], new Map()) };
  ids.table = hexOf((await client.createTableEntry({ name: "rows", schema })).table?.details?.id?.id);
  for (const row of [1n, 2n]) {
    const message = { insertMode: TableInsertMode.APPEND, dataframePart: ids64(row) };
    await client.writeTable(once(message), withId(ids.table));
  }
  await client.updateTableEntry({ tableDetails: { defaultBlueprintSegment: { id: "b" } } }, withId(ids.table));
  const granted = await client.getWriteAccessGrant({ key: "up/load.rrd" });
  const redemption = granted.grant?.redemption;
  const address = `http://127.0.0.1:${server.port}${redemption?.case === "httpRequest" ? redemption.value.url : ""}`;
  const body = readFileSync(join(folder, "files", "conv_time.rrd"));
  expect((await fetch(address, { method: "PUT", body })).status).toBe(200);
  ids.upload = granted.storageUrl;
  await register(ids.dataset, ids.upload, "uploaded");
  await client.deleteEntry({}, withId(ids.deleted));
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const message of messages) found.push(message);
  return found;
}

const rows = (part: DataframePart | undefined): string[] => tableOfPart(part).toArray().map(String);

/** Each is asked before and after the restart. */
const QUESTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  "entries with their names, ids, kinds and times": async () =>
    (await client.findEntries({ filter: { entryKinds: [1, 3, 5, 6] } })).entries,
  "defaults of a dataset": async () => (await client.readDatasetEntry({}, withId(ids.dataset))).dataset?.datasetDetails,
  "segments and layers": async () => (await all(client.scanSegmentTable({}, withId(ids.dataset)))).map(({ data }) => rows(data)),
  manifest: async () => (await all(client.scanDatasetManifest({}, withId(ids.dataset)))).map(({ data }) => rows(data)),
  schema: async () => (await client.getDatasetSchema({}, withId(ids.dataset))).schema,
  blueprints: async () => (await all(client.scanSegmentTable({}, withId(hidden.blueprints)))).map(({ data }) => rows(data)),
  "assets of a segment": async () =>
    (await all(client.getAssetsForSegment({ segmentId: { id: "conv-time" } }, withId(ids.dataset)))).map(({ assetSegmentIds }) =>
      assetSegmentIds.map(({ id }) => id),
    ),
  "properties with their revision": async () =>
    (await all(client.getSegmentProperties({ segmentIds: [{ id: "s" }] }, withId(ids.dataset))))[0]?.segments,
  "a table's place and default": async () => (await client.readTableEntry({}, withId(ids.table))).table,
  "a table's rows": async () =>
    (await all(client.scanTable({}, withId(ids.table)))).flatMap(({ dataframePart }) => rows(dataframePart)),
  "tasks and what became of them": async () =>
    rows((await client.queryTasks({ ids: ids.tasks.map((id) => ({ id })) })).data).map((row) => row.replaceAll(/\d{13,}/g, "…")),
  "keys of chunks, and the chunks": async () => {
    const [manifest] = await all(client.getRrdManifest({ segmentId: { id: "conv-time" } }, withId(ids.dataset)));
    const chunks = await all(client.fetchChunks({ chunkInfos: [manifest?.rrdManifest?.data as DataframePart] }));
    return [manifest?.rrdManifest?.data?.payload, chunks.flatMap((each) => each.chunks.map(({ payload }) => payload.length))];
  },
};

describe("after a restart a server tells the same of", () => {
  const before = new Map<string, unknown>();
  beforeAll(async () => {
    for (const [name, ask] of Object.entries(QUESTIONS)) before.set(name, await ask());
    await server.close();
    await start();
  });

  it.each(Object.keys(QUESTIONS))("%s", async (name) => {
    const answer = await QUESTIONS[name]?.();
    expect(answer).toEqual(before.get(name));
    // Something was there to be kept.
    expect(JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? String(value) : value)).length).toBeGreaterThan(6);
  });

  it("an upload: it is not overwritten, and what was deleted stays so", async () => {
    await expect(client.getWriteAccessGrant({ key: "up/load.rrd" })).rejects.toMatchObject({ code: 6 });
    await expect(client.readDatasetEntry({}, withId(ids.deleted))).rejects.toMatchObject({ code: 5 });
  });
});
