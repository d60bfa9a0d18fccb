import { describe, expect, test } from "vitest";
import { classColor, entityColor, seriesColor, unpackColor } from "./colors.js";

describe("colours of what brings none", () => {
  test("the same path always has the same one, whatever else there is", () => {
    expect(entityColor("/world/points")).toBe(entityColor("/world/points"));
    expect(entityColor("/a")).not.toBe(entityColor("/b"));
    expect(seriesColor(["/plot/a"], "/plot/a", 0)).toBe(entityColor("/plot/a"));
  });

  test("twelve series of a plot are told apart", () => {
    const paths = Array.from({ length: 6 }, (_, i) => `/plot/${i}`);
    expect(new Set(paths.map((path) => seriesColor(paths, path, 0))).size).toBe(6);
    expect(new Set(Array.from({ length: 12 }, (_, i) => seriesColor(["/plot/a"], "/plot/a", i))).size).toBe(12);
  });

  test("any class has an opaque one", () => {
    expect([0, 1, 255, 65_535].map((id) => unpackColor(classColor(id))[3])).toEqual([255, 255, 255, 255]);
  });
});
