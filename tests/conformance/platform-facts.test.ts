/** What a sequence of calls gives: the same on Rerun's server and on ours, fact for fact. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { schemaToIpc, tableToIpc } from "../../src/chunk/arrow.js";
import { binaryArray, numberArray, textArray } from "../../src/chunk/index.js";
import { type ArrayData, field, INT64, UTF8 } from "../../src/core/index.js";
import * as rr from "../../src/index.js";
import { type DataframePart, DataSourceKind, EntryKind, IfDuplicateBehavior, TableInsertMode } from "../../src/protos/redap.js";
import { dataframePartFromIpc } from "../../src/rpc/index.js";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../support/redap-client.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";

interface Subject {
  readonly client: RedapService;
  readonly port: number;
  /** A dataset of its own for each scenario. */
  dataset(name: string): Promise<string>;
}

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-facts-"));
const servers: ServerProcess[] = [];
let real: Subject;
let ours: Subject;

beforeAll(async () => {
  mkdirSync(join(folder, "drives", "below"), { recursive: true });
  for (const name of ["seg1", "seg2"]) await record(name, join(folder, `${name}.rrd`));
  copyFileSync(join(folder, "seg1.rrd"), join(folder, "drives", "one.rrd"));
  copyFileSync(join(folder, "seg2.rrd"), join(folder, "drives", "TWO.RRD"));
  await record("seg3", join(folder, "drives", "below", "three.rrd"));
  const loaded = ["-d", `drives=${join(folder, "drives")}`];
  servers.push(await startRealServer(loaded), await startOurServer(["--ephemeral", ...loaded]));
  [real, ours] = servers.map(({ port }) => subject(port)) as [Subject, Subject];
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true });
});

async function record(segment: string, path: string): Promise<void> {
  const rec = new rr.RecordingStream("facts", { recordingId: segment });
  rec.save(path);
  for (let frame = 0; frame < 3; frame++) {
    rec.setTime("frame", { sequence: frame });
    rec.log("a", new rr.Scalars(frame));
  }
  await rec.close();
}

let numDatasets = 0;

function subject(port: number): Subject {
  const client = connectRedap(port);
  return {
    client,
    port,
    dataset: async (name) =>
      hexOf((await client.createDatasetEntry({ name: `${name} ${numDatasets++}` })).dataset?.details?.id?.id),
  };
}

const uri = (name: string): string => pathToFileURL(join(folder, name)).href;

/** The error's code and text without ids and numbers that differ from run to run, or what the call gave. */
async function attempt(work: () => unknown): Promise<unknown> {
  try {
    return (await work()) ?? "ok";
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return [Code[code], rawMessage.replaceAll(/[0-9A-Fa-f]{32}/g, "<id>").replaceAll(/\d{6,}/g, "<number>")];
  }
}

function part(columns: Readonly<Record<string, ArrayData>>): DataframePart {
  const names = Object.keys(columns);
  const arrays = Object.values(columns);
  const fields = names.map((name, index) => field(name, arrays[index]?.type ?? INT64, true));
  return dataframePartFromIpc(tableToIpc({ fields, metadata: new Map(), numRows: arrays[0]?.length ?? 0, columns: arrays }));
}

/** A message with a part of a table, by either name. */
interface WithPart {
  readonly data?: DataframePart | undefined;
  readonly dataframePart?: DataframePart | undefined;
}

async function rowsOf(parts: AsyncIterable<WithPart>, name: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const { data, dataframePart } of parts) {
    rows.push(...[...(tableOfPart(data ?? dataframePart).getChild(name) ?? [])].map(String));
  }
  return rows.sort();
}

async function* each<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function register({ client }: Subject, id: string, name: string, onDuplicate: IfDuplicateBehavior): Promise<unknown> {
  const dataSources = [{ storageUrl: uri(name), typ: DataSourceKind.RRD, layer: "base" }];
  const { data } = await client.registerWithDataset({ dataSources, onDuplicate }, withId(id));
  const ids = [...(tableOfPart(data).getChild("rerun_task_id") ?? [])].map((task) => ({ id: String(task) }));
  return rowsOf(client.queryTasksOnCompletion({ ids, timeout: { seconds: 30n } }), "exec_status");
}

