import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../../tests/support/redap-client.js";
import { damageChunks } from "../../tests/support/rrd-frames.js";
import { tableToIpc } from "../chunk/arrow.js";
import { numberArray } from "../chunk/index.js";
import { field, INT64 } from "../core/index.js";
import {
  type DataframePart,
  DataSourceKind,
  IfDuplicateBehavior,
  TableInsertMode,
  type WriteTableRequestSchema,
} from "../protos/redap.js";
import { dataframePartFromIpc } from "../rpc/index.js";
import { mintToken } from "./auth/tokens.js";
import { openSqliteCatalog } from "./catalog/sqlite-catalog.js";
import { createSigner } from "./redap/signer.js";
import { type PlatformServer, type PlatformServerOptions, startPlatformServer } from "./start-server.js";

const FIXTURES = fileURLToPath(new URL("../../tests/fixtures/rrd/", import.meta.url));
const SECRET = Buffer.alloc(40, 3);

let folder = "";
let server: PlatformServer;
const warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-server-"));
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files", "conv_time.rrd"), readFileSync(join(FIXTURES, "conv_time.rrd")));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
  expect(warnings.splice(0)).toEqual([]);
});

async function start(options: PlatformServerOptions = {}): Promise<RedapService> {
  const warn = ({ message }: { message: string }): number => warnings.push(message);
  server = await startPlatformServer({ port: 0, dataDir: join(folder, "data"), version: "1.2.3", warn, ...options });
  return connectRedap(server.port);
}

const uri = (name: string): string => (name.includes("://") ? name : pathToFileURL(join(folder, "files", name)).href);
const texts = (part: DataframePart | undefined, name: string): string[] =>
  [...(tableOfPart(part).getChild(name) ?? [])].map(String);
async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

async function createDataset(client: RedapService, name = "ds"): Promise<string> {
  return hexOf((await client.createDatasetEntry({ name })).dataset?.details?.id?.id);
}

/** Registers files; gives each one's status and message. */
async function register(client: RedapService, dataset: string, names: string[], layer = "base"): Promise<[string, string][]> {
  const dataSources = names.map((name) => ({ storageUrl: uri(name), typ: DataSourceKind.RRD, layer }));
  const { data } = await client.registerWithDataset({ dataSources, onDuplicate: IfDuplicateBehavior.ERROR }, withId(dataset));
  const tasks = texts(data, "rerun_task_id");
  const states = new Map<string, [string, string]>();
  const ended = await collect(client.queryTasksOnCompletion({ ids: tasks.map((id) => ({ id })), timeout: { seconds: 30n } }));
  for (const { data: part } of ended) {
    texts(part, "task_id").forEach((id, row) => {
      states.set(id, [texts(part, "exec_status")[row] ?? "", texts(part, "msgs")[row] ?? ""]);
    });
  }
  return tasks.map((id) => states.get(id) ?? ["", ""]);
}

async function chunkKeys(client: RedapService, dataset: string): Promise<DataframePart> {
  const [manifest] = await collect(client.getRrdManifest({ segmentId: { id: "conv-time" } }, withId(dataset)));
  return manifest?.rrdManifest?.data as DataframePart;
}

