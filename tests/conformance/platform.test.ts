import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
  entries: ["__as_<id>", ...Array(3).fill("__bp_<id>"), "__entries", "again", "ds", "own"],
  "register missing table": { error: "NotFoundError", text: expect.stringContaining("There is no Lance table: file:///x/none") },
  // A file that cannot be read fails by itself, and is named.
  "damaged garbage": { error: "ValueError", text: expect.stringMatching(/garbage\.rrd: Not a Rerun recording: expected RRF2/) },
  "damaged short": { error: "ValueError", text: expect.stringMatching(/short\.rrd: Not an RRD file: file too small/) },
  "damaged flipped": { error: "ValueError", text: expect.stringMatching(/flipped\.rrd: The footer at byte \d+ is damaged/) },
};

describe("Rerun's Python client on our server", () => {
  it("does as much as on Rerun's own", () => {
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    expect(Object.keys(ours).length).toBeGreaterThan(130);
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
