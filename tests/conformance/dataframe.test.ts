/** The real Python reader over the real server, and ours over the same files, over that server and over our own, answer the same. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type * as arrow from "apache-arrow";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testPython } from "../../scripts/paths.mjs";
import { CatalogClient } from "../../src/catalog/index.js";
import { valueAt } from "../../src/core/index.js";
import { type DataFrame, type Dataset, type LocalDataset, openDataset, readParquet } from "../../src/dataset/index.js";
import { decodeRrd } from "../../src/rrd/index.js";
import { RecordingStream } from "../../src/sdk/index.js";
import { ChunkStore } from "../../src/store/index.js";
import { contentOf } from "../support/frame-content.js";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";
import { FRAME_QUERIES, type FrameQuery } from "./cases/dataframe-queries.js";

const PROGRAM = fileURLToPath(new URL("python/dataframes.py", import.meta.url));
/** Where our reader has the data from. */
type Place = "files" | "the real server" | "our server";
const PLACES: readonly Place[] = ["files", "the real server", "our server"];
const NAMES = [...new Set(FRAME_QUERIES.map(({ dataset }) => dataset))];

const datasets = new Map<string, LocalDataset>();
const clients = new Map<Place, CatalogClient>();
const servers: ServerProcess[] = [];
let folder = "";
let answers: readonly { readonly rows?: number; readonly error?: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-frames-"));
  const queries = join(folder, "queries.json");
  writeFileSync(queries, JSON.stringify(FRAME_QUERIES));
  await promisify(execFile)(testPython(), [PROGRAM, folder, queries], { maxBuffer: 1 << 26 });
  answers = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  for (const name of NAMES) datasets.set(name, await openDataset(join(folder, name)));
  const served = NAMES.flatMap((name) => ["-d", `${name}=${join(folder, name)}`]);
  servers.push(await startRealServer(served), await startOurServer([...served, "--data-dir", join(folder, "data")]));
  for (const [i, server] of servers.entries()) {
    clients.set(PLACES[i + 1] as Place, await CatalogClient.connect(server.url));
  }
});

