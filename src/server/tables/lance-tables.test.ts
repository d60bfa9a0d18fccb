import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeTables } from "../../../tests/support/table-contract.js";
import { LanceTables } from "./lance-tables.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rerun-ts-tables-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describeTables("LanceTables", () => ({
  open: () => new LanceTables(join(folder, "data")),
  placeOf: (name) => pathToFileURL(join(folder, name)).href,
  move: async (from, to) => renameSync(fileURLToPath(from), fileURLToPath(to)),
  dispose: async () => undefined,
}));

describe("LanceTables", () => {
  it("say how to install Lance as long as it is not there", async () => {
    let attempts = 0;
    const tables = new LanceTables(folder, () => {
      attempts++;
      throw new Error("Cannot find module '@lancedb/lancedb'");
    });
    const place = tables.ownPlace("1");
    const calls = [() => tables.create("1", place, new Uint8Array(0)), () => tables.attach("1", place)];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: "FailedPrecondition",
        message: expect.stringContaining("npm install @lancedb/lancedb@"),
      });
    }
    expect(attempts).toBe(2);
    expect(existsSync(join(folder, "tables"))).toBe(false);
    await tables.reconcile(new Set());
  });

  it("clear away folders of creations that did not come as far as a version, unless one may still go on", async () => {
    const [unborn, making] = ["2.lance", "3.lance"].map((name) => join(folder, "tables", name)) as [string, string];
    for (const each of [unborn, making]) mkdirSync(join(each, "data"), { recursive: true });
    utimesSync(unborn, 1, 1);
    await new LanceTables(folder).reconcile(new Set());
    expect([unborn, making].map(existsSync)).toEqual([false, true]);
  });
});
