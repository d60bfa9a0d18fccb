import { describe, expect, it } from "vitest";
import { arrayFromValues, type BranchValue } from "../../tests/support/array-from-values.js";
import {
  type DataType,
  FLOAT32,
  FLOAT64,
  field,
  fixedSizeListOf,
  INT64,
  isRerunError,
  listOf,
  UINT8,
  UINT64,
  UTF8,
} from "../core/index.js";
import { frameFromArrow } from "./arrow-table.js";
import { DataFrame } from "./data-frame.js";
import { memorySource } from "./frame-source.js";

const UNION: DataType = {
  kind: "union",
  mode: "dense",
  typeIds: [0, 1],
  fields: [field("number", FLOAT64, true), field("text", UTF8, true)],
};
const STRUCT: DataType = { kind: "struct", fields: [field("name", UTF8, true), field("sizes", listOf(UINT8), true)] };

const COLUMNS: readonly (readonly [string, DataType, readonly unknown[]])[] = [
  ["frame", INT64, [0n, 1n, 2n, 3n, 4n]],
  ["value", listOf(FLOAT64), [[1.5], null, [2.5, 3.5], [], [-0.5]]],
  ["text", UTF8, ["a", "long enough to lie outside of a string's head", null, "", "ß→😀"]],
  [
    "point",
    listOf(fixedSizeListOf(FLOAT32, 3, true)),
    [
      [[1, 2, 3]],
      null,
      [],
      [
        [4, 5, 6],
        [7, 8, 9],
      ],
      [[0, 0, 0]],
    ],
  ],
  [
    "struct",
    listOf(STRUCT),
    [[{ name: "x", sizes: [1, 2] }], [], null, [{ name: null, sizes: null }], [{ name: "y", sizes: [] }]],
  ],
  [
    "blob",
    { kind: "binary" },
    [new Uint8Array([0, 255]), null, new Uint8Array(0), new Uint8Array(20).fill(7), new Uint8Array([1])],
  ],
  ["flag", { kind: "bool" }, [true, false, null, true, false]],
  ["time", { kind: "timestamp", unit: "ns" }, [1n, null, 1_700_000_000_123_456_789n, 0n, 5n]],
  ["large", UINT64, [2n ** 64n - 1n, 0n, null, 1n, 2n]],
];

/** Five rows in batches of `sizes`. */
function frameOf(sizes: readonly number[] = [5], options: { memoryLimitBytes?: number } = {}): DataFrame {
  const fields = COLUMNS.map(([name, type]) => field(name, type, true));
  let from = 0;
  const batches = sizes.map((size) => {
    const [start, end] = [from, from + size];
    from = end;
    return { numRows: size, columns: COLUMNS.map(([, type, values]) => arrayFromValues(type, values.slice(start, end))) };
  });
  return new DataFrame(memorySource({ fields, metadata: new Map([["key", "value"]]), batches }), options);
}

describe("DataFrame", () => {
  it("gives the same rows whole, by batches, as plain objects and as its head", async () => {
    const frame = frameOf([2, 3]);
    const table = await frame.toArrow();
    expect([table.numRows, table.numCols, table.schema.metadata.get("key")]).toEqual([5, COLUMNS.length, "value"]);
    const sizes: number[] = [];
    for await (const batch of frame.batches()) sizes.push(batch.numRows);
    expect(sizes).toEqual([2, 3]);
    const rows = await frame.rows();
    expect(rows.map((row) => row.value)).toEqual([[1.5], null, [2.5, 3.5], [], [-0.5]]);
    expect(rows.map((row) => row.large)).toEqual([2n ** 64n - 1n, 0n, null, 1n, 2n]);
    expect(await (await frame.head(3)).rows()).toEqual(rows.slice(0, 3));
    expect(await frame.rows({ limit: 4 })).toEqual(rows.slice(0, 4));
    expect(await frame.rows({ limit: 0 })).toEqual([]);
    expect([await frame.count(), await (await frame.head(3)).count()]).toEqual([5, 3]);
    expect((await frame.schema()).fields.map(({ name }) => name)).toEqual(COLUMNS.map(([name]) => name));
    expect(`${frame}`).toBe("DataFrame { 5 rows × 9 columns }");
  });

  it("refuses a result above its memory limit and says what to do", async () => {
    const frame = frameOf([5], { memoryLimitBytes: 100 });
    await expect(frame.toArrow()).rejects.toThrow(/takes about \d+ B or more, the memory limit is 100 B: read batches\(\)/);
    await expect(frame.sql("select text, point, value from frame")).rejects.toThrow(/more than 100 B, the memory limit/);
    expect(await frame.count()).toBe(5);
  });

  it("refuses numbers of rows that are none, and empty queries", async () => {
    for (const limit of [-1, 1.5, Number.NaN, "3" as never]) {
      await expect(frameOf().rows({ limit })).rejects.toThrow("Expected a whole number of rows, got");
      await expect(frameOf().head(limit)).rejects.toMatchObject({ code: "InvalidArgument" });
    }
    await expect(frameOf().sql(" ")).rejects.toThrow("sql: the query is empty");
  });

  it("stops when asked to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    for (const ask of [
      () => frameOf().toArrow({ signal }),
      () => frameOf().count({ signal }),
      () => frameOf().sql("select 1", { signal }),
    ]) {
      await expect(ask()).rejects.toThrow("enough");
    }
  });
});

