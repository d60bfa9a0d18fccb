import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { schemaToIpc, tableToIpc } from "../../src/chunk/arrow.js";
import { numberArray } from "../../src/chunk/index.js";
import { field, INT64 } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import { DataSourceKind, EntryKind, IfDuplicateBehavior, TableInsertMode } from "../../src/protos/redap.js";
import { dataframePartFromIpc } from "../../src/rpc/index.js";
import { SqlConnection } from "../../src/server/catalog/sqlite-database.js";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../support/redap-client.js";
import { type ServerProcess, startOurServer } from "../support/redap-servers.js";

const ROUNDS = 20;
const SEGMENTS = 12;
/** The end of a round comes when about so much was acknowledged, */
const MAX_ANSWERS = 12;
/** and within so long after that, which is somewhere in what is under way. */
const MAX_AFTER_MS = 100;

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-survival-"));
const dataDir = join(folder, "data");
let server: ServerProcess;
let client: RedapService;

/** What the server has said yes to. */
const acknowledged = { datasets: new Map<string, string>(), tasks: new Map<string, string[]>(), rows: new Set<bigint>() };
let nextRow = 0n;

/** Answers of this round, and who waits for one. */
const answers = { count: 0, wake: (): void => undefined };

function noteAnswer(): void {
  answers.count++;
  answers.wake();
}

/** Until so many answers have come in this round. */
async function answered(count: number): Promise<void> {
  while (answers.count < count) {
    await new Promise<void>((resolve) => {
      answers.wake = resolve;
    });
  }
}

beforeAll(async () => {
  mkdirSync(join(folder, "files"));
  for (let i = 0; i < SEGMENTS; i++) {
    const rec = new rr.RecordingStream("survival", { recordingId: `seg${i}` });
    rec.save(join(folder, "files", `seg${i}.rrd`));
    rec.setTime("frame", { sequence: i });
    rec.log("a", new rr.Scalars(i));
    await rec.flush();
    rec.disconnect();
  }
  await start();
  const arrowSchema = schemaToIpc([field("id", INT64, true)], new Map());
  await client.createTableEntry({ name: "rows", schema: { arrowSchema } });
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  server = await startOurServer(["--data-dir", dataDir]);
  client = connectRedap(server.port);
}

async function entryId(name: string, kind: EntryKind): Promise<string | undefined> {
  const { entries } = await client.findEntries({ filter: { name, entryKinds: [kind] } });
  const tuid = entries[0]?.id?.id;
  return tuid === undefined ? undefined : hexOf(tuid);
}

/** Makes datasets, registers segments and appends rows until the server is gone. */
async function workUntilGone(round: number): Promise<void> {
  const rows = (await entryId("rows", EntryKind.TABLE)) ?? "";
  try {
    for (let i = 0; ; i++) {
      const name = `round${round}-${i}`;
      await client.createDatasetEntry({ name });
      const id = (await entryId(name, EntryKind.DATASET)) ?? "";
      acknowledged.datasets.set(name, id);
      noteAnswer();
      await allEnded([register(name, id), append(rows), append(rows)]);
    }
  } catch {
    // That is how each round ends; what was acknowledged until then counts.
  }
}

/** Waits for all, also when one fails: none may still run when the next server is asked. */
async function allEnded(calls: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(calls)) if (result.status === "rejected") throw result.reason;
}

async function register(name: string, id: string): Promise<void> {
  const dataSources = Array.from({ length: SEGMENTS }, (_, i) => ({
    storageUrl: pathToFileURL(join(folder, "files", `seg${i}.rrd`)).href,
    typ: DataSourceKind.RRD,
  }));
  const { data } = await client.registerWithDataset({ dataSources, onDuplicate: IfDuplicateBehavior.ERROR }, withId(id));
  acknowledged.tasks.set(name, [...(tableOfPart(data).getChild("rerun_task_id") ?? [])].map(String));
  noteAnswer();
}

async function append(rows: string): Promise<void> {
  const row = nextRow++;
  const columns = [numberArray(INT64, [row])];
  const ipc = tableToIpc({ fields: [field("id", INT64, true)], metadata: new Map(), numRows: 1, columns });
  const request = { insertMode: TableInsertMode.APPEND, dataframePart: dataframePartFromIpc(ipc) };
  await client.writeTable(once(request), withId(rows));
  acknowledged.rows.add(row);
  noteAnswer();
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** Everything that was acknowledged, asked for anew. */
async function check(round: number): Promise<void> {
  for (const [name, id] of acknowledged.datasets) {
    if (!name.startsWith(`round${round}-`)) continue;
    expect(await entryId(name, EntryKind.DATASET), name).toBe(id);
    const ids = (acknowledged.tasks.get(name) ?? []).map((task) => ({ id: task }));
    const statuses: string[] = [];
    for await (const { data } of client.queryTasksOnCompletion({ ids, timeout: { seconds: 60n } })) {
      statuses.push(...[...(tableOfPart(data).getChild("exec_status") ?? [])].map(String));
    }
    expect(statuses, name).toEqual(ids.map(() => "success"));
    for await (const { data } of client.scanSegmentTable({ columns: ["rerun_segment_id"] }, withId(id))) {
      const segments = tableOfPart(data).numRows;
      if (ids.length > 0) expect(segments, name).toBe(SEGMENTS);
      else expect([0, SEGMENTS], name).toContain(segments);
    }
  }
  const found: bigint[] = [];
  for await (const { dataframePart } of client.scanTable({}, withId((await entryId("rows", EntryKind.TABLE)) ?? ""))) {
    found.push(...((tableOfPart(dataframePart).getChild("id") ?? []) as Iterable<bigint>));
  }
  expect(new Set(found).size).toBe(found.length);
  expect([...acknowledged.rows].filter((row) => !found.includes(row))).toEqual([]);
}

describe("SIGKILL under registration and table writes", () => {
  it("loses nothing that was acknowledged, and leaves the catalog whole", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      answers.count = 0;
      const work = workUntilGone(round);
      await Promise.race([answered(Math.floor(Math.random() * (MAX_ANSWERS + 1))), work]);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_AFTER_MS));
      await server.stop("SIGKILL");
      await work;
      await start();
      await check(round);
    }
    expect(acknowledged.datasets.size).toBeGreaterThan(ROUNDS / 2);
    expect(acknowledged.rows.size).toBeGreaterThan(ROUNDS / 2);
    await server.stop();
    const catalog = new SqlConnection(join(dataDir, "catalog.db"));
    expect(catalog.all("pragma integrity_check", [])).toMatchObject([{ integrity_check: "ok" }]);
    catalog.close();
    await start();
  }, 300_000);
});
