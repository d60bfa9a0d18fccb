import { describe, expect, it } from "vitest";
import { describeSqlEngine } from "../../../tests/support/sql-contract.js";
import { UTF8 } from "../../core/index.js";
import { textColumn } from "../columns.js";
import { memorySource } from "../frame-source.js";
import { duckDbEngine } from "./duckdb-engine.js";

describeSqlEngine("DuckDB", duckDbEngine);

describe("DuckDB", () => {
  it("runs several statements, and those whose tables it does not tell beforehand", async () => {
    const fields = [{ name: "kind", type: UTF8, nullable: true, metadata: new Map() }];
    const kinds = memorySource({
      fields,
      metadata: new Map(),
      batches: [{ numRows: 3, columns: [textColumn(["a", "b", "a"])] }],
    });
    const ask = (sql: string): ReturnType<typeof duckDbEngine.query> =>
      duckDbEngine.query(sql, new Map([["t", kinds]]), { maxBytes: 1_000_000 });
    expect((await ask("create table x as select * from t; select count(*) from x")).batches).toMatchObject([{ numRows: 1 }]);
    expect((await ask("pivot t on kind using count(*)")).fields.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});
