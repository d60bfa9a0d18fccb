/** What blueprints refuse, and how they say it. */
import { describe, expect, test } from "vitest";
import * as rrb from "./index.js";

const { CardLayout, Column, col, Filter, PreviewCell, TableLayout } = rrb.table;
const wrong = <T>(value: unknown): T => value as T;

test.each([
  ["a column without a name", () => new Column(""), /Column: expected the name of a column/],
  ["a type without a name", () => new Column("a", { columnType: "" }), /Column\.columnType: expected a component/],
  ["a column twice", () => new TableLayout({ columns: [new Column("a"), new Column("a")] }), /the column "a" comes twice/],
  [
    "names instead of columns",
    () => new CardLayout({ fields: wrong(["a"]) }),
    /CardLayout\.fields: expected Columns, got the string "a"/,
  ],
  ["an empty title", () => new CardLayout({ title: "" }), /CardLayout\.title/],
  ["previews without a view", () => new PreviewCell([]), /expected at least one view/],
  ["previews of something else", () => new PreviewCell(wrong([new rrb.Grid([])])), /PreviewCell: expected views/],
  ["cards first, without cards", () => new rrb.TableBlueprint({ defaultLayout: "cards" }), /TableBlueprint\.cardLayout/],
  ["another layout", () => new rrb.TableBlueprint({ defaultLayout: wrong("grid") }), /"table" or "cards", got the string "grid"/],
  ["one filter alone", () => new rrb.TableBlueprint({ filters: wrong(new Filter("a")) }), /a list of filters/],
  ["an empty filter", () => new Filter(" "), /Filter: expected an expression in SQL/],
  ["a filter of no column", () => col(""), /col: expected the name of a column/],
  ["a text compared as a number", () => col("a").eq(wrong("b")), /eq: expected a number, got the string "b"/],
  ["a time as a number", () => col("a").before(wrong(5)), /before: expected a Date, got number 5/],
  ["an empty text", () => col("a").str.contains(""), /contains: expected a text that is not empty/],
  ["a view of no class", () => new rrb.View(wrong({})), /View\.classIdentifier/],
  [
    "children that are none",
    () => new rrb.Container(wrong([5]), { kind: "Grid" }),
    /Grid: expected a view or a container at index 0/,
  ],
] as const)("%s is refused", (_, make, message) => {
  expect(make).toThrow(message);
});

describe("filters of a column", () => {
  test("quote names and texts, and say what escapes", () => {
    expect(col('a"b').str.contains("it's 50%").sql).toBe(`"a""b" ILIKE '%it''s 50\\%%' ESCAPE '\\'`);
  });

  test("of lists hold for any value; what is negated for none", () => {
    expect(col("a").list.ge(3).sql).toBe('any_match("a", x -> x >= 3)');
    expect(String(col("a").list.ne(3))).toBe('(any_match("a", x -> x = 3)) IS NOT TRUE');
  });
});
