import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrowTableFromIpc } from "./arrow-check.js";

const TABLE = new arrow.Table({
  bytes: arrow.vectorFromArray([Uint8Array.of(1, 2, 3), null, Uint8Array.of(4)], new arrow.Binary()),
  words: arrow.vectorFromArray(["a", "b", "a"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
  lists: arrow.vectorFromArray([["x"], [], null], new arrow.List(new arrow.Field("item", new arrow.Utf8(), true))),
  days: arrow.vectorFromArray([new Date(0), null, new Date(86_400_000)], new arrow.DateDay()),
  times: arrow.vectorFromArray([1n, 2n, 3n], new arrow.TimeNanosecond()),
  flags: arrow.vectorFromArray([true, null, false], new arrow.Bool()),
  pairs: arrow.vectorFromArray(
    [[1, 2], [3, 4], null],
    new arrow.FixedSizeList(2, new arrow.Field("item", new arrow.Int32(), true)),
  ),
  structs: arrow.vectorFromArray([{ a: 1 }, { a: 2 }, null], new arrow.Struct([new arrow.Field("a", new arrow.Float64(), true)])),
});

describe("arrowTableFromIpc", () => {
  it("gives what apache-arrow wrote, of any types", () => {
    const read = arrowTableFromIpc(arrow.tableToIPC(TABLE, "stream"));
    expect(read.toArray().map(String)).toEqual(TABLE.toArray().map(String));
    expect(arrowTableFromIpc(arrow.tableToIPC(TABLE.slice(1, 3), "stream")).numRows).toBe(2);
  });

  it("gives the columns of a schema without rows, of any types", () => {
    const none = arrowTableFromIpc(arrow.tableToIPC(new arrow.Table(TABLE.schema), "stream"));
    expect([none.numRows, String(none.schema)]).toEqual([0, String(TABLE.schema)]);
  });

  it("gives a table that can be read to its end, or an error, whatever was flipped", () => {
    const whole = arrow.tableToIPC(TABLE, "stream");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const damaged = whole.map((byte, index) => (index === at ? byte ^ mask : byte));
        let table: arrow.Table;
        try {
          table = arrowTableFromIpc(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: "CorruptFile" });
          return;
        }
        for (const row of table) String(row);
      }),
      { numRuns: 500 },
    );
  });
});
