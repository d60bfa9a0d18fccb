/** `Server` of the built package: the command as a process that belongs to the program that started it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Server } from "rerun-ts/catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/ports.js";
import { recordingBytes } from "../support/recording-bytes.js";
import { scalarChunk } from "../support/scalar-chunk.js";

const PROGRAM = `
  import { Server } from "rerun-ts/catalog";
  const server = await Server.start();
  console.log(server.url());
  if (process.argv[2] === "stay") setInterval(() => undefined, 1000);
`;

let folder = "";
const { TMPDIR } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-own-server-"));
  // Nobody else's folders are counted here.
  process.env.TMPDIR = join(folder, "temporary");
  mkdirSync(process.env.TMPDIR);
  mkdirSync(join(folder, "drives"));
  for (const id of ["a", "b"]) writeFileSync(join(folder, "drives", `${id}.rrd`), recordingBytes(id, [scalarChunk([1], [1])]));
});

afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

function temporaryFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("rerun-ts-server-"));
}

test("has the folders and the lists of files it was started with, and forgets all when it ends", async () => {
  const before = temporaryFolders();
  const server = await Server.start({ datasets: { all: join(folder, "drives"), some: [join(folder, "drives", "b.rrd")] } });
  expect(temporaryFolders().length).toBe(before.length + 1);
  const client = await server.client();
  const idsOf = async (name: string) => (await client.getDataset(name)).segmentIds();
  expect([await idsOf("all"), await idsOf("some")]).toEqual([["a", "b"], ["b"]]);
  await client.close();
  await server.shutdown();
  await server.shutdown();
  expect(server.isRunning()).toBe(false);
  await expect(server.client()).rejects.toMatchObject({ code: "Closed" });
  expect(temporaryFolders()).toEqual(before);
});

test("serves the same again from its data folder", async () => {
  const dataDir = join(folder, "kept");
  const first = await Server.start({ dataDir, datasets: { some: [join(folder, "drives", "a.rrd")] } });
  await first.shutdown();
  const warnings: string[] = [];
  const second = await Server.start({ dataDir, warn: ({ message }) => warnings.push(message) });
  const client = await second.client();
  expect(await (await client.getDataset("some")).segmentIds()).toEqual(["a"]);
  await client.close();
  await second.shutdown();
  expect(warnings).toEqual([]);
});

test("says why it does not start", async () => {
  const missing = join(folder, "nothing");
  await expect(Server.start({ datasets: { a: missing } })).rejects.toThrow(
    `did not start: The folder of a dataset cannot be read: ${missing}`,
  );
  await expect(Server.start({ datasets: { a: [missing] } })).rejects.toMatchObject({ code: "NotFound" });
  const port = await freePort();
  const first = await Server.start({ port });
  await expect(Server.start({ port })).rejects.toMatchObject({ code: "Unavailable" });
  await first.shutdown();
});

test("lets the program that started it end, and ends with it, killed or not", async () => {
  const before = temporaryFolders();
  for (const argument of ["end", "stay"]) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, "-", argument], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const lines = createInterface({ input: child.stdout });
    const [url] = (await once(lines, "line")) as [string];
    if (argument === "stay") child.kill("SIGKILL");
    await ended;
    await untilGone(Number(new URL(url).port));
  }
  while (temporaryFolders().length > before.length) await new Promise((done) => setTimeout(done, 50));
});

/** Until nobody can listen there any more but us. */
async function untilGone(port: number): Promise<void> {
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/version`).then(
      () => true,
      () => false,
    );
    if (!answers) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
