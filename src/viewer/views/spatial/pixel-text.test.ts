import { expect, test } from "vitest";
import { annotationContext, bytes, floats, imageFormat, spatialQuery } from "../../../../tests/support/spatial-query.js";
import { pixelTextAt } from "./pixel-text.js";
import { reductionText, sampleIndices, shortCount } from "./reduce.js";

const U16 = new Uint8Array(Uint16Array.of(1500, 40, 3, 65_535).buffer);

test("a pixel says its channels, its depth in metres, its class", () => {
  const query = spatialQuery({
    "/": { "AnnotationContext:context": annotationContext({ id: 7, label: "chair" }) },
    "/rgb": {
      "Image:buffer": bytes(Uint8Array.of(1, 2, 3, 200, 12, 255)),
      "Image:format": imageFormat(2, 1, { colorModel: 2, datatype: 6 }),
    },
    "/depth": { "DepthImage:buffer": bytes(U16), "DepthImage:format": imageFormat(2, 2, { datatype: 8 }) },
    "/metres": {
      "DepthImage:buffer": bytes(U16),
      "DepthImage:format": imageFormat(2, 2, { datatype: 8 }),
      "DepthImage:meter": floats(1),
    },
    "/seg": {
      "SegmentationImage:buffer": bytes(Uint8Array.of(7, 8)),
      "SegmentationImage:format": imageFormat(2, 1, { datatype: 6 }),
    },
    "/yuv": { "Image:buffer": bytes(Uint8Array.of(81, 90, 81, 240)), "Image:format": imageFormat(2, 1, { pixelFormat: 27 }) },
  });
  const text = (path: string, x: number, y: number): string | undefined => pixelTextAt(query, path, [x, y, 0])?.text;
  expect(text("/rgb", 1.7, 0.2)).toBe("R 200  G 12  B 255");
  expect(text("/depth", 0, 0)).toBe("1.5 m (1500)");
  expect(text("/metres", 1.5, 1.5)).toBe("65535 m");
  expect(text("/seg", 0, 0)).toBe("7 chair");
  expect(text("/seg", 1, 0)).toBe("8");
  expect(text("/yuv", 1, 0)).toBe("Y 81  U 90  V 240");
  expect(text("/rgb", 2, 0)).toBeUndefined();
  expect(text("/rgb", -0.1, 0)).toBeUndefined();
  expect(text("/nothing", 0, 0)).toBeUndefined();
});

test("samples are even, ascending, and the same every time", () => {
  const indices = sampleIndices(1_000_000, 1000);
  expect(indices).toEqual(sampleIndices(1_000_000, 1000));
  for (const [i, index] of indices.entries()) expect(Math.floor(index / 1000), `stretch ${i}`).toBe(i);
  expect([...sampleIndices(3, 10)]).toEqual([0, 1, 2]);
  expect(sampleIndices(5, 0)).toHaveLength(0);
});

test("counts are said in three digits", () => {
  expect([950, 20_000, 3_100_000, 999_600, 1500].map(shortCount)).toEqual(["950", "20 k", "3.1 M", "1 M", "1.5 k"]);
  expect(reductionText(200_000, 3_100_000)).toBe("200 k of 3.1 M points");
  expect(reductionText(5, 5)).toBeUndefined();
});
