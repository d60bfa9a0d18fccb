import { describe, expect, it } from "vitest";
import { arrayFromValues } from "../../../tests/support/array-from-values.js";
import { type DataType, FLOAT32, FLOAT64, field, fixedSizeListOf, INT64, listOf, UINT8, UINT32, UTF8 } from "../../core/index.js";
import { renderFrame } from "./render-frame.js";

interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly unknown[];
  readonly metadata?: ReadonlyMap<string, string>;
}

function html(columns: readonly Column[], rows?: number): string {
  const numRows = columns[0]?.values.length ?? 0;
  const fields = columns.map(({ name, type, metadata }) => field(name, type, true, metadata));
  const batches = numRows === 0 ? [] : [{ numRows, columns: columns.map(({ type, values }) => arrayFromValues(type, values)) }];
  return renderFrame({ fields, metadata: new Map(), batches }, rows === undefined ? {} : { rows });
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
    expect(table).toContain("<th>frame<small>i64</small></th>");
    expect(table).toContain("<th>/world/points<small>Points3D:positions · list&lt;f32×3&gt;</small></th>");
    expect(table.match(/<tr>/g)).toHaveLength(1 + 5);
    expect(table).toContain("5 of 12 rows · 2 columns");
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
    expect(table.split(safe).length - 1).toBe(8);
  });

  it("cuts long texts, many instances, long lists and many columns, and says how much is left", () => {
    expect(cell(UTF8, "x".repeat(500))).toContain(`${"x".repeat(120)}…`);
    expect(cell(UTF8, "x".repeat(500)).length).toBeLessThan(200);
    expect(cell(listOf(FLOAT64), [1, 2, 3, 4, 5])).toBe('<td>1, 2, 3 <span class="more">… 2 more</span></td>');
    expect(cell(listOf(listOf(UINT32)), [Array.from({ length: 20 }, (_, i) => i)])).toContain(
      "[0, 1, 2, 3, 4, 5, 6, 7, … 12 more]",
    );
    const many = Array.from({ length: 50 }, (_, i) => ({ name: `c${i}`, type: INT64, values: [1n] }));
    expect(html(many).match(/<th>/g)).toHaveLength(40);
    expect(html(many)).toContain("50 columns, 40 shown");
  });

  it("gives texts a width that other columns cannot take away", () => {
    expect(cell(UTF8, "a text")).toBe('<td class="text"><div>a text</div></td>');
    expect(html([{ name: "a", type: UTF8, values: ["b"] }])).toContain(".text > div { width: max-content; max-width: 40ch;");
  });

  it("tells null, empty and zero apart", () => {
    expect(cell(listOf(FLOAT64), null)).toBe('<td class="null">null</td>');
    expect(cell(listOf(FLOAT64), [])).toBe('<td><span class="more">empty</span></td>');
    expect(cell(listOf(FLOAT64), [0])).toBe("<td>0</td>");
    expect(cell(listOf(FLOAT64), [-1.25])).toBe("<td>−1.25</td>");
    expect(html([{ name: "a", type: INT64, values: [] }])).toContain("0 rows");
  });

  it("previews images, colours, bytes and times", () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4]);
    expect(cell(listOf({ kind: "binary" }), [png])).toContain('src="data:image/png;base64,iVBORw0KGgo');
    expect(cell(listOf({ kind: "binary" }), [new Uint8Array([1, 255])])).toContain("2 B <code>01 ff</code>");
    const color = new Map([["rerun:component_type", "rerun.components.Color"]]);
    expect(cell(listOf(UINT32), [0xff000080], color)).toContain("#ff000080");
    expect(cell({ kind: "timestamp", unit: "ns" }, 1_700_000_000_500_000_000n)).toContain("2023-11-14 22:13:20.5");
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
  });
});
