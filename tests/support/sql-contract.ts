import { describe, expect, it } from "vitest";
import { field, INT64, UTF8 } from "../../src/core/index.js";
import { int64Column, textColumn } from "../../src/dataset/columns.js";
import type { SqlEngine } from "../../src/dataset/index.js";
import { DataFrame, type FrameSource, type MemoryFrame, memorySource, type OpenFrame } from "../../src/dataset/index.js";

/** A table of `id` (whole numbers) and `name`, that remembers which of its columns were read. */
class Watched implements FrameSource {
  readonly read: (readonly number[])[] = [];
  readonly #rows: number;
  readonly #failure: Error | undefined;

  constructor(rows: number, failure?: Error) {
    this.#rows = rows;
    this.#failure = failure;
  }

  async open(): Promise<OpenFrame> {
    const { read } = this;
    const ids = Array.from({ length: this.#rows }, (_, i) => BigInt(i));
    const columns = [int64Column(INT64, ids), textColumn(ids.map((id) => `name ${id}`))];
    const fields = [field("id", INT64, true), field("name", UTF8, true)];
    const frame = await memorySource({ fields, metadata: new Map(), batches: [{ numRows: this.#rows, columns }] }).open();
    const failure = this.#failure;
    return {
      ...frame,
      async *batches(options = {}) {
        read.push(options.outputs ?? [0, 1]);
        yield* frame.batches(options);
        if (failure !== undefined) throw failure;
      },
    };
  }
}

const MAX = 2 ** 30;

/** What every engine must do. Queries are of the kind that all dialects know. */
export function describeSqlEngine(name: string, engine: SqlEngine): void {
  const query = (sql: string, tables: Readonly<Record<string, FrameSource>>, maxBytes = MAX): Promise<MemoryFrame> =>
    engine.query(sql, new Map(Object.entries(tables)), { maxBytes });
  const rows = async (sql: string, tables: Readonly<Record<string, FrameSource>>): Promise<unknown[]> =>
    new DataFrame(memorySource(await query(sql, tables))).rows();

  describe(name, () => {
    it("joins tables by their names, whatever those are", async () => {
      const tables = { first: new Watched(3), 'odd "name"': new Watched(5) };
      const sql = 'select a.id as id, b.name as name from FIRST a join "odd ""name""" b on a.id + 2 = b.id order by a.id';
      expect(await rows(sql, tables)).toEqual([
        { id: 0n, name: "name 2" },
        { id: 1n, name: "name 3" },
        { id: 2n, name: "name 4" },
      ]);
    });

    it("tells tables apart whose names differ in upper and lower case only, and reads no other", async () => {
      const tables = { t: new Watched(1), other: new Watched(1) };
      expect(await rows("select count(*) as n from t", tables)).toEqual([{ n: 1n }]);
      expect(tables.other.read).toEqual([]);
    });

    it("reads the columns that a query uses, once", async () => {
      const tables = { a: new Watched(3), b: new Watched(3) };
      expect(await rows("select a.name as name from a, b where a.id = b.id and b.id = 1", tables)).toEqual([{ name: "name 1" }]);
      expect([tables.a.read, tables.b.read]).toEqual([[[0, 1]], [[0]]]);
      expect(await rows("select 1 as one", tables)).toEqual([{ one: expect.anything() }]);
      expect(tables.a.read).toHaveLength(1);
    });

    it("gives the whole answer or an error: a table that fails half-way is told of", async () => {
      const failure = new Error("the cable was pulled");
      const tables = { a: new Watched(3), b: new Watched(3, failure) };
      await expect(query("select * from a, b", tables)).rejects.toThrow("the cable was pulled");
    });

    it("refuses a query that is none, with the query", async () => {
      for (const sql of ["selec 1", "select * from nowhere", "select nothing from a"]) {
        const refused = query(sql, { a: new Watched(1) });
        await expect(refused, sql).rejects.toMatchObject({ code: "InvalidArgument", message: expect.stringContaining(sql) });
      }
    });

    it("holds no more than it may, of tables together and of the answer", async () => {
      const tables = { a: new Watched(1000), b: new Watched(1000) };
      const limit = { code: "LimitExceeded" };
      await expect(query("select count(*) as n from a, b where a.name = b.name", tables, 20_000)).rejects.toMatchObject(limit);
      await expect(query("select a.id as x, b.id as y from a, b", tables, 1_000_000)).rejects.toMatchObject(limit);
      expect(await query("select sum(id) as total from a", tables, 10_000)).toMatchObject({ batches: [{ numRows: 1 }] });
    });

    it("ends when asked to, with the reason: before, and while it reads or computes", async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      const ask = (sql: string, tables: Readonly<Record<string, FrameSource>>): Promise<MemoryFrame> =>
        engine.query(sql, new Map(Object.entries(tables)), { maxBytes: MAX, signal: stop.signal });
      const endless: FrameSource = {
        open: async () => ({
          ...(await new Watched(1).open()),
          async *batches({ signal } = {}) {
            stop.abort(reason);
            signal?.throwIfAborted();
            yield* [];
          },
        }),
      };
      await expect(ask("select * from a", { a: endless })).rejects.toBe(reason);
      await expect(ask("select 1", {})).rejects.toBe(reason);
      const later = new AbortController();
      setImmediate(() => later.abort(reason));
      const long = "select count(*) as n from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3";
      await expect(engine.query(long, new Map(), { maxBytes: MAX, signal: later.signal })).rejects.toBe(reason);
    });
  });
}
