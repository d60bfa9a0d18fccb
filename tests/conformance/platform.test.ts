import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { type ServerProcess, startOurServer, startRealServer } from "../support/redap-servers.js";

/** What a step gave: a value, or an error's kind and text. */
type Results = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-platform-"));
const servers: ServerProcess[] = [];
let real: Results = {};
let ours: Results = {};

beforeAll(async () => {
  servers.push(await startRealServer(), await startOurServer(["--data-dir", join(folder, "data")]));
  const script = join(ROOT, "tests", "conformance", "python", "catalog_operations.py");
  const arguments_ = [script, join(folder, "files"), `real=${servers[0]?.url}`, `ours=${servers[1]?.url}`];
  const { stdout } = await promisify(execFile)(testPython(), arguments_, { maxBuffer: 64 * 2 ** 20 });
  ({ real = {}, ours = {} } = JSON.parse(stdout) as Record<string, Results>);
}, 120_000);

afterAll(async () => {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true });
});

/** Steps where ours shall differ (docs/differences.md tells why), with what ours gives. */
const DIFFERENT: Readonly<Record<string, unknown>> = {
  // Names are freed by a rename.
  "rename back": [null, ["ds"]],
  delete: [null, ["ds"]],
  // A creation that failed leaves nothing behind.
  hidden: ["__as_<id>", "__bp_<id>", "ds"],
  "entries table": ["__as_<id>", ...Array(4).fill("__bp_<id>"), "__entries", "again", "ds", "moved", "own"],
  entries: ["__as_<id>", ...Array(3).fill("__bp_<id>"), "__entries", "again", "ds2", "own"],
  kinds: [
    ["again", "EntryKind.TABLE"],
    ["ds", "EntryKind.DATASET"],
    ["meta", "EntryKind.TABLE"],
    ["own", "EntryKind.TABLE"],
  ],
  "register missing table": { error: "NotFoundError", text: expect.stringContaining("There is no Lance table: file:///x/none") },
  // A file that cannot be read fails by itself, and is named.
  "damaged garbage": { error: "ValueError", text: expect.stringMatching(/garbage\.rrd: Not a Rerun recording: expected RRF2/) },
  "damaged short": { error: "ValueError", text: expect.stringMatching(/short\.rrd: Not an RRD file: file too small/) },
  "damaged flipped": { error: "ValueError", text: expect.stringMatching(/flipped\.rrd: The footer at byte \d+ is damaged/) },
};

describe("Rerun's Python client on our server", () => {
  it("shows tokens of our command, from the environment or as an argument", async () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "a secret of more than thirty-two bytes, for this test only\n");
    const server = await startOurServer(["--data-dir", join(folder, "guarded"), "--auth-secret-file", secret]);
    servers.push(server);
    const mint = (permission: string): string => {
      const command = [join(ROOT, "dist", "cli", "main.cjs"), "auth", "mint-token", "--secret-file", secret];
      return execFileSync(process.execPath, [...command, "--permission", permission], { encoding: "utf8" }).trim();
    };
    const script = [
      "import sys",
      "from rerun.catalog import CatalogClient",
      "def attempt(run):",
      "    try: return run()",
      "    except Exception as error: return type(error).__name__",
      "url, writer = sys.argv[1:]",
      "print(attempt(lambda: CatalogClient(url).dataset_names()))",
      "print(attempt(lambda: CatalogClient(url).create_dataset('x')))",
      "print(attempt(lambda: CatalogClient(url, token=writer).create_dataset('x').name))",
    ].join("\n");
    const run = (env: Record<string, string>): string[] => {
      const options = { encoding: "utf8" as const, env: { ...process.env, ...env } };
      return execFileSync(testPython(), ["-c", script, server.url, mint("read-write")], options)
        .trim()
        .split("\n");
    };
    expect(run({})).toEqual(["PermissionError", "PermissionError", "x"]);
    expect(run({ REDAP_TOKEN: mint("read") })).toEqual(["['x']", "PermissionError", "AlreadyExistsError"]);
  });

  it("does as much as on Rerun's own", () => {
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    expect(Object.keys(ours).length).toBeGreaterThan(210);
    expect([real["the end"], ours["the end"]]).toEqual([undefined, undefined]);
  });

  it("gets the same from each operation", () => {
    const names = Object.keys(real).filter((name) => !(name in DIFFERENT));
    for (const name of names) expect(ours[name], name).toEqual(real[name]);
  });

  it("gets something better where Rerun's server has faults", () => {
    for (const [name, expected] of Object.entries(DIFFERENT)) {
      expect(ours[name], name).toEqual(expected);
      expect(ours[name], `${name}: the real server has changed`).not.toEqual(real[name]);
    }
  });
});
