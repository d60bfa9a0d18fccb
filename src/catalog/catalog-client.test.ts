import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as arrow from "apache-arrow";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { scalarChunk } from "../../tests/support/scalar-chunk.js";
import { startTestCatalog, type TestCatalog } from "../../tests/support/test-catalog.js";
import { type RichValue, setHost } from "../core/index.js";
import type { CatalogClient } from "./catalog-client.js";

let catalog: TestCatalog;
let client: CatalogClient;
beforeAll(async () => {
  catalog = await startTestCatalog();
  client = catalog.client;
});
afterAll(() => catalog.close());

const SCHEMA = new arrow.Schema([
  new arrow.Field("id", new arrow.Int64(), true, new Map([["rerun:is_table_index", "true"]])),
  new arrow.Field("tags", new arrow.List(new arrow.Field("item", new arrow.Utf8(), true)), true),
]);

/** Name of the hidden dataset. */
const blueprintsOf = ({ id }: { readonly id: string }): string => `__bp_${id.toLowerCase()}`;

describe("entries", () => {
  it("are listed by name, hidden ones only when they are asked for", async () => {
    const [b, a] = [await client.createDataset("b"), await client.createDataset("a")];
    await client.createTable("ab", SCHEMA);
    expect(await client.entryNames()).toEqual(["a", "ab", "b"]);
    expect((await client.entries()).map(({ name, kind }) => [name, kind])).toEqual([
      ["a", "dataset"],
      ["ab", "table"],
      ["b", "dataset"],
    ]);
    expect(await client.datasetNames()).toEqual(["a", "b"]);
    expect(await client.tableNames()).toEqual(["ab"]);
    const hidden = await client.entryNames({ includeHidden: true });
    expect(hidden).toEqual(expect.arrayContaining(["__entries", blueprintsOf(a), blueprintsOf(b), "a"]));
    const kinds = new Set((await client.entries({ includeHidden: true })).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["asset_dataset", "blueprint_dataset", "dataset", "table"]);
    for (const entry of await client.entries()) await entry.delete();
    expect(await client.entryNames({ includeHidden: true })).toEqual(["__entries"]);
  });

  it("are found by name and by id, in any case of its digits", async () => {
    const made = await client.createDataset("found");
    expect(made.id).toMatch(/^[0-9A-F]{16}[0-9a-f]{16}$/);
    for (const ref of ["found", { id: made.id }, { id: made.id.toLowerCase() }, { id: made.id.toUpperCase() }]) {
      const found = await client.getDataset(ref);
      expect([found.id, found.name, found.kind]).toEqual([made.id, "found", "dataset"]);
      expect(found.createdAt).toEqual(made.createdAt);
    }
    const hidden = await client.getDataset(blueprintsOf(made));
    expect(hidden.kind).toBe("blueprint_dataset");
    expect((await made.blueprintDataset())?.id).toBe(hidden.id);
    expect(made.catalog).toBe(client);
    await made.delete();
  });

  it("that are not there are told of with Rerun's words", async () => {
    const missing = { code: "NotFound", message: "No dataset found with name 'none'" };
    await expect(client.getDataset("none")).rejects.toMatchObject(missing);
    await expect(client.getTable("none")).rejects.toMatchObject({ code: "NotFound", message: "No table found with name 'none'" });
    await expect(client.getDataset({ id: "0".repeat(32) })).rejects.toMatchObject({ code: "NotFound" });
    await expect(client.getDataset({ id: "none" })).rejects.toMatchObject({
      code: "InvalidArgument",
      message: 'An entry id has 32 hexadecimal digits, got "none"',
    });
    await expect(client.getDataset(undefined as unknown as string)).rejects.toMatchObject({
      code: "InvalidArgument",
      message: "Either a name or { id } must be provided.",
    });
    const table = await client.createTable("a table", SCHEMA);
    await expect(client.getDataset("a table")).rejects.toMatchObject({ code: "NotFound" });
    await table.delete();
    await expect(table.delete()).rejects.toMatchObject({ code: "NotFound" });
  });

  it.each([
    ["", "must not be empty"],
    ["a/b", "contains invalid character '/'"],
    ["<b>", "contains invalid character '<'"],
    ["x".repeat(181), "exceeds maximum length of 180 characters (got 181)"],
  ])("cannot be called %j", async (name, why) => {
    const refused = { code: "InvalidArgument", message: expect.stringContaining(why) };
    await expect(client.createDataset(name)).rejects.toMatchObject(refused);
    await expect(client.createTable(name, SCHEMA)).rejects.toMatchObject(refused);
    const dataset = await client.createDataset("proper");
    await expect(dataset.setName(name)).rejects.toMatchObject(refused);
    expect(dataset.name).toBe("proper");
    await dataset.delete();
  });

  it("have one name each, whatever they are", async () => {
    const dataset = await client.createDataset("taken");
    const table = await client.createTable("other", SCHEMA);
    const taken = { code: "AlreadyExists", message: expect.stringContaining("'taken'") };
    await expect(client.createDataset("taken")).rejects.toMatchObject(taken);
    await expect(client.createTable("taken", SCHEMA)).rejects.toMatchObject(taken);
    await expect(table.setName("taken")).rejects.toMatchObject({ code: "AlreadyExists" });
    expect((await client.createDataset("taken", { existOk: true })).id).toBe(dataset.id);
    await expect(client.createDataset("other", { existOk: true })).rejects.toMatchObject({ code: "NotFound" });
    await dataset.setName("moved");
    expect([dataset.name, (await client.getDataset("moved")).id]).toEqual(["moved", dataset.id]);
    expect(dataset.updatedAt.getTime()).toBeGreaterThanOrEqual(dataset.createdAt.getTime());
    await table.setName("taken");
    for (const entry of [dataset, table]) await entry.delete();
  });
});

