import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeCatalog } from "../../../tests/support/catalog-contract.js";
import { openSqliteCatalog } from "./sqlite-catalog.js";
import { SqlConnection } from "./sqlite-database.js";

describeCatalog("openSqliteCatalog", () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
  return {
    open: (nowNs) => openSqliteCatalog(join(folder, "catalog.db"), { nowNs }),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

it("a catalog that was closed is whole in its one file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
  const catalog = openSqliteCatalog(join(folder, "catalog.db"));
  await catalog.write([], (tx) => tx.putSetting("key", "value"));
  await catalog.close();
  copyFileSync(join(folder, "catalog.db"), join(folder, "copy.db"));
  const copy = openSqliteCatalog(join(folder, "copy.db"));
  expect(await copy.setting("key")).toBe("value");
  await copy.close();
  rmSync(folder, { recursive: true });
});

describe("a catalog that cannot be opened", () => {
  let folder = "";
  const path = (): string => join(folder, "catalog.db");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is one of a later version", () => {
    const connection = new SqlConnection(path());
    connection.exec("pragma user_version = 99");
    connection.close();
    expect(() => openSqliteCatalog(path())).toThrow("has format 99");
  });

  it("is another file, or damaged: the error names it and says what to do", async () => {
    const refused = expect.objectContaining({
      code: "CorruptFile",
      message: expect.stringMatching(/^The catalog is damaged \(.*Put back a copy of it, or move it away.*catalog\.db$/),
    });
    writeFileSync(path(), "no database, but a text that is longer than nothing");
    expect(() => openSqliteCatalog(path())).toThrow(refused);
    rmSync(path());
    await openSqliteCatalog(path()).close();
    const whole = readFileSync(path());
    expect(whole.length).toBeGreaterThan(10 * 4096);
    for (let page = 1; page * 4096 < whole.length; page++) {
      const damaged = Buffer.from(whole);
      damaged.fill(0x55, page * 4096, page * 4096 + 200);
      writeFileSync(path(), damaged);
      expect(() => openSqliteCatalog(path()), `page ${page}`).toThrow(refused);
    }
  });

  it("lies in a folder that is not there", () => {
    const cannot = expect.objectContaining({ code: "Unavailable", message: expect.stringContaining("cannot be opened") });
    expect(() => openSqliteCatalog(join(folder, "none", "catalog.db"))).toThrow(cannot);
  });
});
