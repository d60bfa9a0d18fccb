import { Field, Float32, Int32, List, type Vector, vectorFromArray } from "apache-arrow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { instanceValues } from "../tests/support/instance-values.js";
import * as rr from "./index.js";
import { resetAnyValueTypes } from "./types/index.js";

describe("a vector of apache-arrow in AnyValues", () => {
  beforeEach(() => {
    resetAnyValueTypes();
    rr.setStrictMode(true);
  });
  afterEach(() => {
    rr.setStrictMode(false);
    resetAnyValueTypes();
  });

  const floats = vectorFromArray([0.5, null, 1.5], new Float32());
  const lists = vectorFromArray([[1, 2], [], [3]], new List(new Field("item", new Int32(), true)));

  test("keeps its type, its nulls, and the type whatever its name had before", () => {
    expect(valuesOf({ a: 1n })).toEqual(["Int64", [1n]]);
    expect(valuesOf({ a: floats })).toEqual(["Float32", [0.5, null, 1.5]]);
    expect(valuesOf({ a: 2n })).toEqual(["Int64", [2n]]);
  });

  test("of several pieces is taken whole, and a slice of one is taken as a slice", () => {
    expect(valuesOf({ b: floats.concat(floats.slice(2)) as Vector })).toEqual(["Float32", [0.5, null, 1.5, 1.5]]);
    expect(valuesOf({ b: floats.slice(1) })).toEqual(["Float32", [null, 1.5]]);
  });

  test("in columns gives one value in each row; of lists, rows of their lengths", () => {
    expect(columnOf({ c: floats })).toEqual({ type: "Float32", values: [0.5, null, 1.5], lengths: undefined });
    expect(columnOf({ d: lists })).toEqual({ type: "Int32", values: [1, 2, 3], lengths: [2, 0, 1] });
    expect(columnOf({ e: lists.slice(2) })).toEqual({ type: "Int32", values: [3], lengths: [1] });
  });

  function valuesOf(values: rr.AnyValueMap): unknown {
    const { layouts, data } = new rr.AnyValues(values);
    return [typeName(layouts[0]), instanceValues(layouts[0]!.type, data[0]!)];
  }

  function columnOf(values: rr.AnyValueMap): unknown {
    const [column] = rr.AnyValues.columns(values).columns;
    const { layout, data, lengths } = column!;
    return { type: typeName(layout), values: instanceValues(layout.type, data), lengths };
  }

  function typeName(layout: rr.ComponentLayout | undefined): string {
    const type = layout?.type;
    return type?.kind === "int" ? `Int${type.bits}` : type?.kind === "float" ? `Float${type.bits}` : String(type?.kind);
  }
});