describe("tables", () => {
  it("are made where the server keeps its own, or in a folder of their own below a given one", async () => {
    const own = await client.createTable("own", SCHEMA);
    const folder = pathToFileURL(join(catalog.folder, "lance")).href;
    const given = await client.createTable("given", SCHEMA, { url: `${folder}//` });
    const second = await client.createTable("second", SCHEMA, { url: folder });
    expect(given.storageUrl).toMatch(new RegExp(`^${folder}/[0-9A-Fa-f]{32}$`));
    expect(new Set([own.storageUrl, given.storageUrl, second.storageUrl]).size).toBe(3);
    expect(String(await given.arrowSchema())).toBe(String(SCHEMA));
    await given.append({ id: [1n, 2n], tags: [["x"], []] });
    expect(await second.reader().count()).toBe(0);

    const rows = await given.reader().rows();
    const registered = await client.registerTable("registered", given.storageUrl);
    expect([registered.kind, registered.storageUrl]).toEqual(["table", given.storageUrl]);
    expect(await registered.reader().rows()).toEqual(rows);
    await given.delete();
    expect(await registered.reader().rows()).toEqual(rows);
    const missing = { code: "NotFound", message: expect.stringContaining(`${folder}/none`) };
    await expect(client.registerTable("none", `${folder}/none`)).rejects.toMatchObject(missing);
    expect(await client.tableNames()).toEqual(["own", "registered", "second"]);
    for (const table of await client.tables()) await table.delete();
  });

  it("take rows as tables, batches, frames and columns by name; wrong ones are told of and leave nothing", async () => {
    const table = await client.createTable("rows", SCHEMA);
    const tags = (...lists: (string[] | null)[]) => arrow.vectorFromArray(lists, SCHEMA.fields[1]?.type as arrow.DataType);
    const of = (...ids: bigint[]) =>
      new arrow.Table({ id: arrow.vectorFromArray(ids, new arrow.Int64()), tags: tags(...ids.map(() => ["t"])) });
    await table.append(of(1n, 2n));
    await table.append(of(3n).batches);
    await table.append(table.reader());
    await table.append({ id: 4n, tags: [["one row"]] });
    expect(await table.reader().count()).toBe(7);
    await table.overwrite({ id: BigInt64Array.of(1n, 2n) });
    expect(await table.reader().rows()).toEqual([
      { id: 1n, tags: null },
      { id: 2n, tags: null },
    ]);
    await table.upsert({ id: [2n, 3n], tags: [["new"], ["more"]] });
    const sorted = await (await client.sql("select * from rows order by id")).rows();
    expect(sorted.map(({ id, tags: own }) => [id, own])).toEqual([
      [1n, null],
      [2n, ["new"]],
      [3n, ["more"]],
    ]);
    await expect(table.append({ id: [1n, 2n], tags: ["a", "b", "c"] })).rejects.toMatchObject({
      code: "InvalidArgument",
      message:
        "Columns have mismatched number of rows. Column 'tags' has 3 rows but expected 2. Hint: For single-row list-typed columns, wrap your list in another list: tags: [[…]] instead of tags: […]",
    });
    await expect(table.append({ wrong: [1] })).rejects.toThrow("Column wrong does not exist in table");
    await expect(table.append([{}] as never)).rejects.toThrow("rows[0]: expected a record batch of apache-arrow");
    expect(await table.reader().count()).toBe(3);
    await table.delete();
  });

  it("open with a blueprint of theirs", async () => {
    const table = await client.createTable("shown", SCHEMA);
    expect([table.defaultBlueprint(), await table.blueprints()]).toEqual([undefined, []]);
    await table.registerBlueprint(catalog.blueprint("first"));
    await table.registerBlueprint(catalog.blueprint("second"), { setDefault: false });
    expect([table.defaultBlueprint(), await table.blueprints()]).toEqual(["first", ["first", "second"]]);
    expect((await client.getTable("shown")).defaultBlueprint()).toBe("first");
    await table.setDefaultBlueprint("second");
    expect((await client.getTable("shown")).defaultBlueprint()).toBe("second");
    await table.setDefaultBlueprint(null);
    expect([table.defaultBlueprint(), (await client.getTable("shown")).defaultBlueprint()]).toEqual([undefined, undefined]);
    expect((await table.blueprintDataset()).kind).toBe("blueprint_dataset");
    await expect((await client.getTable("__entries")).blueprintDataset()).rejects.toMatchObject({
      code: "NotFound",
      message: "a blueprint dataset is not configured for this table",
    });
    await table.delete();
  });
});

