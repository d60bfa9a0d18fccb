/** The reading operations of the catalog client, by the names that `python/catalog_reads.py` gives them. */
import { join } from "node:path";
import * as arrow from "apache-arrow";
import {
  type CatalogClient,
  ContentFilter,
  type DatasetEntry,
  type DatasetSelection,
  type Schema,
} from "../../../src/catalog/index.js";
import { DataFrame, frameFromArrow, memorySource } from "../../../src/dataset/index.js";

/** A table, or a value that JSON can tell. */
export type CatalogRead = () => Promise<unknown>;

const PATHS = ["a\\ b/c", "ü/日本", "x\\!y/z", "1/2", "with.dot/and-dash", "d\\:e/f\\:g", "__hidden/x", "plain"];
const MORE_PATHS = ["a\\ b/c", "of\\ parts/**", "of\\ parts/a\\/b/c\\:d", "ü/**", "/a b/**", "/__hidden/**", "日本"];
const DATASETS = ["layers", "void", "bare", "paths", "properties", "disagreeing", "described"];

/** All of them; the datasets and their segments are asked for. @param files folder of the recordings */
export async function catalogReads(client: CatalogClient, files: string): Promise<Map<string, CatalogRead>> {
  const reads = new Map<string, CatalogRead>();
  for (const name of DATASETS) await addDataset(reads, await client.getDataset(name));
  reads.set("disagreeing.refused", () => refusedOf(client, files));
  await addTables(reads, client);
  const [layers, paths] = [await client.getDataset("layers"), await client.getDataset("paths")];
  addViews(reads, layers, paths);
  await addValues(reads, layers, paths);
  await addJoins(reads, client, layers);
  await addRest(reads, client, layers);
  return reads;
}

/** The recordings that cannot be registered beside the first one. */
async function refusedOf(client: CatalogClient, files: string): Promise<string[]> {
  const dataset = await client.getDataset("disagreeing");
  const refused: string[] = [];
  for (const name of ["timeline", "property", "component"]) {
    const operation = await dataset.register(join(files, `dis-${name}.rrd`));
    await operation.wait().catch((error: unknown) => {
      if (String(error).includes("schema incompatibility")) refused.push(name);
    });
  }
  return refused;
}

async function addDataset(reads: Map<string, CatalogRead>, dataset: DatasetEntry): Promise<void> {
  const { name } = dataset;
  const add = (what: string, read: CatalogRead): unknown => reads.set(`${name}.${what}`, read);
  add("ids", () => dataset.segmentIds());
  add("info", () => describeInfo(dataset));
  add("described", async () => describeSchema(await dataset.schema()));
  add("schema", async () => new arrow.Table((await dataset.schema()).toArrow()));
  add("segments", () => dataset.segmentTable().toArrow());
  add("manifest", () => dataset.manifest().toArrow());
  add("diagnostics", () => dataset.manifest({ includeDiagnosticData: true }).toArrow());
  add("ranges", () => dataset.getIndexRanges().toArrow());
  for (const id of await dataset.segmentIds()) {
    const segment = await dataset.segment(id);
    add(`layers of ${id}`, async () => (await segment.layers()).sort());
    add(`schema of ${id}`, async () => describeSchema(await segment.schema()));
    add(`schema with assets of ${id}`, async () => describeSchema(await segment.schema({ includeAssets: true })));
    add(`url of ${id}`, async () => segment.url);
    add(`assets of ${id}`, () => dataset.assetsForSegment(id));
    add(`chunks of ${id}`, () => describeChunks(dataset, id));
  }
  add("assets", () => dataset.assets());
  add("blueprints", async () => {
    const known = await dataset.blueprints();
    return [
      known.length,
      known.includes(dataset.defaultBlueprint() ?? ""),
      known.includes(dataset.defaultSegmentTableBlueprint() ?? ""),
    ];
  });
  const wide = { includeSemanticallyEmptyColumns: true, includeTombstoneColumns: true };
  for (const index of [null, ...(await dataset.schema()).indexColumns().map((column) => column.name)]) {
    const label = index ?? "None";
    addReaders(reads, `${name}.`, dataset, [index]);
    add(`all of ${label}`, () => dataset.filterContents(["/**", "/__properties/**"]).reader(index, wide).toArrow());
  }
}

