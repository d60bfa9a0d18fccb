import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectRedap, hexOf, type RedapService, tableOfPart, withId } from "../../tests/support/redap-client.js";
import { schemaToIpc } from "../chunk/arrow.js";
import { field, INT64 } from "../core/index.js";
import { EntryKind } from "../protos/redap.js";
import { type PlatformServer, type PlatformServerOptions, startPlatformServer } from "./start-server.js";

const FIXTURES = fileURLToPath(new URL("../../tests/fixtures/rrd/", import.meta.url));

let folder = "";
let server: PlatformServer | undefined;
let warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-folders-"));
  mkdirSync(join(folder, "drives"));
  copyFileSync(join(FIXTURES, "conv_time.rrd"), drive("a.rrd"));
  warnings = [];
});

afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

const drive = (name: string): string => join(folder, "drives", name);

async function start(options: PlatformServerOptions = { datasets: { drives: join(folder, "drives") } }): Promise<RedapService> {
  await server?.close();
  server = undefined;
  const warn = ({ message }: { message: string }): number => warnings.push(message);
  server = await startPlatformServer({ port: 0, dataDir: join(folder, "data"), warn, ...options });
  return connectRedap(server.port);
}

/** Segments of the dataset with the files they come from. */
async function segments(client: RedapService): Promise<string[]> {
  const { entries } = await client.findEntries({ filter: { name: "drives", entryKinds: [EntryKind.DATASET] } });
  const rows: string[] = [];
  for await (const { data } of client.scanSegmentTable({}, withId(hexOf(entries[0]?.id?.id)))) {
    for (const row of tableOfPart(data)) rows.push(`${row.rerun_segment_id} ${row.rerun_storage_urls.get(0).split("/").at(-1)}`);
  }
  return rows.sort();
}

it("the recordings of a folder are there when the server listens, and new ones when it starts again", async () => {
  copyFileSync(join(FIXTURES, "Tensor.rrd"), drive("b.RRD"));
  expect(await segments(await start())).toEqual(["conv-time a.rrd", "full-Tensor b.RRD"]);
  copyFileSync(join(FIXTURES, "AnnotationContext.rrd"), drive("c.rrd"));
  expect(await segments(await start())).toEqual(["conv-time a.rrd", "full-AnnotationContext c.rrd", "full-Tensor b.RRD"]);
  expect(warnings).toEqual([]);
});

it("what cannot be registered is told of with its file, and the others are there", async () => {
  writeFileSync(drive("bad.rrd"), "no recording");
  copyFileSync(drive("a.rrd"), drive("copy.rrd"));
  expect(await segments(await start())).toEqual(["conv-time a.rrd"]);
  expect(warnings.sort()).toEqual([
    expect.stringMatching(/^Not in the dataset 'drives': .*bad\.rrd\n.*Not a Rerun recording/s),
    expect.stringMatching(/^Not in the dataset 'drives': .*copy\.rrd\n.*Segment "conv-time", layer "base": already exists$/s),
  ]);
});

it("a file that was changed is registered again, one that was not is left alone", async () => {
  const told: string[] = [];
  const options = { datasets: { drives: join(folder, "drives") }, tell: (text: string) => told.push(text) };
  await start(options);
  await start(options);
  expect(told).toEqual(["drives: 1 of 1 new recordings are registered"]);
  renameSync(drive("a.rrd"), drive("old"));
  copyFileSync(drive("old"), drive("a.rrd"));
  utimesSync(drive("a.rrd"), 1, 1);
  const client = await start(options);
  expect(told).toHaveLength(2);
  expect(await segments(client)).toEqual(["conv-time a.rrd"]);
  expect(warnings).toEqual([]);
});

it("a name that something else has is refused, and says what has it", async () => {
  const client = await start();
  const schema = { arrowSchema: schemaToIpc([field("id", INT64, true)], new Map()) };
  const tables = pathToFileURL(join(folder, "t.lance")).href;
  await client.createTableEntry({ name: "table", schema });
  await expect(start({ datasets: { table: join(folder, "drives") } })).rejects.toThrow(
    "'table' cannot be a dataset: the catalog has a table of that name",
  );
  await expect(start({ tables: { table: join(folder, "t.lance") } })).rejects.toThrow(
    new RegExp(`^The table 'table' lies elsewhere: file://.*, not in ${tables}$`),
  );
  await expect(start({ datasets: { none: join(folder, "none") } })).rejects.toThrow(
    /The folder of a dataset cannot be read: .*none$/,
  );
  await expect(start({ roots: [join(folder, "none")] })).rejects.toThrow(/may be registered is not there: .*none$/);
  writeFileSync(join(folder, "file"), "");
  await expect(start({ dataDir: join(folder, "file") })).rejects.toThrow(/^The data folder cannot be used: .*file'$/);
});
