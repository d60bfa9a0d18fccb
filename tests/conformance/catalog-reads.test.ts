/** Every reading operation of our client on the real server gives what Rerun's own client reads: rare data, all views, all forms. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as arrow from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, testPython } from "../../scripts/paths.mjs";
import { CatalogClient } from "../../src/catalog/index.js";
import { isRerunError } from "../../src/core/index.js";
import { contentOf } from "../support/frame-content.js";
import { type ServerProcess, startRealServer } from "../support/redap-servers.js";
import { type CatalogRead, catalogReads } from "./cases/catalog-reads.js";

/** What Rerun's client gave: a table of so many rows, a value, or an error. */
interface Answer {
  readonly rows?: number;
  readonly error?: string;
  readonly value?: unknown;
}

/** Each with its reason in docs/differences.md. */
const DIFFERENT: readonly string[] = [
  "void.by None False",
  "void.by None True",
  "void.all of None",
  "paths.url of seg/ä &?#",
  "values frame False",
  "values duration",
  "join table",
  "join void",
  "url timestamp",
  "url sequence",
  "entries",
];
/** What ours says where theirs says that. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  NotFoundError: ["NotFound"],
  LookupError: ["NotFound"],
  AlreadyExistsError: ["AlreadyExists"],
  ValueError: ["InvalidArgument", "NotFound"],
  TypeError: ["InvalidArgument"],
  KeyError: ["InvalidArgument"],
  ArrowInvalid: ["InvalidArgument"],
  RuntimeError: ["Unsupported"],
};

const folder = mkdtempSync(join(tmpdir(), "rerun-ts-reads-"));
let server: ServerProcess;
let client: CatalogClient;
let reads: Map<string, CatalogRead>;
let answers: Readonly<Record<string, Answer>> = {};

beforeAll(async () => {
  server = await startRealServer();
  mkdirSync(join(folder, "files"));
  const program = join(ROOT, "tests", "conformance", "python", "catalog_reads.py");
  await promisify(execFile)(testPython(), [program, join(folder, "files"), server.url], { maxBuffer: 1 << 26 });
  answers = JSON.parse(readFileSync(join(folder, "files", "results.json"), "utf8"));
  client = await CatalogClient.connect(server.url);
  reads = await catalogReads(client, join(folder, "files"));
}, 120_000);

afterAll(async () => {
  await client.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The names of answers that begin so. */
function named(prefix: string): string[] {
  return Object.keys(answers).filter((name) => name.startsWith(prefix));
}

const GROUPS = ["layers.", "void.", "bare.", "paths.", "properties.", "disagreeing.", "described."];
const MORE_GROUPS = ["table.", "reader.", "schema.", "view ", "values ", "join ", "error ", "url ", ""];

describe("our client on the real server", () => {
  it.each([...GROUPS, ...MORE_GROUPS])("reads what Rerun's client reads: %s*", async (prefix) => {
    const others = [...GROUPS, ...MORE_GROUPS].filter((each) => each !== "");
    const names = prefix === "" ? named("").filter((name) => !others.some((each) => name.startsWith(each))) : named(prefix);
    expect(names.length).toBeGreaterThan(2);
    const different: string[] = [];
    for (const name of names) {
      const read = reads.get(name);
      const [ours, theirs] = [await oursOf(read), theirsOf(name)];
      if (DIFFERENT.includes(name)) different.push(name);
      if (DIFFERENT.includes(name)) expect(ours, name).not.toEqual(theirs);
      else expect(ours, name).toEqual(theirs);
    }
    expect(different).toEqual(names.filter((name) => DIFFERENT.includes(name)));
  });

  it("reads all that was asked of either", () => {
    expect(named("").filter((name) => !reads.has(name))).toEqual([]);
    expect([...reads.keys()].filter((name) => !(name in answers))).toEqual([]);
    expect(named("").length).toBeGreaterThan(600);
  });
});

async function oursOf(read: CatalogRead | undefined): Promise<unknown> {
  try {
    const value = await read?.();
    return value instanceof arrow.Table ? describeTable(value) : value;
  } catch (error) {
    if (!isRerunError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

function theirsOf(name: string): unknown {
  const { error, rows, value } = answers[name] ?? {};
  if (error !== undefined)
    return { code: expect.toBeOneOf([...(CODES[error.split(":")[0] ?? ""] ?? [])]), message: expect.any(String) };
  if (rows === undefined) return value;
  return describeTable(arrow.tableFromIPC(readFileSync(join(folder, "files", `${name.replaceAll("/", "-")}.arrow`))));
}

/** Columns by name, rows in an order of their own. */
function describeTable(table: arrow.Table): unknown {
  const { rows, columns } = contentOf(table, null);
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(
      names.map((name) => columns[name]?.values[row]),
      asText,
    ),
  );
  const fields = names.map((name) => ({ ...columns[name], name, values: [] }));
  return { metadata: [...table.schema.metadata].sort(), fields, lines: lines.sort() };
}

function asText(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return Object.is(value, -0) ? "-0" : String(value);
  return value;
}
