import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tableToIpc } from "../../src/chunk/arrow.js";
import { numberArray } from "../../src/chunk/index.js";
import { field, INT64 } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import {
  type DataframePart,
  DataSourceKind,
  EntryKind,
  FillMode,
  type FindChunksRequestSchema,
  IfDuplicateBehavior,
  TableInsertMode,
} from "../../src/protos/redap.js";
import { dataframePartFromIpc } from "../../src/rpc/index.js";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../support/redap-client.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";

type Init = Record<string, unknown>;

/** One server with the same contents. */
interface Subject {
  readonly process: ServerProcess;
  readonly client: RedapService;
  /** Of the dataset, the table and the system table. */
  readonly ids: { readonly ds: string; readonly table: string; readonly entries: string };
}

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-calls-"));
const subjects: { real?: Subject; ours?: Subject } = {};
const NO_ENTRY = "0".repeat(32);

beforeAll(async () => {
  mkdirSync(join(folder, "files"));
  for (const segment of ["seg1", "seg2"]) await recordSegment(segment);
  subjects.real = await fill(await startRealServer());
  subjects.ours = await fill(await startOurServer(["--data-dir", join(folder, "data")]));
}, 60_000);

afterAll(async () => {
  await subjects.real?.process.stop();
  await subjects.ours?.process.stop();
  rmSync(folder, { recursive: true });
});

async function recordSegment(segment: string): Promise<void> {
  const rec = new rr.RecordingStream("calls", { recordingId: segment });
  rec.save(join(folder, "files", `${segment}.rrd`));
  rec.sendRecordingName(segment);
  rec.log("static", new rr.TextDocument("hello"), { static: true });
  for (let frame = 0; frame < 5; frame++) {
    rec.setTime("frame", { sequence: frame });
    rec.log("a/pts", new rr.Points3D([[frame, 0, 0]]));
    rec.log("b/s", new rr.Scalars(frame));
  }
  await rec.flush();
  rec.disconnect();
}

const uri = (segment: string): string => pathToFileURL(join(folder, "files", `${segment}.rrd`)).href;
const source = (storageUrl: string, more: Init = {}): Init => ({ storageUrl, typ: DataSourceKind.RRD, layer: "base", ...more });

async function fill(process: ServerProcess): Promise<Subject> {
  const client = connectRedap(process.port);
  const { dataset } = await client.createDatasetEntry({ name: "ds" });
  await client.createDatasetEntry({ name: "big" });
  const ds = hexOf(dataset?.details?.id?.id);
  const dataSources = ["seg1", "seg2"].map((segment) => source(uri(segment)));
  const { data } = await client.registerWithDataset({ dataSources, onDuplicate: IfDuplicateBehavior.ERROR }, withId(ds));
  const ids = [...new Set(column(data, "rerun_task_id"))].map((id) => ({ id: String(id) }));
  for await (const _ of client.queryTasksOnCompletion({ ids, timeout: { seconds: 60n } }));
  const schema = tableToIpc({
    fields: [field("id", INT64, true)],
    metadata: new Map(),
    numRows: 0,
    columns: [numberArray(INT64, [])],
  });
  const { table } = await client.createTableEntry({ name: "table", schema: { arrowSchema: schema } });
  const { entries } = await client.findEntries({ filter: { name: "__entries", entryKinds: [EntryKind.TABLE] } });
  return { process, client, ids: { ds, table: hexOf(table?.details?.id?.id), entries: hexOf(entries[0]?.id?.id) } };
}

function column(part: DataframePart | undefined, name: string): unknown[] {
  return [...(tableOfPart(part).getChild(name) ?? [])];
}

