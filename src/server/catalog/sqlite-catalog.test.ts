import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
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

it("refuses the catalog of a later version", () => {
  const folder = mkdtempSync(join(tmpdir(), "rerun-ts-catalog-"));
  const path = join(folder, "catalog.db");
  const connection = new SqlConnection(path);
  connection.exec("pragma user_version = 99");
  connection.close();
  expect(() => openSqliteCatalog(path)).toThrow("has format 99");
  rmSync(folder, { recursive: true });
});