describe("sql", () => {
  it("gives back every type, nulls and nested ones included, as it was", async () => {
    const frame = frameOf([2, 3]);
    const answer = await frame.sql("select * from frame order by frame");
    expect(await answer.rows()).toEqual(await frame.rows());
  });

  it("counts and joins as SQL does", async () => {
    const frame = frameOf();
    const sums = await frame.sql(
      'select frame // 2 as half, sum("value"[1]) as total, count("value"[1]) as n, sum(frame) as whole, max(point[1][2]) as y from frame group by half order by half',
    );
    expect(await sums.rows()).toEqual([
      { half: 0n, total: 1.5, n: 1n, whole: 1n, y: 2 },
      { half: 1n, total: 2.5, n: 1n, whole: 5n, y: 5 },
      { half: 2n, total: -0.5, n: 1n, whole: 4n, y: 0 },
    ]);
    const nested = await frame.sql(
      "select struct[1].name as name, len(struct[1].sizes) as n from frame where struct[1] is not null order by frame",
    );
    expect(await nested.rows()).toEqual([
      { name: "x", n: 2n },
      { name: null, n: null },
      { name: "y", n: 0n },
    ]);
    expect(await (await frame.sql("select unnest(value) as v from frame")).count()).toBe(4);
  });

  it("knows unions by their branch", async () => {
    const values: BranchValue[] = [
      { branch: 0, value: 1.5 },
      { branch: 1, value: "two" },
      { branch: 1, value: null },
    ];
    const source = memorySource({
      fields: [field("u", UNION, true)],
      metadata: new Map(),
      batches: [{ numRows: 3, columns: [arrayFromValues(UNION, values)] }],
    });
    const answer = await new DataFrame(source).sql(
      "select union_tag(u)::varchar as tag, u.text as text, u.number as number from frame",
    );
    expect(await answer.rows()).toEqual([
      { tag: "number", text: null, number: 1.5 },
      { tag: "text", text: "two", number: null },
      { tag: "text", text: null, number: null },
    ]);
  });

  it("reads more rows than DuckDB takes at once, and gives sums that no number holds exactly", async () => {
    const numRows = 10_000;
    const column = arrayFromValues(
      INT64,
      Array.from({ length: numRows }, (_, i) => (i % 7 === 0 ? null : BigInt(i) + 2n ** 40n)),
    );
    const source = memorySource({
      fields: [field("n", INT64, true)],
      metadata: new Map(),
      batches: [{ numRows, columns: [column] }],
    });
    const expected = Array.from({ length: numRows }, (_, i) => (i % 7 === 0 ? 0n : BigInt(i) + 2n ** 40n)).reduce(
      (a, b) => a + b,
    );
    const [row] = await (await new DataFrame(source).sql("select sum(n) as total, count(*) as rows from frame")).rows();
    expect(row).toEqual({ total: expected, rows: BigInt(numRows) });
  });

  it("refuses a wrong query with DuckDB's reason", async () => {
    const error = await frameOf()
      .sql("select nothing from frame")
      .catch((caught: unknown) => caught);
    expect(isRerunError(error, "InvalidArgument")).toBe(true);
    expect(String(error)).toMatch(/"nothing" not found.*in the query: select nothing from frame/s);
  });
});