describe("startPlatformServer", () => {
  it("names a file that is damaged, foreign, gone or changed, and keeps the catalog whole", async () => {
    const whole = readFileSync(join(folder, "files", "conv_time.rrd"));
    const flipped = Buffer.from(whole);
    flipped[whole.length - 200] = (flipped[whole.length - 200] ?? 0) ^ 4;
    writeFileSync(join(folder, "files", "flipped.rrd"), flipped);
    const { bytes: damaged, at } = damageChunks(whole, 1, 2);
    writeFileSync(join(folder, "files", "damaged.rrd"), damaged.subarray(0, damaged.length - 100));
    writeFileSync(join(folder, "files", "text.rrd"), "no recording at all");
    writeFileSync(join(folder, "files", "cut.rrd"), whole.subarray(0, whole.length - 100));
    const client = await start();
    const dataset = await createDataset(client);
    const outcomes = await register(client, dataset, ["flipped.rrd", "text.rrd", "none.rrd", "conv_time.rrd", "damaged.rrd"]);
    expect(outcomes.map(([status]) => status)).toEqual(["failed", "failed", "failed", "success", "failed"]);
    expect(outcomes[0]?.[1]).toMatch(/flipped\.rrd: The footer at byte \d+ is damaged/);
    expect(outcomes[1]?.[1]).toMatch(/text\.rrd: Not a Rerun recording/);
    expect(outcomes[2]?.[1]).toMatch(/none\.rrd: RRD file not found, file does not exist/);
    expect(outcomes[4]?.[1]).toMatch(
      new RegExp(`damaged\\.rrd: The message at byte ${at[0]} .* 2 places of the recording are damaged`),
    );
    // A file that its writer did not finish is registered with what is whole in it.
    expect(await register(client, dataset, ["cut.rrd"], "cut")).toEqual([["success", "null"]]);
    const chunkInfos = [await chunkKeys(client, dataset)];
    expect((await collect(client.fetchChunks({ chunkInfos }))).length).toBeGreaterThan(0);
    appendFileSync(join(folder, "files", "conv_time.rrd"), "x");
    await expect(collect(client.fetchChunks({ chunkInfos }))).rejects.toThrow(
      /was changed since it was registered: .*conv_time\.rrd/,
    );
    unlinkSync(join(folder, "files", "conv_time.rrd"));
    await expect(collect(client.fetchChunks({ chunkInfos }))).rejects.toThrow(/is not there any more.*conv_time\.rrd/);
    const [segments] = await collect(client.scanSegmentTable({}, withId(dataset)));
    expect(texts(segments?.data, "rerun_segment_id")).toEqual(["conv-time"]);
  });

  it("with a secret takes calls with a token only, and lets readers read", async () => {
    const anonymous = await start({ authSecret: SECRET });
    await expect(anonymous.whoAmI({})).rejects.toMatchObject({ rawMessage: "a token is required: none was sent" });
    await expect(collect(anonymous.fetchChunks({}))).rejects.toMatchObject({ code: 16 });
    const now = Math.floor(Date.now() / 1000);
    const token = (permission: "read" | "read-write"): string =>
      mintToken(SECRET, { allowedHosts: ["127.0.0.1"], permission, lifetimeSec: 60 }, now);
    const reader = connectRedap(server.port, { token: token("read") });
    expect(await reader.whoAmI({})).toMatchObject({ canRead: true, canWrite: false });
    await expect(reader.createDatasetEntry({ name: "x" })).rejects.toMatchObject({ code: 7 });
    expect((await reader.findEntries({})).entries).toHaveLength(1);
    const writer = connectRedap(server.port, { token: token("read-write") });
    expect(await writer.whoAmI({})).toMatchObject({ canWrite: true });
    expect(await createDataset(writer, "x")).toHaveLength(32);
  });

  it("takes an upload once, with its token, of the size that was granted", async () => {
    const client = await start();
    const put = async (url: string, body: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${server.port}${url}`, { method: "PUT", body })).status;
    const granted = await client.getWriteAccessGrant({ key: "a/b.rrd", sizeBytes: 5n });
    const redemption = granted.grant?.redemption;
    const url = redemption?.case === "httpRequest" ? redemption.value.url : "";
    expect(await put(`${url}x`, "12345")).toBe(403);
    expect(await put(url, "123456")).toBe(413);
    expect(existsSync(fileURLToPath(granted.storageUrl))).toBe(false);
    expect(await put(url, "12345")).toBe(200);
    expect(await put(url, "54321")).toBe(412);
    expect(readFileSync(fileURLToPath(granted.storageUrl), "utf8")).toBe("12345");
    // Signed, but of yesterday.
    const catalog = openSqliteCatalog(join(folder, "data", "catalog.db"));
    const signer = createSigner(Buffer.from((await catalog.setting("signing-secret")) ?? "", "base64"));
    await catalog.close();
    const old = Buffer.from(
      JSON.stringify({ key: "old.rrd", expiresAtNs: String(BigInt(Date.now() - 1) * 1_000_000n), maxBytes: 5 }),
    );
    const sealed = Buffer.concat([old, signer.sign("upload", old)]).toString("base64url");
    expect(await put(`/upload/${sealed}`, "12345")).toBe(403);
    const chunkKey = Buffer.concat([old, signer.sign("chunk", old)]).toString("base64url");
    expect(await put(`/upload/${chunkKey}`, "12345")).toBe(403);
    for (const key of ["../x", "a/../../x", "/x", "a//b", ".hidden", "a\\b", "x".repeat(2000), ""]) {
      await expect(client.getWriteAccessGrant({ key }), key).rejects.toMatchObject({ code: 3 });
    }
    expect((await fetch(`http://127.0.0.1:${server.port}/version`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${server.port}/else`)).status).toBe(404);
  });

  it("serves what was uploaded, and tables, wherever its data folder lies", async () => {
    let client = await start();
    const dataset = await createDataset(client);
    const granted = await client.getWriteAccessGrant({ key: "a/b c.rrd" });
    const redemption = granted.grant?.redemption;
    const url = redemption?.case === "httpRequest" ? redemption.value.url : "";
    const body = readFileSync(join(FIXTURES, "conv_time.rrd"));
    expect((await fetch(`http://127.0.0.1:${server.port}${url}`, { method: "PUT", body })).status).toBe(200);
    expect(await register(client, dataset, [granted.storageUrl])).toEqual([["success", "null"]]);
    const rows = tableToIpc({
      fields: [field("id", INT64, true)],
      metadata: new Map(),
      numRows: 2,
      columns: [numberArray(INT64, [1n, 2n])],
    });
    const table = hexOf((await client.createTableEntry({ name: "t", schema: { arrowSchema: rows } })).table?.details?.id?.id);
    const writes = async function* (): AsyncGenerator<MessageInitShape<typeof WriteTableRequestSchema>> {
      yield { insertMode: TableInsertMode.APPEND, dataframePart: dataframePartFromIpc(rows) };
    };
    await client.writeTable(writes(), withId(table));
    const seen = async (): Promise<unknown> => [
      (await collect(client.fetchChunks({ chunkInfos: [await chunkKeys(client, dataset)] }))).length,
      texts((await collect(client.scanDatasetManifest({}, withId(dataset))))[0]?.data, "rerun_storage_url"),
      (await collect(client.scanTable({}, withId(table)))).flatMap(({ dataframePart }) => texts(dataframePart, "id")),
    ];
    const [count, ...rest] = (await seen()) as [number, ...unknown[]];
    expect([count > 0, ...rest]).toEqual([true, [granted.storageUrl], ["1", "2"]]);
    await server.close();
    renameSync(join(folder, "data"), join(folder, "moved"));
    client = await start({ dataDir: join(folder, "moved") });
    const moved = pathToFileURL(join(folder, "moved", "objects", "staged", "a", "b c.rrd")).href;
    expect(await seen()).toEqual([count, [moved], ["1", "2"]]);
  });

  it("on a host that others reach registers files below the roots only", async () => {
    await start({ roots: [join(folder, "files", "inner")], host: "127.0.0.1" }).catch((error: Error) =>
      expect(error.message).toMatch(/inner/),
    );
    mkdirSync(join(folder, "files", "inner"));
    const client = await start({ roots: [join(folder, "files", "inner")] });
    const dataset = await createDataset(client);
    await expect(register(client, dataset, ["conv_time.rrd"])).rejects.toMatchObject({ code: 7 });
  });

  it("says what it means to be reached by others without asking for tokens", async () => {
    await start({ host: "127.0.0.2", authSecret: SECRET });
    await server.close();
    expect(warnings).toEqual([]);
    await start({ host: "0.0.0.0", authSecret: SECRET });
    await server.close();
    expect(warnings).toEqual([]);
    const client = await start({ host: "0.0.0.0" });
    expect(warnings.splice(0)).toEqual([
      expect.stringMatching(/^Whoever reaches port \d+ .* listens on 0\.0\.0\.0 and asks for no tokens.*--auth-secret-file/),
    ]);
    // No file of the machine is given away: only what the server keeps itself.
    await expect(register(client, await createDataset(client), ["conv_time.rrd"])).rejects.toMatchObject({ code: 7 });
  });

  it("makes datasets of folders, and completes them at the next start", async () => {
    let client = await start({ datasets: { drives: join(folder, "files") } });
    await server.close();
    writeFileSync(join(folder, "files", "OTHER.RRD"), readFileSync(join(FIXTURES, "Tensor.rrd")));
    client = await start({ datasets: { drives: join(folder, "files") } });
    const { entries } = await client.findEntries({ filter: { name: "drives", entryKinds: [1] } });
    const dataset = hexOf(entries[0]?.id?.id);
    await expect
      .poll(async () => texts((await collect(client.scanSegmentTable({}, withId(dataset))))[0]?.data, "rerun_segment_id").length)
      .toBe(2);
  });

  it("ends calls that go on for ever when it is closed, and lets the others end", async () => {
    const client = await start();
    const created = hexOf((await client.createDatasetEntry({ name: "seen" })).dataset?.details?.id?.id);
    const events = client.watchEvents({})[Symbol.asyncIterator]();
    const first = events.next();
    await client.createDatasetEntry({ name: "other" });
    expect((await first).value?.kind.case).toBe("entryCreated");
    const running = collect(client.doBandwidthTest({ numBytes: 20_000_000n }));
    const next = events.next();
    await running;
    await server.close();
    expect((await next).done).toBe(true);
    await expect(client.readDatasetEntry({}, withId(created))).rejects.toMatchObject({ code: 14 });
  });

  it("answers nonsense with an error", async () => {
    await start();
    const call = async (path: string, body: Uint8Array): Promise<string | null> => {
      const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]);
      const headers = { "content-type": "application/grpc-web+proto" };
      const url = `http://127.0.0.1:${server.port}/rerun.cloud.v1alpha1.RerunCloudService/${path}`;
      const response = await fetch(url, { method: "POST", headers, body: framed });
      const text = Buffer.from(await response.arrayBuffer()).toString("latin1");
      return response.headers.get("grpc-status") ?? /grpc-status: ?(\d+)/.exec(text)?.[1] ?? null;
    };
    expect(await call("NoSuchCall", Uint8Array.of())).toBe("12");
    expect(await call("FindEntries", Uint8Array.of(255, 255, 255))).toBe("3");
    expect(await call("FetchChunks", Uint8Array.of(255, 255, 255))).toBe("3");
    expect(await call("FetchChunks", Uint8Array.of(0x0a, 4, 0x12, 2, 1, 2))).toBe("3");
  });
});
