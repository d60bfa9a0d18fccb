/** Registrations as tasks: thousands in one call, cancelled on the way. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../../tests/support/redap-client.js";
import { DataSourceKind, IfDuplicateBehavior } from "../protos/redap.js";
import { type PlatformServer, startPlatformServer } from "./start-server.js";

const FIXTURE = fileURLToPath(new URL("../../tests/fixtures/rrd/conv_time.rrd", import.meta.url));

let folder = "";
let server: PlatformServer;
let client: RedapService;
let dataset = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-tasks-"));
  copyFileSync(FIXTURE, join(folder, "a.rrd"));
  server = await startPlatformServer({ port: 0, dataDir: join(folder, "data") });
  client = connectRedap(server.port);
  dataset = hexOf((await client.createDatasetEntry({ name: "ds" })).dataset?.details?.id?.id);
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Registers one file as so many layers: each is a task. */
async function register(numLayers: number): Promise<string[]> {
  const storageUrl = pathToFileURL(join(folder, "a.rrd")).href;
  const dataSources = Array.from({ length: numLayers }, (_, i) => ({ storageUrl, typ: DataSourceKind.RRD, layer: `layer${i}` }));
  const { data } = await client.registerWithDataset({ dataSources, onDuplicate: IfDuplicateBehavior.ERROR }, withId(dataset));
  return [...(tableOfPart(data).getChild("rerun_task_id") ?? [])].map(String);
}

async function statuses(tasks: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const ids = tasks.map((id) => ({ id }));
  for await (const { data } of client.queryTasksOnCompletion({ ids, timeout: { seconds: 60n } })) {
    for (const status of tableOfPart(data).getChild("exec_status") ?? []) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

async function numLayers(): Promise<number> {
  let count = 0;
  for await (const { data } of client.scanDatasetManifest({}, withId(dataset))) count += tableOfPart(data).numRows;
  return count;
}

it("3 000 sources of one call are 3 000 tasks, all of which succeed", async () => {
  const tasks = await register(3000);
  expect(new Set(tasks).size).toBe(3000);
  expect(await statuses(tasks)).toEqual(new Map([["success", 3000]]));
  expect(await numLayers()).toBe(3000);
});

it("tasks that are cancelled end so, and what is registered are exactly the others", async () => {
  const tasks = await register(3000);
  await client.cancelTasks({ ids: tasks.slice(1000).map((id) => ({ id })) });
  const counts = await statuses(tasks);
  expect((counts.get("success") ?? 0) + (counts.get("cancelled") ?? 0)).toBe(3000);
  expect(await numLayers()).toBe(counts.get("success") ?? 0);
  // Those that had ended before stay as they are.
  await client.cancelTasks({ ids: tasks.map((id) => ({ id })) });
  expect(await statuses(tasks)).toEqual(counts);
});

it("the waiting for tasks ends when the caller's patience does, and says how many are left", async () => {
  const tasks = await register(1000);
  const wait = async (): Promise<void> => {
    for await (const _ of client.queryTasksOnCompletion({ ids: tasks.map((id) => ({ id })), timeout: { nanos: 1 } }));
  };
  // Either all have ended already, or it is told at once.
  await wait().catch((error: unknown) => {
    expect(error).toMatchObject({ code: 4, rawMessage: expect.stringMatching(/^\d+ tasks have not ended yet/) });
  });
  expect(await statuses(tasks)).toEqual(new Map([["success", 1000]]));
});
