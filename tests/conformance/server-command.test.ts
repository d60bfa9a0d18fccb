/** The command line of both servers: the same options, the same exit codes. */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testRerun } from "../../scripts/paths.mjs";
import { EntryKind } from "../../src/protos/redap.js";
import { connectRedap } from "../support/redap-client.js";
import { startOurServer, startRealServer } from "../support/redap-servers.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-command-"));
const OURS = [process.execPath, join(ROOT, "dist", "cli", "main.cjs")] as const;

beforeAll(() => {
  mkdirSync(join(folder, "drives"));
  copyFileSync(join(ROOT, "tests", "fixtures", "rrd", "conv_time.rrd"), join(folder, "drives", "a.rrd"));
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Ending {
  readonly code: number | null;
  readonly said: string;
}

function run(command: readonly string[], ...args: readonly string[]): Ending {
  const [program = "", ...first] = command;
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], { encoding: "utf8" });
  return { code: status, said: stdout + stderr };
}

describe("a command line that cannot be", () => {
  it.each([
    ["a port that is too large", ["server", "--port", "99999"], /--port takes a number from 0 to 65535, got 99999/],
    ["a port that is no number", ["server", "-p", "abc"], /--port takes a number from 0 to 65535, got abc/],
    ["an option that is not there", ["server", "--nope"], /Unknown option `--nope`/],
    ["an argument too many", ["server", "extra"], /Unused args: `extra`/],
  ])("%s: exit code 2, as Rerun's", (_, args, text) => {
    const ours = run(OURS, ...args);
    expect([ours.code, run([testRerun()], ...args).code]).toEqual([2, 2]);
    expect(ours.said).toMatch(text);
  });

  it.each([
    ["a folder twice", ["server", "-d", "a=x", "-d", "a=y"], "--dataset names 'a' twice: x, y"],
    ["a folder without a name", ["server", "-t", "=x"], "--table takes DIR or NAME=DIR, got =x"],
    ["a size that is none", ["server", "--max-message-mib", "many"], "--max-message-mib takes a number of MiB, got many"],
    ["a token without a secret", ["auth", "mint-token"], "--secret-file is required"],
    [
      "a permission that is none",
      ["auth", "mint-token", "--secret-file", "x", "--permission", "all"],
      "--permission takes read or",
    ],
    ["a time that is none", ["auth", "mint-token", "--secret-file", "x", "--expires-in", "soon"], "--expires-in takes a number"],
    ["an action that is none", ["auth", "nope"], 'There is no command "auth nope", there is: auth mint-token'],
  ])("%s: exit code 2", (_, args, text) => {
    expect(run(OURS, ...args)).toEqual({ code: 2, said: expect.stringContaining(text) });
  });
});

describe("a server that cannot start", () => {
  const data = ["--data-dir", join(folder, "data")];

  it.each([
    [
      "a folder of recordings that is not there",
      ["-d", `a=${join(folder, "none")}`],
      /folder of a dataset cannot be read: .*none/,
    ],
    ["a table that is not there", ["-t", `a=${join(folder, "none")}`], /There is no Lance table: file:.*none/],
  ])("%s: exit code 1, as Rerun's, and one line", (_, args, text) => {
    const ours = run(OURS, "server", "--port", "0", ...data, ...args);
    expect([ours.code, run([testRerun()], "server", "--host", "127.0.0.1", "--port", "0", ...args).code]).toEqual([1, 1]);
    expect(ours.said).toMatch(text);
    expect(ours.said.trim().split("\n")).toHaveLength(1);
  });

  it("on a port that another program has: exit code 1, and the port is named", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { readonly port: number };
    const child = spawn(OURS[0], [OURS[1], "server", "--port", String(port), ...data], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    other.close();
    expect([code, said.trim()]).toEqual([
      1,
      `The server cannot listen on 127.0.0.1:${port}: another program listens there already`,
    ]);
  });

  it("in a data folder that cannot be used: exit code 1, and the folder is named", () => {
    writeFileSync(join(folder, "file"), "");
    const { code, said } = run(OURS, "server", "--port", "0", "--data-dir", join(folder, "file"));
    expect([code, said]).toEqual([1, expect.stringMatching(/^The data folder cannot be used: .*file'\n$/)]);
  });
});

it("a folder without a name is named after itself, as by Rerun", async () => {
  const args = ["-d", `${join(folder, "drives")}/`];
  const servers = [await startRealServer(args), await startOurServer([...args, "--ephemeral"])];
  const names = async (port: number): Promise<string[]> => {
    const { entries } = await connectRedap(port).findEntries({ filter: { entryKinds: [EntryKind.DATASET] } });
    return entries.map(({ name = "" }) => name);
  };
  expect(await Promise.all(servers.map(({ port }) => names(port)))).toEqual([["drives"], ["drives"]]);
  // It ends by itself when it is told to.
  expect(await servers[1]?.stop("SIGINT")).toBe(0);
  await servers[0]?.stop();
});