/** Code and text of the error, or how many rows each part of the answer has. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    const answer = call();
    if (!isIterable(answer)) return ["ok", rowsOf(await answer)];
    const parts: unknown[] = [];
    for await (const part of answer) parts.push(rowsOf(part));
    return ["ok", ...parts.sort()];
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return [Code[code], rawMessage.replaceAll(/[0-9A-Fa-f]{32}/g, "<id>")];
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function rowsOf(message: unknown): number | undefined {
  const { data, dataframePart } = message as { data?: DataframePart; dataframePart?: DataframePart };
  const part = data ?? dataframePart;
  return part === undefined ? undefined : tableOfPart(part).numRows;
}

function ipc(columns: Readonly<Record<string, readonly bigint[]>>): DataframePart {
  const names = Object.keys(columns);
  const arrays = names.map((name) => numberArray(INT64, columns[name] ?? []));
  const fields = names.map((name, index) => field(name, arrays[index]?.type ?? INT64, true));
  return dataframePartFromIpc(tableToIpc({ fields, metadata: new Map(), numRows: arrays[0]?.length ?? 0, columns: arrays }));
}

const all = { selection: { case: "all" as const, value: {} } };
const range = (more: Init = {}): Init => ({
  contents: all,
  mode: { case: "range", value: { timeline: "frame", segments: all, fillMode: FillMode.NONE, ...more } },
});
const samples = (segments: readonly Init[], more: Init = {}): Init => ({
  contents: all,
  mode: { case: "samples", value: { timeline: "frame", fillMode: FillMode.LATEST_AT, segments, ...more } },
});
const sample = (id: string, ...values: bigint[]): Init => ({ segmentId: { id }, values });
const entities = (...list: Init[]): Init => ({ contents: { selection: { case: "explicit", value: { entities: list } } } });

type Probe = (subject: Subject) => unknown;
const find =
  (request: Init): Probe =>
  ({ client, ids }) =>
    client.findChunks(request as MessageInitShape<typeof FindChunksRequestSchema>, withId(ids.ds));
const onFrame = { timeline: { name: "frame" } };
const query =
  (more: Init): Probe =>
  ({ client, ids }) =>
    client.queryDataset({ selectAllEntityPaths: true, ...more }, withId(ids.ds));
const register =
  (dataSources: Init[], onDuplicate = IfDuplicateBehavior.ERROR): Probe =>
  ({ client, ids }) =>
    client.registerWithDataset({ dataSources, onDuplicate }, withId(ids.ds));
const create =
  (name: string): Probe =>
  ({ client }) =>
    client.createDatasetEntry({ name });
const write =
  (...parts: [TableInsertMode, DataframePart][]): Probe =>
  ({ client, ids }) =>
    client.writeTable(
      (async function* () {
        for (const [insertMode, dataframePart] of parts) yield { insertMode, dataframePart };
      })(),
      withId(ids.table),
    );
const setProperties =
  (more: Init): Probe =>
  ({ client, ids }) =>
    client.setSegmentProperties({ segmentId: { id: "seg1" }, ...more }, withId(ids.ds));

/** Calls that shall have the same outcome. */
const SAME: Readonly<Record<string, Probe>> = {
  "ReadDatasetEntry no header": ({ client }) => client.readDatasetEntry({}),
  "ReadDatasetEntry bad id": ({ client }) => client.readDatasetEntry({}, withId("zz")),
  "ReadDatasetEntry unknown id": ({ client }) => client.readDatasetEntry({}, withId(NO_ENTRY)),
  "ReadDatasetEntry upper case": ({ client, ids }) => client.readDatasetEntry({}, withId(ids.ds.toUpperCase())),
  "ReadDatasetEntry by name": ({ client }) =>
    client.readDatasetEntry({}, { headers: { "x-rerun-entry-name-bin": Buffer.from("ds").toString("base64") } }),
  "ReadDatasetEntry on a table": ({ client, ids }) => client.readDatasetEntry({}, withId(ids.table)),
  "ReadTableEntry on a dataset": ({ client, ids }) => client.readTableEntry({}, withId(ids.ds)),
  "ReadTableEntry unknown": ({ client }) => client.readTableEntry({}, withId(NO_ENTRY)),
  "GetTableSchema unknown": ({ client }) => client.getTableSchema({}, withId(NO_ENTRY)),
  "GetTableSchema on a dataset": ({ client, ids }) => client.getTableSchema({}, withId(ids.ds)),
  "UpdateTableEntry unknown": ({ client }) => client.updateTableEntry({}, withId(NO_ENTRY)),
  "UpdateDatasetEntry nothing": ({ client, ids }) => client.updateDatasetEntry({}, withId(ids.ds)),
  "UpdateEntry of an unknown id": ({ client }) => client.updateEntry({ entryDetailsUpdate: { name: "x" } }, withId(NO_ENTRY)),
  "UpdateTableEntry of an unknown id": ({ client }) => client.updateTableEntry({ tableDetails: {} }, withId(NO_ENTRY)),
  "UpdateEntry unknown": ({ client }) => client.updateEntry({}, withId(NO_ENTRY)),
  "GetDatasetSchema unknown": ({ client }) => client.getDatasetSchema({}, withId(NO_ENTRY)),
  "FindEntries kinds UNSPECIFIED": ({ client }) => client.findEntries({ filter: { entryKinds: [EntryKind.UNSPECIFIED] } }),
  "FindEntries bad name": ({ client }) => client.findEntries({ filter: { name: "a/b$" } }),
  "FindEntries unknown name": ({ client }) => client.findEntries({ filter: { name: "none" } }),
  "CreateDataset empty name": create(""),
  "CreateDataset bad name": create("a/b"),
  "CreateDataset long name": create("a".repeat(181)),
  "CreateDataset __x": create("__x"),
  "CreateDataset x__manifest": create("x__manifest"),
  "CreateDataset taken": create("ds"),
  "Register no sources": register([]),
  "Register http": register([source("http://x/y.rrd")]),
  "Register missing": register([source("file:///x/y.rrd")]),
  "Register typ unspecified": register([source("file:///x/y.rrd", { typ: 0 })]),
  "Register prefix missing": register([source("file:///x/y", { prefix: true })]),
  "Register twice": register([source(uri("seg2"), { layer: "x" }), source(uri("seg2"), { layer: "x" })]),
  "Register on a table": ({ client, ids }) => client.registerWithDataset({ dataSources: [] }, withId(ids.table)),
  "Unregister empty": ({ client, ids }) => client.unregisterFromDataset({}, withId(ids.ds)),
  "Unregister unknown": ({ client, ids }) => client.unregisterFromDataset({ segmentsToDrop: [{ id: "nope" }] }, withId(ids.ds)),
  ScanSegmentTable: ({ client, ids }) => client.scanSegmentTable({}, withId(ids.ds)),
  "ScanSegmentTable bad column": ({ client, ids }) => client.scanSegmentTable({ columns: ["nope"] }, withId(ids.ds)),
  "ScanSegmentTable column twice": ({ client, ids }) =>
    client.scanSegmentTable({ columns: ["rerun_segment_id", "rerun_segment_id"] }, withId(ids.ds)),
  "ScanSegmentTable scan_only nothing": ({ client, ids }) =>
    client.scanSegmentTable({ segmentIdFilter: { strategy: { case: "scanOnly", value: {} } } }, withId(ids.ds)),
  "ScanSegmentTable skip": ({ client, ids }) =>
    client.scanSegmentTable({ segmentIdFilter: { strategy: { case: "skip", value: { segmentIds: ["seg1"] } } } }, withId(ids.ds)),
  "ScanDatasetManifest layer": ({ client, ids }) =>
    client.scanDatasetManifest(
      { layerNameFilter: { strategy: { case: "scanOnly", value: { layerNames: ["q"] } } } },
      withId(ids.ds),
    ),
  GetRrdManifest: ({ client, ids }) => client.getRrdManifest({ segmentId: { id: "seg1" } }, withId(ids.ds)),
  "GetRrdManifest unknown": ({ client, ids }) => client.getRrdManifest({ segmentId: { id: "nope" } }, withId(ids.ds)),
  "GetRrdManifest no segment": ({ client, ids }) => client.getRrdManifest({}, withId(ids.ds)),
  "GetSchemas bad id": ({ client, ids }) =>
    client.getSchemas({ schemaIds: [{ sha256: Uint8Array.of(1, 2, 3) }] }, withId(ids.ds)),
  "GetSchemas none": ({ client, ids }) => client.getSchemas({}, withId(ids.ds)),
  "FindChunks empty": find({}),
  "FindChunks no contents": find({ mode: range().mode }),
  "FindChunks no mode": find({ contents: all }),
  "FindChunks static": find({ contents: all, mode: { case: "static", value: { segments: all } } }),
  "FindChunks static without segments": find({ contents: all, mode: { case: "static", value: {} } }),
  "FindChunks range": find(range()),
  "FindChunks range no fill mode": find(range({ fillMode: FillMode.UNSPECIFIED })),
  "FindChunks range no segments": find(range({ segments: undefined })),
  "FindChunks range 1..2": find(range({ startInclusive: 1n, endInclusive: 2n })),
  "FindChunks range behind": find(range({ startInclusive: 100n, endInclusive: 200n })),
  "FindChunks range behind, latest at": find(range({ startInclusive: 100n, endInclusive: 200n, fillMode: FillMode.LATEST_AT })),
  "FindChunks latest at without start": find(range({ fillMode: FillMode.LATEST_AT })),
  "FindChunks earliest at": find(range({ startInclusive: -9n, endInclusive: -5n, fillMode: FillMode.EARLIEST_AT })),
  "FindChunks start after end": find(range({ startInclusive: 3n, endInclusive: 1n })),
  "FindChunks unknown timeline": find(range({ timeline: "zz" })),
  "FindChunks unknown segment": find(range({ segments: { selection: { case: "explicit", value: { ids: [{ id: "nope" }] } } } })),
  "FindChunks no segment": find(range({ segments: { selection: { case: "explicit", value: {} } } })),
  "FindChunks no entity": find({ ...range(), ...entities() }),
  "FindChunks entity without components": find({ ...range(), ...entities({ entityPath: { path: "/a/pts" } }) }),
  "FindChunks entity": find({
    ...range(),
    ...entities({ entityPath: { path: "/a/pts" }, components: { case: "all", value: {} } }),
  }),
  "FindChunks component": find({
    ...range(),
    ...entities({ entityPath: { path: "/b/s" }, components: { case: "explicit", value: { ids: ["Scalars:scalars"] } } }),
  }),
  "FindChunks samples": find(samples([sample("seg1", 2n)])),
  "FindChunks samples before all": find(samples([sample("seg1", -2n)])),
  "FindChunks samples, no fill": find(samples([sample("seg1", 99n)], { fillMode: FillMode.NONE })),
  "FindChunks samples segment twice": find(samples([sample("seg1", 2n), sample("seg1", 3n)])),
  "FindChunks samples none": find(samples([])),
  "FindChunks samples unsorted": find(samples([sample("seg1", 3n, 1n, 2n)])),
  "QueryDataset nothing": ({ client, ids }) => client.queryDataset({}, withId(ids.ds)),
  "QueryDataset all and paths": ({ client, ids }) =>
    client.queryDataset({ selectAllEntityPaths: true, entityPaths: [{ path: "/a" }] }, withId(ids.ds)),
  "QueryDataset all": ({ client, ids }) => client.queryDataset({ selectAllEntityPaths: true }, withId(ids.ds)),
  "QueryDataset latest at": query({ query: { latestAt: { index: onFrame, at: 2n } } }),
  "QueryDataset latest at before all": query({ query: { latestAt: { index: onFrame, at: -2n } } }),
  "QueryDataset range": query({ query: { range: { index: onFrame, indexRange: { start: 1n, end: 2n } } } }),
  "QueryDataset range behind": query({ query: { range: { index: onFrame, indexRange: { start: 100n, end: 200n } } } }),
  "QueryDataset no static": query({ excludeStaticData: true }),
  "QueryDataset no temporal": query({ excludeTemporalData: true }),
  "QueryDataset chunk ids": query({ chunkIds: [{ timeNs: 1n, inc: 2n }] }),
  "QueryDataset scan parameters": query({ scanParameters: { limitLen: 1n, columns: ["chunk_id"] } }),
  "QueryDataset per-segment values": query({
    query: { latestAt: { index: onFrame, perSegmentValues: [{ values: [1n] }, { values: [-3n] }] } },
    segmentIds: [{ id: "seg1" }, { id: "seg2" }],
  }),
  "QueryDataset both": query({
    query: { latestAt: { index: onFrame, at: 3n }, range: { index: onFrame, indexRange: { start: 1n, end: 2n } } },
  }),
  "QueryDataset both, anchored": query({
    query: { latestAt: { index: onFrame, at: 1n }, range: { index: onFrame, indexRange: { start: 1n, end: 2n } } },
  }),
  "QueryDataset unknown timeline": query({ query: { latestAt: { index: { timeline: { name: "zz" } }, at: 3n } } }),
  "QueryDataset one segment": query({ segmentIds: [{ id: "seg2" }] }),
  "QueryDataset unknown segment": query({ segmentIds: [{ id: "nope" }] }),
  "QueryDataset component": query({ fuzzyDescriptors: ["Scalars:scalars"] }),
  "QueryDataset entity": query({ selectAllEntityPaths: false, entityPaths: [{ path: "/a/pts" }] }),
  "FetchChunks none": ({ client }) => client.fetchChunks({}),
  "GetSegmentProperties unknown": ({ client, ids }) =>
    client.getSegmentProperties({ segmentIds: [{ id: "nope" }] }, withId(ids.ds)),
  "GetSegmentProperties none": ({ client, ids }) => client.getSegmentProperties({}, withId(ids.ds)),
  "SetSegmentProperties none": setProperties({}),
  "SetSegmentProperties two rows": setProperties({ properties: ipc({ "property:a": [1n, 2n] }) }),
  SetSegmentProperties: setProperties({ properties: ipc({ "property:a": [1n] }), expectedRevision: 0n }),
  "DeleteSegmentProperties other revision": ({ client, ids }) =>
    client.deleteSegmentProperties({ segments: [{ segmentId: { id: "seg1" }, expectedRevision: 1n }] }, withId(ids.ds)),
  "GetAssetsForSegment unknown": ({ client, ids }) => client.getAssetsForSegment({ segmentId: { id: "nope" } }, withId(ids.ds)),
  "QueryTasks none": ({ client }) => client.queryTasks({}),
  CancelTasks: ({ client }) => client.cancelTasks({ ids: [{ id: "task_x" }] }),
  "DeleteEntry unknown": ({ client }) => client.deleteEntry({}, withId(NO_ENTRY)),
  "DoBandwidthTest huge": ({ client }) => client.doBandwidthTest({ numBytes: 1n << 40n }),
  DoBandwidthTest: ({ client }) => client.doBandwidthTest({ numBytes: 3n }),
  GetWriteAccessGrant: ({ client }) => client.getWriteAccessGrant({ key: "z/y.rrd" }),
  "GetWriteAccessGrant bad key": ({ client }) => client.getWriteAccessGrant({ key: "../x" }),
  GetMultipartUploadPartGrants: ({ client }) => client.getMultipartUploadPartGrants({}),
  CompleteMultipartUpload: ({ client }) => client.completeMultipartUpload({}),
  AbortMultipartUpload: ({ client }) => client.abortMultipartUpload({}),
  DoGlobalMaintenance: ({ client }) => client.doGlobalMaintenance({}),
  DoMaintenance: ({ client, ids }) => client.doMaintenance({}, withId(ids.ds)),
  "ScanTable unknown": ({ client }) => client.scanTable({}, withId(NO_ENTRY)),
  ScanTable: ({ client, ids }) => client.scanTable({}, withId(ids.table)),
  "WriteTable nothing": write(),
  "WriteTable append": write([TableInsertMode.UNSPECIFIED, ipc({ id: [1n, 2n] })], [TableInsertMode.APPEND, ipc({ id: [3n] })]),
  "WriteTable overwrite then append": write(
    [TableInsertMode.OVERWRITE, ipc({ id: [7n], more: [8n] })],
    [TableInsertMode.APPEND, ipc({ id: [9n] })],
  ),
  "UpdateEntry to a taken name": ({ client, ids }) => client.updateEntry({ entryDetailsUpdate: { name: "big" } }, withId(ids.ds)),
  "UpdateDatasetEntry wrong kind": ({ client, ids }) =>
    client.updateDatasetEntry({ datasetDetails: { blueprintDataset: idMessage(ids.ds) } }, withId(ids.ds)),
};

