import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRerunError, plainValues } from "../../core/index.js";
import { arrayFromVector, tableFromIpc } from "../arrow.js";

const WORDS = ["a", null, "bc", "a", null, "ä", "bc"];
const NUMBERS = [5n, 5n, null, -7n, null, 5n, 0n];

function tableOf(columns: Readonly<Record<string, arrow.Vector>>): Uint8Array {
  return new Uint8Array(arrow.tableToIPC(new arrow.Table(columns as Record<string, arrow.Vector>), "stream"));
}

const COLUMNS = {
  words: arrow.vectorFromArray(WORDS, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
  between: arrow.vectorFromArray([1, 2, 3, 4, 5, 6, null], new arrow.Int32()),
  numbers: arrow.vectorFromArray(NUMBERS, new arrow.Dictionary(new arrow.Int64(), new arrow.Uint16())),
  none: arrow.vectorFromArray(
    WORDS.map(() => null),
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
  ),
};

describe("columns with dictionaries", () => {
  it("have their values, and the others stay in their places", () => {
    const { fields, columns, numRows } = tableFromIpc(tableOf(COLUMNS));
    expect([numRows, fields.map(({ name, type }) => [name, type.kind])]).toEqual([
      7,
      [
        ["words", "utf8"],
        ["between", "int"],
        ["numbers", "int"],
        ["none", "utf8"],
      ],
    ]);
    expect(columns.map(plainValues)).toEqual([WORDS, [1, 2, 3, 4, 5, 6, null], NUMBERS, WORDS.map(() => null)]);
    expect(plainValues(arrayFromVector(COLUMNS.words))).toEqual(WORDS);
  });

  it("whose bytes are changed give values or a clear error", () => {
    const bytes = tableOf(COLUMNS);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          for (const column of tableFromIpc(changed).columns) plainValues(column);
        } catch (error) {
          if (!isRerunError(error)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
