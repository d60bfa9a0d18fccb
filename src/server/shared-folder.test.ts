/** A second server on a data folder: both are servers of one platform. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../../tests/support/redap-client.js";
import { schemaToIpc, tableToIpc } from "../chunk/arrow.js";
import { numberArray } from "../chunk/index.js";
import { field, INT64 } from "../core/index.js";
import { EntryKind, TableInsertMode } from "../protos/redap.js";
import { dataframePartFromIpc } from "../rpc/index.js";
import { type PlatformServer, startPlatformServer } from "./start-server.js";

let folder = "";
const servers: PlatformServer[] = [];
const warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-shared-"));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
  expect(warnings.splice(0)).toEqual([]);
});

async function start(): Promise<RedapService> {
  const warn = ({ message }: { message: string }): number => warnings.push(message);
  const server = await startPlatformServer({ port: 0, dataDir: folder, warn });
  servers.push(server);
  return connectRedap(server.port);
}

const INDEX = new Map([["rerun:is_table_index", "true"]]);
const ID = { ...field("id", INT64, true), metadata: INDEX };

async function write(client: RedapService, table: string, insertMode: TableInsertMode, id: bigint): Promise<void> {
  const ipc = tableToIpc({ fields: [ID], metadata: new Map(), numRows: 1, columns: [numberArray(INT64, [id])] });
  const message = { insertMode, dataframePart: dataframePartFromIpc(ipc) };
  const messages = async function* () {
    yield message;
  };
  await client.writeTable(messages(), withId(table));
}

it("knows at once what the other one did, and tells of it", async () => {
  const [first, second] = [await start(), await start()];
  const events = second.watchEvents({})[Symbol.asyncIterator]();
  let next = events.next();
  await second.createDatasetEntry({ name: "own" });
  await next;
  next = events.next();
  const { dataset } = await first.createDatasetEntry({ name: "shared" });
  const { entries } = await second.findEntries({ filter: { name: "shared", entryKinds: [EntryKind.DATASET] } });
  expect(hexOf(entries[0]?.id?.id)).toBe(hexOf(dataset?.details?.id?.id));
  expect((await next).value?.kind.case).toBe("entryCreated");
  await expect(second.createDatasetEntry({ name: "shared" })).rejects.toMatchObject({ code: 6 });
});

it("writes a table while the other one does: no row is lost, none is there twice", async () => {
  const clients = [await start(), await start()];
  const schema = { arrowSchema: schemaToIpc([ID], new Map()) };
  const table = hexOf((await clients[0]?.createTableEntry({ name: "rows", schema }))?.table?.details?.id?.id);
  const work = clients.map(async (client, who) => {
    for (let i = 0; i < 10; i++) await write(client, table, TableInsertMode.APPEND, BigInt(100 * who + i));
    for (let i = 5; i < 15; i++) await write(client, table, TableInsertMode.REPLACE, BigInt(100 * who + i));
  });
  await Promise.all(work);
  for (const client of clients) {
    const found: bigint[] = [];
    for await (const { dataframePart } of client.scanTable({}, withId(table))) {
      found.push(...((tableOfPart(dataframePart).getChild("id") ?? []) as Iterable<bigint>));
    }
    const expected = [0, 100].flatMap((base) => Array.from({ length: 15 }, (_, i) => BigInt(base + i)));
    expect(found.sort((a, b) => Number(a - b))).toEqual(expected);
  }
});

it("leaves alone what the other one has in hand, and removes what nobody has had for an hour", async () => {
  const client = await start();
  const granted = await client.getWriteAccessGrant({ key: "a.rrd" });
  const redemption = granted.grant?.redemption;
  const url = redemption?.case === "httpRequest" ? redemption.value.url : "";
  const first = servers[0] as PlatformServer;
  let go: () => void = () => undefined;
  const isStarted = new Promise<void>((resolve) => {
    go = resolve;
  });
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode("first half, "));
      await isStarted;
      controller.enqueue(new TextEncoder().encode("second half"));
      controller.close();
    },
  });
  const upload = fetch(`http://127.0.0.1:${first.port}${url}`, { method: "PUT", body, duplex: "half" } as RequestInit);
  const pending = join(folder, "objects", ".pending");
  await expect.poll(() => existsSync(pending)).toBe(true);
  // Of a server that was killed long ago, and of one that is making a table now.
  const old = [join(pending, "old"), join(folder, "tables", `${"0".repeat(32)}.lance`)] as const;
  writeFileSync(old[0], "x");
  const fresh = join(folder, "tables", `${"1".repeat(32)}.lance`);
  for (const each of [old[1], fresh]) mkdirSync(each, { recursive: true });
  for (const each of old) utimesSync(each, 1, 1);
  await start();
  go();
  expect((await upload).status).toBe(200);
  expect(existsSync(fileURLToPath(granted.storageUrl))).toBe(true);
  expect([...old, fresh].map(existsSync)).toEqual([false, false, true]);
});