function addReaders(
  reads: Map<string, CatalogRead>,
  prefix: string,
  view: DatasetSelection | DatasetEntry,
  indexes: readonly (string | null)[],
): void {
  for (const index of indexes) {
    for (const [label, fillLatestAt] of [
      ["False", false],
      ["True", true],
    ] as const) {
      reads.set(`${prefix}by ${index ?? "None"} ${label}`, () =>
        view.reader(index, { fillLatestAt, clears: "rerun-0.41" }).toArrow(),
      );
    }
  }
}

async function describeInfo(dataset: DatasetEntry): Promise<unknown> {
  const { layers, timelines, ...info } = await dataset.info();
  return {
    ...info,
    layers: layers.map(({ name, numSegments }) => [name, numSegments]).sort(),
    timelines: timelines.map((each) => [each.name, each.kind, each.numSegments, text(each.min), text(each.max)]).sort(),
    propertyColumns: [...info.propertyColumns],
  };
}

function text(value: bigint | undefined): string | null {
  return value === undefined ? null : String(value);
}

function describeSchema(schema: Schema): unknown {
  const columns = schema
    .componentColumns()
    .map((each) => [
      each.name,
      each.entityPath,
      each.component,
      each.componentType ?? null,
      each.archetype ?? null,
      each.isStatic,
      each.isProperty,
    ]);
  return {
    indexes: schema
      .indexColumns()
      .map(({ name }) => name)
      .sort(),
    columns: columns.sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    archetypes: schema.archetypes({ includeProperties: true }),
    types: schema.componentTypes({ includeProperties: true }),
    paths: schema.entityPaths().sort(),
    "all paths": schema.entityPaths({ includeProperties: true }).sort(),
    names: schema.columnNames().sort(),
  };
}

async function describeChunks(dataset: DatasetEntry, id: string): Promise<unknown> {
  const store = await dataset.segmentStore(id);
  try {
    return store
      .entries()
      .map(({ entityPath, numRows }) => [entityPath, numRows])
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  } finally {
    await store.close();
  }
}

async function addTables(reads: Map<string, CatalogRead>, client: CatalogClient): Promise<void> {
  for (const table of await client.tables()) {
    if (!table.name.startsWith("type_") && table.name !== "empty" && table.name !== "wide") continue;
    reads.set(`table.${table.name}`, () => table.reader().toArrow());
    if (!table.name.startsWith("type_")) continue;
    reads.set(`reader.${table.name}`, async () => {
      const batches: arrow.RecordBatch[] = [];
      for await (const batch of table.toArrowReader()) batches.push(batch);
      return new arrow.Table(batches);
    });
    reads.set(`schema.${table.name}`, async () => new arrow.Table(await table.arrowSchema()));
  }
}

function addViews(reads: Map<string, CatalogRead>, layers: DatasetEntry, paths: DatasetEntry): void {
  const all = ContentFilter.everything();
  const none = ContentFilter.nothing();
  const two = layers.segmentTable().sql(`select * from frame where "rerun_segment_id" = 'two'`);
  const views: Record<string, DatasetSelection> = {
    one: layers.filterSegments("one"),
    "list twice": layers.filterSegments(["two", "two", "one", "none"]),
    none: layers.filterSegments([]),
    frame: layers.filterSegments(layers.segmentTable()),
    both: layers.filterSegments(["one", "two"]).filterSegments(["two", "none"]),
    apart: layers.filterSegments("one").filterSegments("two"),
    contents: layers.filterContents("/a"),
    "contents twice": layers.filterContents("/a").filterContents("/same"),
    narrower: layers.filterContents("/**").filterContents("/a"),
    nothing: layers.filterContents(none),
    "no rules": layers.filterContents([]),
    everything: layers.filterContents(all),
    "all but": layers.filterContents(all.exclude("/a")),
    properties: layers.filterContents(none.includeProperties()),
    "with properties": layers.filterContents(all.includeProperties()),
    subtree: layers.filterContents(none.include("/", { subtree: true }).exclude("/same", { subtree: true })),
    "segments and contents": layers.filterSegments("two").filterContents("/a"),
    "contents and segments": layers.filterContents("/a").filterSegments("two"),
    other: layers.filterContents("/none/**"),
    exclusion: layers.filterContents("-/a"),
  };
  for (const [i, path] of [...PATHS, ...MORE_PATHS].entries()) views[`path ${i}`] = paths.filterContents(path);
  for (const [name, view] of Object.entries(views)) addView(reads, name, () => Promise.resolve(view));
  addView(reads, "frame of one", async () => layers.filterSegments(await two));
}

