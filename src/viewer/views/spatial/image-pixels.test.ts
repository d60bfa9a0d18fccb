import { describe, expect, test } from "vitest";
import { imageFormat, spatialQuery } from "../../../../tests/support/spatial-query.js";
import { colormapTable } from "../../../core/index.js";
import { EntityReader } from "./entity-index.js";
import { channelCount, type ImageFormat, imageBytes, readImageFormat } from "./image-format.js";
import { classesToRgba, guessRange, imageToRgba, scalarsToRgba, valuesOfPixel } from "./image-pixels.js";

function format(width: number, height: number, channels: Parameters<typeof imageFormat>[2]): ImageFormat {
  const reader = new EntityReader(spatialQuery({ "/i": { "Image:format": imageFormat(width, height, channels) } }));
  const result = readImageFormat(reader.cell("/i", "Image:format"));
  if (typeof result === "string") throw new Error(result);
  return result;
}

const MODELS = { L: 1, RGB: 2, RGBA: 3, BGR: 4, BGRA: 5 } as const;
const DATATYPES = { U8: 6, I8: 7, U16: 8, I16: 9, U32: 10, I32: 11, U64: 12, I64: 13, F16: 33, F32: 34, F64: 35 } as const;

/** The bytes of channel values in a datatype; F16 only for 0, 0.5 and 1. */
function encode(values: readonly number[], datatype: keyof typeof DATATYPES): Uint8Array {
  const half: Readonly<Record<number, number>> = { 0: 0, 0.5: 0x3800, 1: 0x3c00 };
  const arrays: Readonly<Record<keyof typeof DATATYPES, () => ArrayBufferView>> = {
    U8: () => Uint8Array.from(values),
    I8: () => Int8Array.from(values),
    U16: () => Uint16Array.from(values),
    I16: () => Int16Array.from(values),
    U32: () => Uint32Array.from(values),
    I32: () => Int32Array.from(values),
    U64: () => BigUint64Array.from(values.map(BigInt)),
    I64: () => BigInt64Array.from(values.map(BigInt)),
    F16: () => Uint16Array.from(values.map((value) => half[value] ?? 0)),
    F32: () => Float32Array.from(values),
    F64: () => Float64Array.from(values),
  };
  const array = arrays[datatype]();
  // One byte off, as buffers of a recording may be.
  const shifted = new Uint8Array(array.byteLength + 1);
  shifted.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 1);
  return shifted.subarray(1);
}

describe("interleaved channels", () => {
  const integers = Object.keys(DATATYPES).filter((name) => !name.startsWith("F")) as (keyof typeof DATATYPES)[];
  test.each(integers)("%s values within 0 … 255 are bytes", (datatype) => {
    // Two pixels: 0, 50, 100 and 120, 7, 9 (I8 has no more than 127).
    const values = [0, 50, 100, 120, 7, 9];
    const rgb = format(2, 1, { colorModel: MODELS.RGB, datatype: DATATYPES[datatype] });
    expect([...imageToRgba(encode(values, datatype), rgb)]).toEqual([0, 50, 100, 255, 120, 7, 9, 255]);
    expect(valuesOfPixel(encode(values, datatype), rgb, 1, 0)).toEqual([120, 7, 9]);
  });

  test.each(["F16", "F32", "F64"] as const)("%s values within 0 … 1 are shares", (datatype) => {
    const rgba = format(1, 1, { colorModel: MODELS.RGBA, datatype: DATATYPES[datatype] });
    expect([...imageToRgba(encode([0, 0.5, 1, 1], datatype), rgba)]).toEqual([0, 128, 255, 255]);
  });

  test.each([
    ["L", [7], [7, 7, 7, 255]],
    ["RGB", [1, 2, 3], [1, 2, 3, 255]],
    ["RGBA", [1, 2, 3, 4], [1, 2, 3, 4]],
    ["BGR", [1, 2, 3], [3, 2, 1, 255]],
    ["BGRA", [1, 2, 3, 4], [3, 2, 1, 4]],
  ] as const)("%s puts its channels in order", (model, bytes, rgba) => {
    const f = format(1, 1, { colorModel: MODELS[model], datatype: DATATYPES.U8 });
    expect(channelCount(f.colorModel)).toBe(bytes.length);
    expect([...imageToRgba(Uint8Array.from(bytes), f)]).toEqual([...rgba]);
  });

  test("values outside of 0 … 255 are stretched over their own range; NaN and infinity do not count", () => {
    expect(guessRange({ min: 1000, max: 3000 }, "U16")).toEqual({ min: 1000, max: 3000 });
    expect(guessRange({ min: -4, max: -4 }, "F32")).toEqual({ min: -5, max: -3 });
    const l = format(4, 1, { colorModel: MODELS.L, datatype: DATATYPES.F32 });
    const grey = imageToRgba(encode([Number.NaN, -100, Number.POSITIVE_INFINITY, 100], "F32"), l);
    expect([grey[4], grey[8], grey[12]]).toEqual([0, 255, 255]);
  });
});

