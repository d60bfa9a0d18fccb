import * as arrow from "apache-arrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InsertMode, TableStorage } from "../../src/server/tables/table-storage.js";

export interface TablesUnderTest {
  /** Opens them, as a server that starts does. */
  open(): TableStorage;
  /** A place outside of the server where a table can lie. */
  placeOf(name: string): string;
  /** Moves what lies in one place to another. */
  move(fromUrl: string, toUrl: string): Promise<void>;
  dispose(): Promise<void>;
}

const INDEX = new Map([["rerun:is_table_index", "true"]]);
const ID = "00000000000000000000000000000001";
const OTHER = "00000000000000000000000000000002";

/** What every storage of tables must do. */
export function describeTables(name: string, create: () => TablesUnderTest): void {
  describe(name, () => {
    let subject: TablesUnderTest;
    let tables: TableStorage;
    let place: string;

    beforeEach(() => {
      subject = create();
      tables = subject.open();
      place = tables.ownPlace(ID);
    });

    afterEach(() => subject.dispose());

    const write = (mode: InsertMode, rows: Readonly<Record<string, arrow.Vector>>): Promise<void> =>
      tables.write(ID, place, { mode, rows: arrow.tableToIPC(new arrow.Table(rows), "stream") });
    const ids = (...values: bigint[]): arrow.Vector => arrow.vectorFromArray(values, new arrow.Int64());
    const texts = (...values: (string | null)[]): arrow.Vector => arrow.vectorFromArray(values, new arrow.Utf8());
    const rows = async (from = tables, id = ID, at = place): Promise<unknown[]> => {
      const all: Record<string, unknown>[] = [];
      for await (const batch of from.scan(id, at))
        all.push(
          ...arrow
            .tableFromIPC(batch)
            .toArray()
            .map((row) => row.toJSON()),
        );
      return all.sort((a, b) => Number((a.id as bigint) - (b.id as bigint)));
    };
    const ABC = [
      { id: 1n, name: "a" },
      { id: 2n, name: "b" },
    ];
    const filled = async (): Promise<void> => {
      await tables.create(ID, place, schema());
      await write("append", { id: ids(1n, 2n), name: texts("a", "b") });
    };

    it("keeps the columns of a table with their metadata, and its rows, over a new start", async () => {
      await tables.create(ID, place, schema());
      expect(await rows()).toEqual([]);
      await write("append", { name: texts("b"), id: ids(2n) });
      await write("append", { id: ids(1n, 3n), name: texts("a", null) });
      await write("append", { id: ids(4n) });
      const expected = [...ABC, { id: 3n, name: null }, { id: 4n, name: null }];
      expect(await rows()).toEqual(expected);
      const [id, label] = arrow.tableFromIPC(await tables.schema(ID, place)).schema.fields;
      expect([id?.name, `${id?.type}`, id?.metadata, label?.name, `${label?.type}`]).toEqual([
        "id",
        "Int64",
        INDEX,
        "name",
        "Utf8",
      ]);
      expect(await rows(subject.open())).toEqual(expected);
    });

    it("overwrites a table with other columns", async () => {
      await filled();
      await write("overwrite", { id: ids(7n), more: texts("x") });
      await write("append", { id: ids(8n) });
      expect(await rows()).toEqual([
        { id: 7n, more: "x" },
        { id: 8n, more: null },
      ]);
    });

    it("updates rows that are there by the index columns, and replaces or adds rows", async () => {
      await filled();
      await write("update", { id: ids(2n, 9n), name: texts("B", "nobody") });
      expect(await rows()).toEqual([ABC[0], { id: 2n, name: "B" }]);
      await write("replace", { id: ids(1n, 3n), name: texts("A", "c") });
      expect(await rows()).toEqual([
        { id: 1n, name: "A" },
        { id: 2n, name: "B" },
        { id: 3n, name: "c" },
      ]);
    });

    it("refuses rows that do not fit, and writes none of them", async () => {
      await filled();
      const wrong: [InsertMode, Readonly<Record<string, arrow.Vector>>, RegExp][] = [
        ["append", { id: ids(5n), zz: ids(1n) }, /no column 'zz'.*id, name/],
        ["append", { id: texts("x") }, /'id' has the type Utf8, the table has Int64/],
        ["replace", { id: texts("x") }, /'id' has the type Utf8/],
      ];
      for (const [mode, columns, message] of wrong) {
        await expect(write(mode, columns)).rejects.toMatchObject({
          code: "InvalidArgument",
          message: expect.stringMatching(message),
        });
      }
      expect(await rows()).toEqual(ABC);
      await write("overwrite", { id: ids(1n) });
      for (const mode of ["replace", "update"] as const) {
        await expect(write(mode, { id: ids(1n) })).rejects.toThrow(/has no index column/);
      }
    });

    it("takes writes that come at the same time, each whole", async () => {
      await filled();
      await Promise.all([3n, 4n, 5n, 6n].map((id) => write("append", { id: ids(id, id + 100n), name: texts("x", "y") })));
      expect((await rows()).length).toBe(10);
    });

    it("attaches a table that lies elsewhere, and leaves it there when it is forgotten", async () => {
      place = subject.placeOf("somewhere else");
      await tables.create(ID, place, schema());
      await write("append", { id: ids(1n, 2n), name: texts("a", "b") });
      await tables.attach(OTHER, place);
      await tables.detach(ID);
      expect(await rows(tables, OTHER, place)).toEqual(ABC);
      await expect(tables.create(OTHER, place, schema())).rejects.toMatchObject({ code: "AlreadyExists" });
      await expect(tables.attach(ID, subject.placeOf("none"))).rejects.toMatchObject({ code: "NotFound" });
    });

    it("says that a table is not in its place any more, and finds it where it is put back", async () => {
      await filled();
      const away = subject.placeOf("away");
      const own = tables.urlOf(place);
      await subject.move(own, away);
      for (const ask of [() => tables.schema(ID, place), () => rows(), () => write("append", { id: ids(1n) })]) {
        await expect(ask()).rejects.toMatchObject({ code: "FailedPrecondition", message: expect.stringContaining(own) });
      }
      expect(await rows(tables, ID, away)).toEqual(ABC);
      await subject.move(away, own);
      expect(await rows()).toEqual(ABC);
    });

    it("clears away what was never acknowledged, and nothing else", async () => {
      await filled();
      await tables.create(OTHER, tables.ownPlace(OTHER), schema());
      const next = subject.open();
      await next.reconcile(new Set([ID]));
      expect(await rows(next)).toEqual(ABC);
    });
  });
}

function schema(): Uint8Array {
  const fields = [new arrow.Field("id", new arrow.Int64(), true, INDEX), new arrow.Field("name", new arrow.Utf8(), true)];
  return arrow.tableToIPC(new arrow.Table(new arrow.Schema(fields)), "stream");
}
