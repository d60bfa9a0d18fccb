/** Which calls are made again, after which status: by our client as by Rerun's. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import * as arrow from "apache-arrow";
import { expect, it, onTestFinished } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { CatalogClient, type DatasetEntry, type TableEntry } from "../../src/catalog/index.js";
import { type PlatformServer, startPlatformServer } from "../../src/server/index.js";
import { recordingBytes } from "../support/recording-bytes.js";
import { type RedapProxy, startRedapProxy } from "../support/redap-proxy.js";
import { scalarChunk } from "../support/scalar-chunk.js";

const PROGRAM = join(ROOT, "tests", "conformance", "python", "catalog_retries.py");

type Operation = (dataset: DatasetEntry, table: TableEntry) => Promise<unknown>;

/** Each as in the Python program, and the call that fails. */
const OPERATIONS: readonly (readonly [name: string, method: string, Operation])[] = [
  ["schema", "GetDatasetSchema", (dataset) => dataset.schema()],
  ["segment_ids", "ScanSegmentTable", (dataset) => dataset.segmentIds()],
  ["manifest", "ScanDatasetManifest", (dataset) => dataset.manifest().toArrow()],
  ["reader", "FindChunks", (dataset) => dataset.reader("frame").toArrow()],
  ["segment_store", "GetRrdManifest", (dataset) => dataset.segmentStore("drive")],
  ["segment_schema", "GetSchemas", async (dataset) => (await dataset.segment("drive")).schema()],
  ["table", "ScanTable", (_, table) => table.reader().toArrow()],
  ["append", "WriteTable", (_, table) => table.append({ id: [1n] })],
  ["rename", "UpdateEntry", (dataset) => dataset.setName("drives")],
  ["unregister", "UnregisterFromDataset", (dataset) => dataset.unregister({ segmentsToDrop: "none", layersToDrop: [] })],
];
/** Tried with all methods, and with this one. */
const CODES = [Code.Unavailable, Code.ResourceExhausted];
const MORE_CODES = [Code.DeadlineExceeded, Code.Internal, Code.Aborted, Code.NotFound];
const WITH_MORE_CODES = "FindChunks";
/** Where only our client asks again: these change nothing either. */
const OURS_ALONE: readonly string[] = [
  "ScanDatasetManifest after Unavailable",
  "FindChunks after Unavailable",
  "GetRrdManifest after ResourceExhausted",
  "ScanTable after Unavailable",
];

interface Case {
  readonly name: string;
  readonly method: string;
  readonly operation: Operation;
  readonly code: Code;
  readonly python: RedapProxy;
  readonly ours: RedapProxy;
}

async function startServer(): Promise<PlatformServer> {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-retries-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startPlatformServer({ port: 0, dataDir: join(folder, "data") });
  onTestFinished(() => server.close());
  const client = await CatalogClient.connect(server.url);
  writeFileSync(join(folder, "drive.rrd"), recordingBytes("drive", [scalarChunk([1, 2], [1, 2])]));
  await (await (await client.createDataset("drives")).register(join(folder, "drive.rrd"))).wait();
  await client.createTable("notes", new arrow.Schema([new arrow.Field("id", new arrow.Int64(), true)]));
  await client.close();
  return server;
}

async function proxyThatFails(server: PlatformServer, method: string, code: Code): Promise<RedapProxy> {
  const proxy = await startRedapProxy(server.port, {
    begin: (call) => {
      if (call.method === method) throw new ConnectError("not today", code);
    },
  });
  onTestFinished(() => proxy.close());
  return proxy;
}

async function runOurs({ operation, ours }: Case): Promise<void> {
  const client = await CatalogClient.connect(ours.url);
  const work = operation(await client.getDataset("drives"), await client.getTable("notes"));
  await expect(work).rejects.toMatchObject({ name: "RerunError", message: expect.stringContaining("not today") });
  await client.close();
}

/** The calls that were made again. */
function repeated(cases: readonly Case[], proxyOf: (each: Case) => RedapProxy): string[] {
  const again = cases.filter((each) => proxyOf(each).calls.filter(({ method }) => method === each.method).length > 1);
  return again.map(({ method, code }) => `${method} after ${Code[code]}`);
}

it("a call is made again after the same answers as Rerun's client", async () => {
  const server = await startServer();
  const cases: Case[] = [];
  for (const [name, method, operation] of OPERATIONS) {
    for (const code of method === WITH_MORE_CODES ? [...CODES, ...MORE_CODES] : CODES) {
      const [python, ours] = [await proxyThatFails(server, method, code), await proxyThatFails(server, method, code)];
      cases.push({ name, method, operation, code, python, ours });
    }
  }
  const args = cases.map(({ name, python }) => `${name}=${python.url}`);
  const [{ stdout }] = await Promise.all([promisify(execFile)(testPython(), [PROGRAM, ...args]), ...cases.map(runOurs)]);
  for (const ended of JSON.parse(stdout)) expect(ended).toContain("not today");
  const theirs = repeated(cases, ({ python }) => python);
  expect(theirs).toContain("FindChunks after ResourceExhausted");
  expect(repeated(cases, ({ ours }) => ours).filter((each) => !theirs.includes(each))).toEqual(OURS_ALONE);
  expect(theirs.filter((each) => !repeated(cases, ({ ours }) => ours).includes(each))).toEqual([]);
});