function addView(reads: Map<string, CatalogRead>, name: string, view: () => Promise<DatasetSelection>): void {
  const add = (what: string, read: (view: DatasetSelection) => Promise<unknown>): unknown =>
    reads.set(`view ${name}.${what}`, async () => read(await view()));
  add("ids", (selection) => selection.segmentIds());
  add("described", async (selection) => describeSchema(await selection.schema()));
  add("segments", (selection) => selection.segmentTable().toArrow());
  add("ranges", (selection) => selection.getIndexRanges().toArrow());
  add("by None False", (selection) => selection.reader(null).toArrow());
  add("by frame False", (selection) => selection.reader("frame", { clears: "rerun-0.41" }).toArrow());
  add("by frame True", (selection) => selection.reader("frame", { fillLatestAt: true, clears: "rerun-0.41" }).toArrow());
}

async function addValues(reads: Map<string, CatalogRead>, layers: DatasetEntry, paths: DatasetEntry): Promise<void> {
  const array = BigInt64Array.of(3n, 0n, 2n, 77n);
  const ids = arrow.vectorFromArray(["one", "two", "one", "none"], new arrow.Utf8());
  const given = new arrow.Table({ rerun_segment_id: ids, frame: arrow.makeVector(BigInt64Array.of(1n, 9n, 3n, 4n)) });
  const frame = new DataFrame(memorySource(frameFromArrow(given)));
  const forms = {
    array,
    arrow: [3, 0],
    dict: { one: array, none: array },
    "dict of arrow": { two: [2n] },
    frame,
    none: [],
    "dict of none": { one: [] },
    "empty dict": {},
    twice: [1, 1],
  };
  for (const [name, usingIndexValues] of Object.entries(forms)) {
    for (const [label, fillLatestAt] of [
      ["False", false],
      ["True", true],
    ] as const) {
      const options = { usingIndexValues, fillLatestAt, clears: "rerun-0.41" } as const;
      reads.set(`values ${name} ${label}`, () => layers.reader("frame", options).toArrow());
      if (fillLatestAt) reads.set(`values of two ${name}`, () => layers.filterSegments("two").reader("frame", options).toArrow());
    }
  }
  const fill = { fillLatestAt: true };
  reads.set("values static", () => layers.reader(null, { usingIndexValues: array }).toArrow());
  reads.set("values duration", () =>
    paths.reader("ü", { usingIndexValues: [1_000_000_000n, 1_500_000_000n], ...fill }).toArrow(),
  );
  reads.set("values timestamp", () =>
    paths.reader("at", { usingIndexValues: [1_000_000_000n, 1_500_000_000n], ...fill }).toArrow(),
  );
  reads.set("values timestamp ms", () =>
    paths.reader("at", { usingIndexValues: [new Date(1000), new Date(1500)], ...fill }).toArrow(),
  );
}

async function addJoins(reads: Map<string, CatalogRead>, client: CatalogClient, layers: DatasetEntry): Promise<void> {
  const joinMeta = await client.getTable("meta");
  const join = (options: Parameters<DatasetEntry["segmentTable"]>[0]) => () => layers.segmentTable(options).toArrow();
  reads.set("join table", join({ joinMeta }));
  reads.set("join frame", async () => join({ joinMeta: await client.sql("select rerun_segment_id, key from meta") })());
  reads.set("join missing", join({ joinMeta, joinKey: "nope" }));
  reads.set("join own key", join({ joinMeta, joinKey: "key" }));
  reads.set("join void", async () => (await client.getDataset("void")).segmentTable({ joinMeta }).toArrow());
}