it("datasets open with a blueprint of theirs, their segment table with another", async () => {
  const dataset = await client.createDataset("shown");
  await dataset.registerBlueprint(catalog.blueprint("segments"));
  await dataset.registerBlueprint(catalog.blueprint("table"), { segmentTable: true });
  expect(await dataset.blueprints()).toEqual(["segments", "table"]);
  const defaults = async () => {
    const again = await client.getDataset("shown");
    return [again.defaultBlueprint(), again.defaultSegmentTableBlueprint()];
  };
  expect(await defaults()).toEqual(["segments", "table"]);
  await dataset.setDefaultBlueprint(null);
  expect(await defaults()).toEqual([undefined, "table"]);
  await dataset.setDefaultSegmentTableBlueprint(null);
  expect(await defaults()).toEqual([undefined, undefined]);
  await dataset.delete();
});

describe("in a cell", () => {
  const shown = new WeakMap<object, RichValue>();
  afterEach(() => setHost(undefined));

  const htmlOf = async (target: object): Promise<string> => String(await shown.get(target)?.html());

  it("entries and their lists show themselves as tables", async () => {
    setHost({ readFile: () => new Uint8Array(0), makeRich: (target, value) => shown.set(target, value) });
    const { client: own } = await catalog.through();
    const dataset = await own.createDataset("drives");
    for (const target of [dataset, await own.datasets(), await own.entries(), own]) {
      const html = await htmlOf(target);
      for (const text of ["drives", dataset.id, "created_at"]) expect(html).toContain(text);
    }
    expect(shown.get(dataset)?.text()).toBe("Entry(dataset, 'drives')");
    await dataset.delete();
    expect(await htmlOf(await own.datasets())).toContain("created_at");
  });

  it("what a server or a recording says is text, never markup", async () => {
    setHost({ readFile: () => new Uint8Array(0), makeRich: (target, value) => shown.set(target, value) });
    const evil = `<img src=x onerror="alert(1)">&amp;`;
    const dataset = await catalog.dataset("evil", {});
    const path = catalog.recording(evil, [scalarChunk([1], [1], { entityPath: String.raw`/\<script\>` })], "evil.rrd");
    await (await dataset.register(path, { layerName: "<b>layer</b>" })).wait();
    expect(await dataset.segmentIds()).toEqual([evil]);
    for (const frame of [dataset.segmentTable(), dataset.manifest(), dataset.reader("frame"), dataset.getIndexRanges()]) {
      const html = await frame.toHtml();
      expect(html).toContain("&lt;img src=x");
      for (const tag of ["<img", "<script", "<b>"]) expect(html).not.toContain(tag);
    }
    await dataset.delete();
  });
});
