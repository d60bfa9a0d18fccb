/** Our server when there is no room left for its files: it says no, and keeps what it has said yes to. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../../scripts/paths.mjs";
import { DataSourceKind, EntryKind } from "../../src/protos/redap.js";
import { connectRedap, hexOf, tableOfPart, withId } from "../support/redap-client.js";
import { startOurServer } from "../support/redap-servers.js";
import { type RunningProgram, runningProgram } from "../support/running-program.js";

/** No file may become larger: the write-ahead log of the catalog gets there first. */
const MAX_FILE_KIB = 512;

const SOURCE = {
  storageUrl: pathToFileURL(join(ROOT, "tests", "fixtures", "rrd", "conv_time.rrd")).href,
  typ: DataSourceKind.RRD,
};

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-disk-"));
const programs: RunningProgram[] = [];

afterAll(async () => {
  for (const each of programs) await each.stop();
  rmSync(folder, { recursive: true });
});

/** The server under a limit of the shell's, which writing beyond gives an error as a full disk does. */
async function startLimited(): Promise<number> {
  const command = join(ROOT, "dist", "cli", "main.cjs");
  const script = `trap '' XFSZ; ulimit -f ${MAX_FILE_KIB}; exec "$@"`;
  const args = ["-c", script, "bash", process.execPath, command, "server", "--port", "0", "--data-dir", join(folder, "data")];
  const child = spawn("bash", args, { stdio: ["ignore", "pipe", "ignore"] });
  programs.push(runningProgram(child, { isGroup: false }));
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /rerun\+http:\/\/.*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the server did not start");
}

it("goes on reading, names the reason, and has all it acknowledged when there is room again", async () => {
  const port = await startLimited();
  const client = connectRedap(port);
  const acknowledged: string[] = [];
  const tasks: string[] = [];
  const refusals: unknown[] = [];
  // The worker writes too: sometimes it is its turn to find no room.
  for (let i = 0; refusals.length < 10; i++) {
    const name = `dataset ${i}`;
    try {
      const id = hexOf((await client.createDatasetEntry({ name })).dataset?.details?.id?.id);
      acknowledged.push(name);
      const { data } = await client.registerWithDataset({ dataSources: [SOURCE] }, withId(id));
      tasks.push(...[...(tableOfPart(data).getChild("rerun_task_id") ?? [])].map(String));
    } catch (error) {
      refusals.push(error);
    }
  }
  for (const refusal of refusals) {
    const { code, rawMessage } = ConnectError.from(refusal);
    expect([code, rawMessage]).toEqual([14, expect.stringMatching(/^The catalog cannot be written: .*full\?$/)]);
  }
  const { entries } = await client.findEntries({ filter: { entryKinds: [EntryKind.DATASET] } });
  expect(entries.map(({ name }) => name).sort()).toEqual([...acknowledged].sort());

  const granted = await client.getWriteAccessGrant({ key: "large.rrd" });
  const redemption = granted.grant?.redemption;
  const url = redemption?.case === "httpRequest" ? redemption.value.url : "";
  const body = randomBytes(2 * 1024 * MAX_FILE_KIB);
  expect((await fetch(`http://127.0.0.1:${port}${url}`, { method: "PUT", body })).status).toBe(507);
  expect(readdirSync(join(folder, "data", "objects", ".pending"))).toEqual([]);
  await programs[0]?.stop();

  const server = await startOurServer(["--data-dir", join(folder, "data")]);
  programs.push(server);
  const again = connectRedap(server.port);
  await again.createDatasetEntry({ name: "one more" });
  const after = await again.findEntries({ filter: { entryKinds: [EntryKind.DATASET] } });
  expect(after.entries.map(({ name }) => name).sort()).toEqual([...acknowledged, "one more"].sort());
  expect(tasks.length).toBeGreaterThan(0);
  for await (const { data } of again.queryTasksOnCompletion({ ids: tasks.map((id) => ({ id })), timeout: { seconds: 60n } })) {
    expect(new Set(tableOfPart(data).getChild("exec_status"))).toEqual(new Set(["success"]));
  }
});