afterAll(async () => {
  for (const dataset of datasets.values()) await dataset.close();
  for (const client of clients.values()) await client.close();
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function datasetOf(name: string): LocalDataset {
  const dataset = datasets.get(name);
  if (dataset === undefined) throw new Error(`no dataset ${name}`);
  return dataset;
}

async function ask(query: FrameQuery, place: Place): Promise<DataFrame> {
  const { dataset, index, contents, segments, usingIndexValues, range, ...options } = query;
  let view: Dataset = (await clients.get(place)?.getDataset(dataset)) ?? datasetOf(dataset);
  if (segments !== undefined) view = view.filterSegments(segments);
  if (contents !== undefined) view = view.filterContents(contents);
  return view.reader(index, {
    ...options,
    clears: "rerun-0.41",
    ...(usingIndexValues !== undefined && {
      usingIndexValues: isList(usingIndexValues)
        ? usingIndexValues.map(BigInt)
        : Object.fromEntries(Object.entries(usingIndexValues).map(([id, values]) => [id, values.map(BigInt)])),
    }),
    ...(range !== undefined && { range: { from: BigInt(range[0]), to: BigInt(range[1]) } }),
  });
}

function isList(values: NonNullable<FrameQuery["usingIndexValues"]>): values is readonly string[] {
  return Array.isArray(values);
}

function readTable(name: string): arrow.Table {
  return tableFromIPC(readFileSync(join(folder, name)));
}

describe.each(PLACES)("dataframes over %s", (place) => {
  it.each(FRAME_QUERIES.map((query, i) => [i, JSON.stringify(query), query] as const))(
    "%i: the real reader answers the same to %s",
    async (i, _, query) => {
      const answer = answers[i];
      if (answer?.error !== undefined) {
        await expect((await ask(query, place)).toArrow(), answer.error).rejects.toThrow();
        return;
      }
      const theirs = readTable(`answer-${i}.arrow`);
      const ours = await (await ask(query, place)).toArrow();
      expect(contentOf(ours, query.index)).toEqual(contentOf(theirs, query.index));
      expect([...ours.schema.metadata]).toEqual([...theirs.schema.metadata]);
    },
  );

  it.each(NAMES)("the schema of %s has the same columns", async (name) => {
    const fieldsOf = ({ fields }: arrow.Schema): unknown[] =>
      fields.map((field) => [field.name, String(field.type), field.nullable, [...field.metadata].sort()]).sort();
    const dataset: Dataset = (await clients.get(place)?.getDataset(name)) ?? datasetOf(name);
    const ours = (await dataset.schema()).toArrow();
    expect(fieldsOf(ours)).toEqual(fieldsOf(readTable(`schema-${name}.arrow`).schema));
  });
});

/** The recording of a segment as a store. */
function storeOf(dataset: string, segment: unknown): ChunkStore {
  const store = new ChunkStore();
  for (const message of decodeRrd(readFileSync(join(folder, dataset, `${segment}.rrd`)))) {
    if (message.kind === "chunk") store.insert(message.chunk);
  }
  return store;
}

describe("a store", () => {
  it("says at every time what the real reader fills in: static data, ties, times out of order, empty cells", () => {
    let compared = 0;
    for (const [i, { dataset, index, fillLatestAt, range }] of FRAME_QUERIES.entries()) {
      // The real reader looks for clears in its own way, and not before a range.
      if (fillLatestAt !== true || index === null || range !== undefined || dataset.startsWith("clears")) continue;
      const { columns } = contentOf(readTable(`answer-${i}.arrow`), index);
      const segments = columns.rerun_segment_id?.values ?? [];
      const stores = new Map([...new Set(segments)].map((segment) => [segment, storeOf(dataset, segment)]));
      for (const { values, metadata } of Object.values(columns)) {
        const { "rerun:entity_path": entityPath, "rerun:component": component } = Object.fromEntries(metadata);
        if (entityPath === undefined || component === undefined) continue;
        for (const [row, at] of (columns[index]?.values ?? []).entries()) {
          if (typeof at !== "bigint") continue;
          const found = stores.get(segments[row] ?? null)?.latestAt({ entityPath, component, timeline: index, at });
          const list = found?.chunk.components.get(component)?.list;
          const cell = found === undefined || list === undefined ? null : valueAt(list, found.row);
          expect(cell, `${dataset}: ${entityPath} ${component} on ${index} at ${at}`).toEqual(values[row]);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe("dataframes", () => {
  it("are compared by at least 60 queries, few of which are refused", () => {
    expect(FRAME_QUERIES.length).toBeGreaterThanOrEqual(60);
    expect(answers.filter(({ error }) => error !== undefined).length).toBeLessThan(6);
  });

  it("become recordings again, also by way of a Parquet file", async () => {
    const [segment] = await datasetOf("basics").segmentTable().rows({ limit: 1 });
    const one = await openDataset(String(segment?.rerun_storage_urls));
    const names = (await one.reader("frame").schema()).fields.map(({ name }) => name);
    const columns = names.filter((name) => name === "frame" || name.startsWith("/")); // other indexes are not in every row
    const frame = one.reader("frame", { columns });
    await frame.writeParquet(join(folder, "basics.parquet"));
    const recording = new RecordingStream("again");
    recording.setLogTimeEnabled(false);
    recording.sendDataframe(await (await readParquet(join(folder, "basics.parquet"))).toArrow());
    const again = await openDataset(recording);
    expect(await again.reader("frame", { columns }).rows()).toEqual(await frame.rows());
    await one.close();
  });

  it.each(["basics", "props", "timelines"])("the segment table of %s tells the same", async (name) => {
    const ours = contentOf(await datasetOf(name).segmentTable().toArrow(), null);
    const theirs = contentOf(readTable(`segments-${name}.arrow`), null);
    expect(Object.keys(ours.columns)).toEqual(Object.keys(theirs.columns));
    // The server knows other sizes, times of registration and URLs.
    const own = ["rerun_last_updated_at", "rerun_size_bytes", "rerun_storage_urls"];
    for (const column of Object.keys(theirs.columns)) {
      if (!own.includes(column)) expect(ours.columns[column], column).toEqual(theirs.columns[column]);
    }
    expect(ours.columns.rerun_num_chunks?.values).toEqual(theirs.columns.rerun_num_chunks?.values);
    expect(readdirSync(join(folder, name))).toHaveLength(ours.rows);
  });
});