function idMessage(hex: string): { id: { timeNs: bigint; inc: bigint } } {
  return { id: { timeNs: BigInt(`0x${hex.slice(0, 16)}`), inc: BigInt(`0x${hex.slice(16)}`) } };
}

/** Calls with an outcome of our own (docs/differences.md). */
const OWN: Readonly<Record<string, readonly [Probe, unknown]>> = {
  // Chunks without the component are not sent; the real server sends them.
  "FindChunks other component": [
    find({
      ...range(),
      ...entities({ entityPath: { path: "/b/s" }, components: { case: "explicit", value: { ids: ["scalars"] } } }),
    }),
    ["ok", 0],
  ],
  "Register s3": [
    register([source("s3://some/y.rrd")]),
    ["PermissionDenied", expect.stringContaining("Start it with --root s3://some or a prefix there: s3://some/y.rrd")],
  ],
  "QueryTasks unknown": [({ client }) => client.queryTasks({ ids: [{ id: "task_x" }] }), ["NotFound", "Task 'task_x' not found"]],
  "DeleteEntry __entries": [
    ({ client, ids }) => client.deleteEntry({}, withId(ids.entries)),
    ["InvalidArgument", "The system table '__entries' cannot be deleted"],
  ],
  "WriteTable extra column": [
    write([TableInsertMode.APPEND, ipc({ zz: [1n] })]),
    ["InvalidArgument", expect.stringContaining("no column 'zz'")],
  ],
  "WriteTable upsert without index": [
    write([TableInsertMode.REPLACE, ipc({ id: [1n] })]),
    ["InvalidArgument", expect.stringContaining("has no index column")],
  ],
  "WriteTable __entries": [
    ({ client, ids }) => client.writeTable((async function* () {})(), withId(ids.entries)),
    ["InvalidArgument", "The system table '__entries' cannot be written"],
  ],
  "RegisterTable missing": [
    ({ client }) =>
      client.registerTable({
        name: "t",
        providerDetails: { typeUrl: "/rerun.cloud.v1alpha1.LanceTable", value: Buffer.from("\n\x0bfile:///x/y") },
      }),
    ["NotFound", "There is no Lance table: file:///x/y"],
  ],
};