describe("pixel formats", () => {
  const RED_LIMITED_709 = [63, 102, 240];
  const RED_FULL_709 = [54, 99, 255];
  const RED_LIMITED_601 = [81, 90, 240];
  const solid = (pixelFormat: number, yuv: readonly number[], pixels: number, layout: (yuv: readonly number[]) => number[]) => ({
    f: format(4, pixels / 4, { pixelFormat }),
    data: Uint8Array.from(layout(yuv)),
  });
  const planes = (full: number, chroma: number) => (yuv: readonly number[]) =>
    yuv.flatMap((value, i) => Array.from({ length: i === 0 ? full : chroma }, () => value));

  test.each([
    ["Y_U_V24 limited", solid(39, RED_LIMITED_709, 8, planes(8, 8))],
    ["Y_U_V24 full", solid(40, RED_FULL_709, 8, planes(8, 8))],
    ["Y_U_V16 limited", solid(49, RED_LIMITED_709, 8, planes(8, 4))],
    ["Y_U_V16 full", solid(50, RED_FULL_709, 8, planes(8, 4))],
    ["Y_U_V12 limited", solid(20, RED_LIMITED_709, 8, planes(8, 2))],
    ["Y_U_V12 full", solid(44, RED_FULL_709, 8, planes(8, 2))],
    ["NV12", solid(26, RED_LIMITED_601, 8, ([y = 0, u = 0, v = 0]) => [...Array.from({ length: 8 }, () => y), u, v, u, v])],
    ["YUY2", solid(27, RED_LIMITED_601, 8, ([y = 0, u = 0, v = 0]) => Array.from({ length: 4 }, () => [y, u, y, v]).flat())],
  ])("%s: red everywhere", (_, { f, data }) => {
    expect(data.length, "as long as the format says").toBe(imageBytes(f));
    const rgba = imageToRgba(data, f);
    for (let i = 0; i < rgba.length; i += 4) {
      expect(rgba[i], `red of pixel ${i / 4}`).toBeGreaterThanOrEqual(252);
      expect(rgba[i + 1], `green of pixel ${i / 4}`).toBeLessThanOrEqual(3);
      expect(rgba[i + 2], `blue of pixel ${i / 4}`).toBeLessThanOrEqual(3);
    }
    const pixel = f.pixelFormat?.matrix === "bt601" ? RED_LIMITED_601 : f.pixelFormat?.isLimited ? RED_LIMITED_709 : RED_FULL_709;
    expect(valuesOfPixel(data, f, 3, 1)).toEqual(pixel);
  });

  test("chroma of 4:2:0 belongs to squares of two by two pixels", () => {
    const f = format(4, 2, { pixelFormat: 44 });
    const rgba = imageToRgba(Uint8Array.of(...Array.from({ length: 8 }, () => 128), 128, 128, 128, 255), f);
    const red = (x: number, y: number): number => rgba[(y * 4 + x) * 4] ?? 0;
    expect([red(0, 0), red(1, 1), red(2, 0), red(3, 1)]).toEqual([128, 128, 255, 255]);
  });

  test("luma alone is grey, black and white at the ends of its range", () => {
    expect([...imageToRgba(Uint8Array.of(0, 255), format(2, 1, { pixelFormat: 30 }))].slice(0, 5)).toEqual([0, 0, 0, 255, 255]);
    expect([...imageToRgba(Uint8Array.of(16, 235), format(2, 1, { pixelFormat: 41 }))].slice(0, 5)).toEqual([0, 0, 0, 255, 255]);
  });

  test.each([
    [128, [0, 1, 1, 2]],
    [129, [2, 1, 1, 0]],
    [130, [1, 2, 0, 1]],
    [131, [1, 0, 2, 1]],
  ])("Bayer pattern %i gives back one colour everywhere", (pixelFormat, tile) => {
    const color = [40, 130, 250];
    const f = format(5, 4, { pixelFormat });
    const data = Uint8Array.from({ length: 20 }, (_, i) => color[tile[(Math.floor(i / 5) & 1) * 2 + ((i % 5) & 1)] ?? 0] ?? 0);
    const rgba = imageToRgba(data, f);
    for (let i = 0; i < 20; i++) expect([...rgba.subarray(i * 4, i * 4 + 3)], `pixel ${i}`).toEqual(color);
  });

  test("unknown numbers and sizes are named, not drawn", () => {
    const reason = (width: number, channels: Parameters<typeof imageFormat>[2]): unknown => {
      const reader = new EntityReader(spatialQuery({ "/i": { f: imageFormat(width, 1, channels) } }));
      return readImageFormat(reader.cell("/i", "f"));
    };
    expect(reason(1, { pixelFormat: 99 })).toBe("unknown pixel format 99");
    expect(reason(1, { colorModel: 77 })).toBe("unknown color model 77");
    expect(reason(0, {})).toBe("the image is 0×1 pixels");
  });
});

describe("colours of values", () => {
  test("Turbo and Viridis have their known ends; an unknown map is Turbo", () => {
    expect(colormapTable(5)[0]).toBe(0x30123bff);
    expect(colormapTable(5)[255]).toBe(0x7a0403ff);
    expect(colormapTable(6)[0]).toBe(0x440154ff);
    expect(colormapTable(6)[255]).toBe(0xfde725ff);
    expect(colormapTable(1)[128]).toBe(0x808080ff);
    expect(colormapTable(200)).toBe(colormapTable(5));
  });

  test("scalars run over the range, what is beyond stays at the ends, NaN is see-through", () => {
    const f = format(4, 1, { datatype: DATATYPES.F32 });
    const rgba = scalarsToRgba(encode([-5, 10, 100, Number.NaN], "F32"), f, 1, { min: 0, max: 20 });
    expect([rgba[0], rgba[4], rgba[8], rgba[15]]).toEqual([0, 128, 255, 0]);
  });

  test("segmentations ask once per class", () => {
    const asked: number[] = [];
    const f = format(3, 1, { datatype: DATATYPES.U8 });
    const rgba = classesToRgba(Uint8Array.of(1, 2, 1), f, (id) => {
      asked.push(id);
      return id === 1 ? 0x01020304 : 0x0a0b0c0d;
    });
    expect(asked).toEqual([1, 2]);
    expect([...rgba]).toEqual([1, 2, 3, 4, 10, 11, 12, 13, 1, 2, 3, 4]);
  });
});