describe("toPolars", () => {
  it("gives a DataFrame of nodejs-polars with the same rows", async () => {
    const polars = await (await frameOf().sql("select frame, text, flag, value from frame order by frame")).toPolars();
    expect([polars.height, polars.columns]).toEqual([5, ["frame", "text", "flag", "value"]]);
    expect(polars.getColumn("text").toArray()).toEqual(["a", "long enough to lie outside of a string's head", null, "", "ß→😀"]);
  });
});

describe("dates, times of day and decimals", () => {
  const decimal = (bits: 32 | 64 | 128 | 256, precision: number, scale: number): DataType => ({
    kind: "decimal",
    bits,
    precision,
    scale,
  });
  /** An integer of so many bits. */
  const bytes = (bits: number, value: bigint): Uint8Array =>
    Uint8Array.from({ length: bits / 8 }, (_, i) => Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
  const columns: readonly (readonly [string, DataType, unknown, string, string])[] = [
    ["day", { kind: "date", unit: "day" }, -3652, "-3652", "1960-01-02"],
    ["date", { kind: "date", unit: "ms" }, 86_400_000n, "86400000", "1970-01-02"],
    ["seconds", { kind: "time", unit: "s" }, 3661, "3661", "01:01:01"],
    ["millis", { kind: "time", unit: "ms" }, 1500, "1500", "00:00:01.5"],
    ["micros", { kind: "time", unit: "us" }, 1n, "1", "00:00:00.000 001"],
    ["nanos", { kind: "time", unit: "ns" }, 1n, "1", "00:00:00.000 000 001"],
    ["small", decimal(32, 4, 2), bytes(32, -125n), "-1.25", "-1.25"],
    ["price", decimal(128, 20, 2), bytes(128, -5n), "-0.05", "-0.05"],
    ["scaled", decimal(64, 10, -2), bytes(64, 12n), "1200", "1200"],
    ["huge", decimal(256, 70, 1), bytes(256, 10n ** 60n), `1${"0".repeat(59)}.0`, `1${"0".repeat(59)}.0`],
  ];
  const batch = { numRows: 2, columns: columns.map(([, type, value]) => arrayFromValues(type, [value, null])) };
  const fields = columns.map(([name, type]) => field(name, type, true));
  const frame = new DataFrame(memorySource({ fields, metadata: new Map(), batches: [batch] }));

  it("are numbers of their unit and exact texts in rows, and readable in a cell", async () => {
    const [row, nulls] = await frame.rows();
    expect(Object.entries(row ?? {}).map(([name, value]) => [name, String(value)])).toEqual(
      columns.map(([name, , , text]) => [name, text]),
    );
    expect(Object.values(nulls ?? {})).toEqual(columns.map(() => null));
    const html = await frame.toHtml();
    for (const [, , , , shown] of columns) expect(html).toContain(shown);
  });

  it("are the same through apache-arrow, which knows them", async () => {
    const table = await frame.toArrow();
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual(
      expect.arrayContaining(["Date32<DAY>", "Time64<NANOSECOND>", "Decimal[20e+2]"]),
    );
    const again = new DataFrame(memorySource(frameFromArrow(table)));
    expect(await again.rows()).toEqual(await frame.rows());
  });

  it("are dates, times and decimals of SQL", async () => {
    const types = await frame.sql(`select ${columns.map(([name]) => `typeof(${name}) as ${name}`)} from frame limit 1`);
    expect(Object.values((await types.rows())[0] ?? {})).toEqual([
      "DATE",
      "TIMESTAMP_MS",
      "TIME",
      "TIME",
      "TIME",
      "BIGINT",
      "DECIMAL(4,2)",
      "DECIMAL(20,2)",
      "VARCHAR",
      "VARCHAR",
    ]);
    const texts = await frame.sql(
      `select ${columns.map(([name]) => `${name}::varchar as ${name}`)} from frame where day is not null`,
    );
    expect(Object.values((await texts.rows())[0] ?? {})).toEqual([
      "1960-01-02",
      "1970-01-02 00:00:00",
      "01:01:01",
      "00:00:01.5",
      "00:00:00.000001",
      "1",
      "-1.25",
      "-0.05",
      "1200",
      `1${"0".repeat(59)}.0`,
    ]);
    expect(await (await frame.sql("select day from frame")).rows()).toEqual([{ day: -3652 }, { day: null }]);
  });
});
