import { describe, expect, it } from "vitest";
import { arrayFromValues } from "../../../tests/support/array-from-values.js";
import { type DataType, FLOAT32, FLOAT64, field, fixedSizeListOf, INT64, listOf, UINT8, UINT32, UTF8 } from "../../core/index.js";
import { renderFrame, type WholeFrame } from "./render-frame.js";

interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly unknown[];
  readonly metadata?: ReadonlyMap<string, string>;
}

function html(columns: readonly Column[], rows?: number, whole?: WholeFrame): string {
  const numRows = columns[0]?.values.length ?? 0;
  const fields = columns.map(({ name, type, metadata }) => field(name, type, true, metadata));
  const batches = numRows === 0 ? [] : [{ numRows, columns: columns.map(({ type, values }) => arrayFromValues(type, values)) }];
  return renderFrame({ fields, metadata: new Map(), batches }, rows === undefined ? {} : { rows }, whole);
}

/** What the cells of a column show. */
function cells(type: DataType, values: readonly unknown[], componentType = ""): string[] {
  const metadata = new Map([["rerun:component_type", componentType]]);
  const body = html([{ name: "c", type, values, metadata }]);
  return Array.from(body.matchAll(/<td[^>]*>(.*?)<\/td>/gs), ([, inner = ""]) => inner.replace(/<\/?span[^>]*>/g, ""));
}

/** What the first cell of a column of these values shows. */
function cell(type: DataType, value: unknown, metadata?: ReadonlyMap<string, string>): string {
  const column = { name: "c", type, values: [value], ...(metadata && { metadata }) };
  return /<tbody><tr>(.*?)<\/tr>/s.exec(html([column]))?.[1] ?? "";
}