/** Makes a table whose rows are told apart by `id`, writes rows one after the other, and gives what it has then. */
async function writeIndexed(
  { client }: Subject,
  name: string,
  ...writes: [TableInsertMode, bigint[], bigint[]][]
): Promise<(readonly [bigint, bigint])[]> {
  const index = new Map([["rerun:is_table_index", "true"]]);
  const fields = [field("id", INT64, true, index), field("value", INT64, true)];
  const part = (ids: bigint[], values: bigint[]): Uint8Array => {
    const columns = [numberArray(INT64, ids), numberArray(INT64, values)];
    return tableToIpc({ fields, metadata: new Map(), numRows: ids.length, columns });
  };
  const { table } = await client.createTableEntry({ name, schema: { arrowSchema: part([], []) } });
  const id = withId(hexOf(table?.details?.id?.id));
  const requests = async function* (): AsyncGenerator<{ insertMode: TableInsertMode; dataframePart: DataframePart }> {
    for (const [insertMode, ids, values] of writes) yield { insertMode, dataframePart: dataframePartFromIpc(part(ids, values)) };
  };
  await client.writeTable(requests(), id);
  const rows: (readonly [bigint, bigint])[] = [];
  for await (const { dataframePart } of client.scanTable({}, id)) {
    for (const row of tableOfPart(dataframePart).toArray()) rows.push([row.id as bigint, row.value as bigint]);
  }
  return rows.sort(([a], [b]) => Number(a - b));
}