async function addRest(reads: Map<string, CatalogRead>, client: CatalogClient, layers: DatasetEntry): Promise<void> {
  const dataset = await client.getDataset("described");
  const kinds = async (includeHidden: boolean) => (await client.entries({ includeHidden })).map(({ name, kind }) => [name, kind]);
  reads.set("kinds", () => kinds(false));
  reads.set("hidden", async () => (await kinds(true)).map(([, kind]) => kind).sort());
  reads.set("hidden names", async () => {
    const names = await client.entryNames({ includeHidden: true });
    return ["__bp_", "__as_", "__entries"].map((prefix) => names.filter((name) => name.startsWith(prefix)).length);
  });
  reads.set("names", async () => [await client.entryNames(), await client.datasetNames(), await client.tableNames()]);
  reads.set("hidden dataset kinds", async () => [(await dataset.blueprintDataset())?.kind, (await dataset.assetDataset())?.kind]);
  reads.set("table blueprints", async () => {
    const table = await client.getTable("described_table");
    const known = await table.blueprints();
    return [known.length, known.includes(table.defaultBlueprint() ?? "")];
  });
  reads.set("dotted", async () => (await client.getDataset("name.with-dots: and [brackets]")).name);
  const start = new Date("2024-01-02T03:04:05.678Z");
  reads.set("url timestamp", async () =>
    dataset.segmentUrl("s", { timeline: "at", start, end: new Date("2024-01-02T00:00:00Z") }),
  );
  reads.set("url duration", async () =>
    dataset.segmentUrl("s", { timeline: "ü x", start: { duration: 1.5 }, end: { durationNanos: -2_000_000_000n } }),
  );
  reads.set("url sequence", async () =>
    dataset.segmentUrl("a/b?c#d&e%f+g h日", { timeline: "a@b&c", start: -5, end: 2n ** 60n }),
  );
  reads.set("layer ids", async () =>
    Promise.all(["base", "früh/1 a"].map(async (name) => (await layers.layer(name)).segmentIds())),
  );
  reads.set("entries", async () => (await client.getTable("__entries")).reader().toArrow());
  addErrors(reads, client, dataset);
}

function addErrors(reads: Map<string, CatalogRead>, client: CatalogClient, dataset: DatasetEntry): void {
  const add = (what: string, read: CatalogRead): unknown => reads.set(`error ${what}`, () => read().then(() => null));
  const meta = () => client.getTable("meta");
  add("dataset named as a table", () => client.getDataset("meta"));
  add("table named as a dataset", () => client.getTable("layers"));
  add("dataset of a table's id", async () => client.getDataset({ id: (await meta()).id }));
  add("dataset of no id", () => client.getDataset({ id: "zz" }));
  add("dataset of unknown id", () => client.getDataset({ id: "0".repeat(32) }));
  add("no dataset", () => client.getDataset(undefined as unknown as string));
  add("segment", () => dataset.segment("nope"));
  add("layer", () => dataset.layer("nope"));
  add("index", () => dataset.reader("nope").toArrow());
  add("store", () => dataset.segmentStore("nope"));
  add("assets of nothing", () => dataset.assetsForSegment("nope"));
  add("rule", async () => ContentFilter.everything().include("a"));
  add("contents", () => dataset.filterContents("/a/**/b").reader("frame").toArrow());
  add("contents 2", () => dataset.filterContents("++ /a").reader("frame").toArrow());
  add("selector", async () => (await dataset.schema()).columnForSelector("/x:Scalars:nope"));
  add("bad selector", async () => (await dataset.schema()).columnForSelector("nope"));
  add("selector of a frame", async () => (await dataset.schema()).columnForSelector("frame"));
  add("column", async () => (await dataset.schema()).columnFor("/x", "nope"));
  add("sql", () => client.sql("select nope from meta"));
  add("append", async () => (await meta()).append({ nope: [1] }));
  add("append lengths", async () => (await meta()).append({ key: ["a"], rerun_num_chunks: [1, 2] }));
  add("append types", async () => (await meta()).append({ rerun_num_chunks: ["text"] }));
  add("create table", () => client.createTable("meta", new arrow.Schema([new arrow.Field("a", new arrow.Int64(), true)])));
  add("create bad", () => client.createDataset("a/b"));
  add("maintenance", () => dataset.doMaintenance());
  add("global maintenance", () => client.doGlobalMaintenance());
}