describe("renderFrame", () => {
  it("heads columns with entity, component and type, and counts rows", () => {
    const metadata = new Map([
      ["rerun:entity_path", "/world/points"],
      ["rerun:component", "Points3D:positions"],
    ]);
    const positions = listOf(fixedSizeListOf(FLOAT32, 3, true));
    const table = html(
      [
        { name: "frame", type: INT64, values: Array.from({ length: 12 }, (_, i) => BigInt(i)) },
        { name: "x", type: positions, values: Array.from({ length: 12 }, () => [[1, 2, 3]]), metadata },
      ],
      5,
    );
    expect(table).toContain('<th title="frame: i64">frame<small>i64</small></th>');
    expect(table).toContain(">/world/points<small>Points3D:positions · list&lt;f32×3&gt;</small></th>");
    expect(table.match(/<tr>/g)).toHaveLength(1 + 5);
    expect(table).toContain("5 of 12 rows · 2 columns");
  });

  it("heads an index with its kind, static columns with the word, and long types shortly", () => {
    const column = (name: string, type: DataType, ...metadata: [string, string][]): Column => ({
      name,
      type,
      values: [],
      metadata: new Map(metadata),
    });
    const index: [string, string] = ["rerun:kind", "index"];
    const struct: DataType = { kind: "struct", fields: ["a", "b", "c"].map((name) => field(name, INT64, true)) };
    const table = html([
      column("frame", INT64, index),
      column("time", { kind: "timestamp", unit: "ns" }, index),
      column("age", { kind: "duration", unit: "ns" }, index),
      column("/a:x", listOf(struct), ["rerun:component", "x"], ["rerun:entity_path", "/a"], ["rerun:is_static", "true"]),
    ]);
    for (const [name, detail] of [
      ["frame", "sequence"],
      ["time", "timestamp · UTC"],
      ["age", "duration"],
      ["/a", "x · list&lt;struct&gt; · static"],
    ]) {
      expect(table).toContain(`>${name}<small>${detail}</small></th>`);
    }
    expect(table).toContain('title="/a:x: list&lt;struct&lt;a, b, c&gt;&gt;"');
    expect(html([column("name", UTF8)], 10, { note: "at home" })).toMatch(/<th [^>]*>name<\/th>.*<p>0 rows · at home<\/p>/s);
  });

  it("writes the cells of a column alike: decimals, and fractions of seconds in groups of three", () => {
    expect(cells(FLOAT64, [1, 0.5, -0.125, null, 1234567.25])).toEqual(["1.00", "0.50", "−0.13", "null", "1 234 567.25"]);
    expect(cells(FLOAT64, [1, 20, 300])).toEqual(["1", "20", "300"]);
    expect(cells(FLOAT64, [1.5, 1e-7, 1e300, Number.NaN])).toEqual(["1.5", "1e−7", "1e300", "NaN"]);
    expect(cells(listOf(fixedSizeListOf(FLOAT32, 3, true)), [[[0.1, 1, 0.33333]]])).toEqual(["[0.100, 1.000, 0.333]"]);
    const at = 1_700_000_000_000_000_000n;
    const time: DataType = { kind: "timestamp", unit: "ns" };
    expect(cells(time, [at, at + 500_000_000n, at + 1000n])).toEqual([
      "2023-11-14 22:13:20.000 000",
      "2023-11-14 22:13:20.500 000",
      "2023-11-14 22:13:20.000 001",
    ]);
    expect(cells(listOf(INT64), [[at]], "rerun.components.Timestamp")).toEqual(["2023-11-14 22:13:20"]);
    expect(cells({ kind: "duration", unit: "ns" }, [1_500_000_000n, 61_000_000_000n])).toEqual(["1.500 s", "1 min 01.000 s"]);
  });

  it("escapes everything that comes from data", () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const safe = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;";
    const metadata = new Map([
      ["rerun:entity_path", evil],
      ["rerun:component", evil],
    ]);
    const struct: DataType = { kind: "struct", fields: [field(evil, UTF8, true)] };
    const table = html([
      { name: evil, type: UTF8, values: [evil] },
      { name: "b", type: listOf(UTF8), values: [[evil]], metadata },
      { name: "c", type: listOf(struct), values: [[{ [evil]: evil }]] },
    ]);
    expect(table).not.toContain("<img");
    // Twice in the heading of its column, which tells the name again, and in each place in which it stands as data.
    expect(table.split(safe).length - 1).toBe(10);
  });

  it("cuts long texts, many instances, long lists and many columns, and says how much is left", () => {
    expect(cell(UTF8, "x".repeat(500))).toContain(`${"x".repeat(120)}…`);
    expect(cell(UTF8, "x".repeat(500))).toContain(`title="${"x".repeat(500)}"`);
    expect(cell(UTF8, "x".repeat(50_000)).length).toBeLessThan(2500);
    expect(cell(listOf(FLOAT64), [1, 2, 3, 4, 5])).toBe('<td>1, 2, 3 <span class="more">… 2 more</span></td>');
    expect(cell(listOf(listOf(UINT32)), [Array.from({ length: 20 }, (_, i) => i)])).toContain(
      "[0, 1, 2, 3, 4, 5, 6, 7, 8, … 11 more]",
    );
    const many = Array.from({ length: 50 }, (_, i) => ({ name: `c${i}`, type: INT64, values: [1n] }));
    expect(html(many).match(/<th /g)).toHaveLength(40);
    expect(html(many)).toContain("50 columns, 40 shown");
  });

  it("gives texts a width that other columns cannot take away", () => {
    expect(cell(UTF8, "a text")).toBe('<td class="text"><div>a text</div></td>');
    expect(html([{ name: "a", type: UTF8, values: ["b"] }])).toContain(".text > div { width: max-content; max-width: 40ch;");
  });

  it("tells null, empty and zero apart", () => {
    expect(cell(listOf(FLOAT64), null)).toBe('<td><span class="null">null</span></td>');
    expect(cell(UTF8, null)).toBe('<td class="text"><span class="null">null</span></td>');
    expect(cell(listOf(FLOAT64), [])).toBe("<td>[]</td>");
    expect(cell(listOf(FLOAT64), [0])).toBe("<td>0</td>");
    expect(cell(listOf(FLOAT64), [-1.25])).toBe("<td>−1.25</td>");
    expect(html([{ name: "a", type: INT64, values: [] }])).toContain("0 rows");
  });

  it("previews images, colours, bytes and times", () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4]);
    expect(cell(listOf({ kind: "binary" }), [png])).toContain('src="data:image/png;base64,iVBORw0KGgo');
    expect(cell(listOf({ kind: "binary" }), [new Uint8Array([1, 255])])).toContain('2 B <code class="more">01 ff</code>');
    const color = new Map([["rerun:component_type", "rerun.components.Color"]]);
    expect(cell(listOf(UINT32), [0xff000080], color)).toContain("#ff000080");
    const many = cell(
      listOf(UINT32),
      Array.from({ length: 10 }, () => 0xff000080),
      color,
    );
    expect(many.match(/style="background:#ff000080"/g)).toHaveLength(8);
    expect(many).toContain("… 2 more");
    const format: DataType = {
      kind: "struct",
      fields: ["width", "height", "color_model", "channel_datatype"].map((name) => field(name, UINT32, true)),
    };
    const raw = html([
      { name: "/i:Image:buffer", type: listOf(listOf(UINT8)), values: [[[255, 0, 0, 0, 255, 0]]] },
      { name: "/i:Image:format", type: listOf(format), values: [[{ width: 2, height: 1, color_model: 2, channel_datatype: 6 }]] },
    ]);
    const bitmap = Buffer.from(/data:image\/bmp;base64,([^"]+)/.exec(raw)?.[1] ?? "", "base64");
    expect([...bitmap.subarray(54, 60)]).toEqual([0, 0, 255, 0, 255, 0]);
    const depth = html([
      { name: "/d:DepthImage:buffer", type: listOf(listOf(UINT8)), values: [[[0, 1, 0, 3]]] },
      {
        name: "/d:DepthImage:format",
        type: listOf(format),
        values: [[{ width: 2, height: 1, color_model: null, channel_datatype: 8 }]],
        metadata: new Map([["rerun:component_type", "rerun.components.ImageFormat"]]),
      },
    ]);
    const gray = Buffer.from(/data:image\/bmp;base64,([^"]+)/.exec(depth)?.[1] ?? "", "base64");
    expect([...gray.subarray(54, 60)]).toEqual([0, 0, 0, 255, 255, 255]);
    expect(depth).toContain("<td>2×1 u16</td>");
  });
});