describe("rows that are told apart by an index column", () => {
  const { APPEND, REPLACE, UPDATE } = TableInsertMode;

  it.each([
    ["updated where they are there; its clients cannot ask for it", "updated", UPDATE, []],
    ["replaced or added", "replaced", REPLACE, [[9n, 90n]]],
  ] as const)("are %s, as on the real server", async (_, name, mode, added) => {
    for (const subject of [subjects.real, subjects.ours] as Subject[]) {
      const rows = await writeIndexed(subject, name, [APPEND, [1n, 2n], [10n, 20n]], [mode, [2n, 9n], [21n, 90n]]);
      expect(rows, subject.process.url).toEqual([[1n, 10n], [2n, 21n], ...added]);
    }
  });
});

describe("calls that are wrong, or at the edge", () => {
  it.each(Object.keys(SAME))("%s: the same outcome as on the real server", async (name) => {
    const probe = SAME[name] as Probe;
    const [real, ours] = [
      await outcome(() => probe(subjects.real as Subject)),
      await outcome(() => probe(subjects.ours as Subject)),
    ];
    expect(ours).toEqual(real);
  });

  it.each(Object.keys(OWN))("%s: our own outcome", async (name) => {
    const [probe, expected] = OWN[name] as readonly [Probe, unknown];
    expect(await outcome(() => probe(subjects.ours as Subject))).toEqual(expected);
  });
});
