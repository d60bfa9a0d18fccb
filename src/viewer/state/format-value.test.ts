import { describe, expect, test } from "vitest";
import { TestRecording } from "../../../tests/support/test-recording.js";
import { formatBytes, formatNumber } from "../../core/index.js";
import * as rr from "../../types/index.js";
import { compareFields, fieldLabel, formatCount, instancesOf, showInstance } from "./format-value.js";
import type { ComponentCell } from "./view-query.js";

/** The cell of the first row of what was logged. */
function cellOf(archetype: rr.AsComponents, component: string): ComponentCell {
  const made = new TestRecording();
  made.log("e", archetype);
  const chunk = [...made.store.chunks()][0];
  const column = chunk?.components.get(component);
  const values = column?.list.children?.[0];
  if (column === undefined || values === undefined) throw new Error(`no ${component}`);
  return { descriptor: column.descriptor, values, start: 0, end: values.length, key: "k" };
}

function shown(archetype: rr.AsComponents, component: string, instance = 0): string {
  return showInstance(cellOf(archetype, component), instance).text;
}

describe("values", () => {
  const points = rr.Points3D.fromFields({ positions: [[1.2, -0.41, 3.07]], colors: [0xe8a33dff], radii: [0.02], labels: ["a"] });

  test("of points: numbers in few digits, colours as swatches", () => {
    expect(shown(points, "Points3D:positions")).toBe("1.2, −0.41, 3.07");
    expect(showInstance(cellOf(points, "Points3D:colors"), 0)).toEqual({ text: "#e8a33dff", swatch: "#e8a33dff" });
    expect(shown(points, "Points3D:radii")).toBe("0.02");
    expect(shown(points, "Points3D:labels")).toBe("a");
    expect(instancesOf(cellOf(points, "Points3D:positions"))).toBe(1);
  });

  test("of images are a summary, not the bytes", () => {
    const image = new rr.Image({ data: new Uint8Array(64 * 48 * 3), shape: [48, 64, 3] });
    expect(shown(image, "Image:format")).toBe("64×48 RGB u8");
    expect(shown(image, "Image:buffer")).toBe("9.2 kB");
    const depth = new rr.DepthImage({ data: new Uint16Array(64 * 48), shape: [48, 64] }, { meter: 1000 });
    expect(shown(depth, "DepthImage:format")).toBe("64×48 u16");
  });

  test("of matrices are the rows that were given", () => {
    const transform = rr.Transform3D.fromFields({ mat3x3: [[1, 2, 3, 4, 5, 6, 7, 8, 9]] });
    const value = showInstance(cellOf(transform, "Transform3D:mat3x3"), 0);
    expect(value.isMultiline).toBe(true);
    expect(value.text.split("\n").map((row) => row.split(/\s+/))).toEqual([
      ["1", "2", "3"],
      ["4", "5", "6"],
      ["7", "8", "9"],
    ]);
  });

  test("of enums and view coordinates are words", () => {
    expect(shown(rr.ViewCoordinates.fromFields({ xyz: [3, 2, 5] }), "ViewCoordinates:xyz")).toBe("RDF");
    expect(shown(rr.SeriesPoints.fromFields({ markers: ["Diamond"] }), "SeriesPoints:markers")).toBe("Diamond");
  });

  test("of long lists are a count", () => {
    const strip = rr.LineStrips3D.fromFields({ strips: [Array.from({ length: 20 }, (_, i) => [i, 0, 0])] });
    expect(shown(strip, "LineStrips3D:strips")).toBe("20 points");
  });
});

test.each([
  [1.5, "1.5"],
  [-0.000012361, "−1.236e-5"],
  [1e9, "1 000 000 000"],
  [12_345_678.9, "1.235e7"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "−Infinity"],
  [0.1 + 0.2, "0.3"],
])("the number %s is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("sizes and counts are short", () => {
  expect([formatBytes(950), formatBytes(19_240_000), formatBytes(921_600)]).toEqual(["950 B", "19.2 MB", "922 kB"]);
  expect([formatCount(950), formatCount(20_000), formatCount(1_204_113)]).toEqual(["950", "20 k", "1.2 M"]);
});

test("telling components come first, and are named without their archetype", () => {
  const components = ["Points3D:class_ids", "Points3D:colors", "Points3D:positions", "Points3D:zzz"];
  expect([...components].sort(compareFields).map(fieldLabel)).toEqual(["positions", "colors", "class ids", "zzz"]);
});