/** What a scenario saw, step for step. */
const FACTS: Readonly<Record<string, (on: Subject) => Promise<unknown>>> = {
  "properties: the whole row is replaced, under a new revision, unless another one was expected": async (on) => {
    const { client } = on;
    const id = await on.dataset("properties");
    const set = (properties: DataframePart, more: object = {}): Promise<unknown> =>
      client.setSegmentProperties({ segmentId: { id: "some" }, properties, ...more }, withId(id));
    const get = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const { segments } of client.getSegmentProperties(
        { segmentIds: [{ id: "some" }, { id: "other" }] },
        withId(id),
      )) {
        for (const { segmentId, properties, revision } of segments) {
          found.push([segmentId?.id, tableOfPart(properties).toArray().map(String), revision > 0n]);
        }
      }
      return found;
    };
    const revisionOf = (answer: unknown): bigint => (answer as { readonly revision: bigint }).revision;
    const first = revisionOf(await set(part({ "property:a": numberArray(INT64, [1n]) }), { expectedRevision: 0n }));
    const again = revisionOf(await set(part({ "property:a": numberArray(INT64, [1n]) })));
    const seen = [await get()];
    const text = part({ plain: textArray(["no list, no prefix"]) });
    const steps = [
      await attempt(() => set(text, { expectedRevision: first })),
      await attempt(() => set(text, { expectedRevision: 0n })),
      await attempt(async () => void (await set(text, { expectedRevision: again }))),
    ];
    seen.push(await get());
    await client.deleteSegmentProperties({ segments: [{ segmentId: { id: "some" }, expectedRevision: again }] }, withId(id));
    seen.push(await get());
    await client.deleteSegmentProperties({ segments: [{ segmentId: { id: "some" } }] }, withId(id));
    seen.push(await get());
    return [first !== again, steps, seen];
  },
  "properties: are not in the segment table, and stay when the segment is unregistered": async (on) => {
    const { client } = on;
    const id = await on.dataset("properties that stay");
    await register(on, id, "seg1.rrd", IfDuplicateBehavior.ERROR);
    const properties = part({ "property:a": numberArray(INT64, [1n]) });
    await client.setSegmentProperties({ segmentId: { id: "seg1" }, properties }, withId(id));
    const columns = (await tableOf(client, id)).schema.fields.map(({ name }) => name);
    for await (const _ of client.unregisterFromDataset({ segmentsToDrop: [{ id: "seg1" }] }, withId(id)));
    let left = 0;
    for await (const { segments } of client.getSegmentProperties({ segmentIds: [{ id: "seg1" }] }, withId(id)))
      left += segments.length;
    return [columns.sort(), left, (await tableOf(client, id)).numRows];
  },
  "duplicates: are skipped without a word unless the request says what to do": async (on) => {
    const id = await on.dataset("duplicates");
    const outcomes: unknown[] = [];
    for (const how of ["ERROR", "UNSPECIFIED", "SKIP", "OVERWRITE", "ERROR"] as const) {
      outcomes.push(await register(on, id, "seg1.rrd", IfDuplicateBehavior[how]));
    }
    return [outcomes, (await tableOf(on.client, id)).numRows];
  },
  "entries: a rename changes the time of the last change, and so does a registration": async (on) => {
    const { client } = on;
    const id = await on.dataset("times");
    const times = async (): Promise<[bigint, bigint]> => {
      const details = (await client.readDatasetEntry({}, withId(id))).dataset?.details;
      const nanos = (at: { seconds: bigint; nanos: number } | undefined): bigint =>
        (at?.seconds ?? 0n) * 1_000_000_000n + BigInt(at?.nanos ?? 0);
      return [nanos(details?.createdAt), nanos(details?.updatedAt)];
    };
    const first = await times();
    await client.updateEntry({ entryDetailsUpdate: { name: "times renamed" } }, withId(id));
    const second = await times();
    await register(on, id, "seg1.rrd", IfDuplicateBehavior.ERROR);
    const third = await times();
    return [second[0] === first[0], second[1] > first[1], third[1] > second[1]];
  },
  "events: tell of entries that come and go, once each, of a rename nothing, of hidden datasets nothing": async (on) => {
    const { client } = on;
    const stop = new AbortController();
    const seen: string[] = [];
    const names = new Map<string, string>();
    let isListening = false;
    let wake: () => void = () => undefined;
    const listening = (async (): Promise<void> => {
      for await (const { kind } of client.watchEvents({}, { signal: stop.signal })) {
        isListening = true;
        const entry = hexOf(kind.value?.id?.id);
        if (kind.case !== undefined) seen.push(`${kind.case} ${entry}`);
        wake();
      }
    })().catch(() => undefined);
    // No event of before is replayed: until the first one comes it is not known that anybody listens.
    for (let i = 0; !isListening; i++) {
      await on.dataset(`probe ${i}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    seen.length = 0;
    const made = await on.dataset("event");
    names.set(made, "dataset");
    await client.updateEntry({ entryDetailsUpdate: { name: "event renamed" } }, withId(made));
    const schema = { arrowSchema: schemaToIpc([field("id", INT64, true)], new Map()) };
    const table = hexOf((await client.createTableEntry({ name: "event table", schema })).table?.details?.id?.id);
    names.set(table, "table");
    await client.deleteEntry({}, withId(made));
    await client.deleteEntry({}, withId(table));
    const named = (): string[] => seen.map((event) => event.replace(/\w{32}$/, (entry) => names.get(entry) ?? "?"));
    while (!named().includes("entryDeleted table")) await new Promise<void>((resolve) => (wake = resolve));
    stop.abort();
    await listening;
    return named().filter((event) => !event.endsWith("?"));
  },
  "tables: of two rows with one key in one message both are inserted, and an existing one is replaced": async (on) => {
    const { client } = on;
    const index = { ...field("id", INT64, true), metadata: new Map([["rerun:is_table_index", "true"]]) };
    const schema = { arrowSchema: schemaToIpc([index, field("v", UTF8, true)], new Map()) };
    const table = hexOf((await client.createTableEntry({ name: "keys", schema })).table?.details?.id?.id);
    const write = (insertMode: TableInsertMode, ids: bigint[], values: string[]): Promise<unknown> => {
      const dataframePart = part({ id: numberArray(INT64, ids), v: textArray(values) });
      return client.writeTable(each({ insertMode, dataframePart }), withId(table));
    };
    await write(TableInsertMode.APPEND, [1n], ["old"]);
    await write(TableInsertMode.REPLACE, [1n, 2n, 2n], ["new", "two", "two again"]);
    return [await rowsOf(client.scanTable({}, withId(table)), "id"), await rowsOf(client.scanTable({}, withId(table)), "v")];
  },
  "chunks: the key alone is enough to fetch one, a key that is cut short is told so": async (on) => {
    const { client } = on;
    const id = await on.dataset("keys of chunks");
    await register(on, id, "seg1.rrd", IfDuplicateBehavior.ERROR);
    const keys: Uint8Array[] = [];
    for await (const { rrdManifest } of client.getRrdManifest({ segmentId: { id: "seg1" } }, withId(id))) {
      keys.push(...((tableOfPart(rrdManifest?.data).getChild("chunk_key") ?? []) as Iterable<Uint8Array>));
    }
    const fetched = async (...given: Uint8Array[]): Promise<number> => {
      const chunkInfos = [part({ chunk_key: binaryArray(given) })];
      let chunks = 0;
      for await (const answer of client.fetchChunks({ chunkInfos })) chunks += answer.chunks.length;
      return chunks;
    };
    const forged = new Uint8Array(keys[0] ?? []).fill(0x78);
    const [code] = (await attempt(() => fetched(forged))) as [string, string];
    return [(await fetched(...keys)) === keys.length, await attempt(() => fetched(Uint8Array.of(1, 2, 3))), code];
  },
  "folders of the command line: not those below, whatever the case of the ending": async ({ client }) => {
    const { entries } = await client.findEntries({ filter: { name: "drives", entryKinds: [EntryKind.DATASET] } });
    return rowsOf(client.scanSegmentTable({}, withId(hexOf(entries[0]?.id?.id))), "rerun_segment_id");
  },
  "requests over plain HTTP": async ({ port }) => {
    const answers: unknown[] = [];
    for (const path of ["/version", "/upload/nonsense"]) {
      const { status } = await http(port, "GET", path);
      answers.push([path, status]);
    }
    return answers;
  },
  "pages of other origins: what a browser is told": async ({ port }) => {
    const answers: unknown[] = [];
    for (const origin of [
      "http://localhost:9090",
      "https://rerun.io",
      "http://127.0.0.1",
      "https://app.rerun.io",
      "http://evil.com",
    ]) {
      const path = "/rerun.cloud.v1alpha1.RerunCloudService/WhoAmI";
      const asked = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-grpc-web,x-rerun-client-id",
      };
      for (const [method, more] of [
        ["OPTIONS", asked],
        ["POST", { origin, "content-type": "application/grpc-web+proto" }],
      ] as const) {
        const { status, headers } = await http(port, method, path, more, Buffer.alloc(method === "POST" ? 5 : 0));
        const told = Object.entries(headers).filter(([name]) => name.startsWith("access-control-") && !name.includes("expose"));
        answers.push([origin, method, status, Object.fromEntries(told)]);
      }
    }
    return answers;
  },
};

async function tableOf(client: RedapService, id: string): Promise<ReturnType<typeof tableOfPart>> {
  for await (const { data } of client.scanSegmentTable({}, withId(id))) return tableOfPart(data);
  throw new Error("no part came");
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

function http(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("facts of the protocol", () => {
  it.each(Object.keys(FACTS))("%s", async (name) => {
    const scenario = FACTS[name] as (on: Subject) => Promise<unknown>;
    const expected = await scenario(real);
    expect(await scenario(ours)).toEqual(expected);
  });
});
