import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { afterEach, beforeEach, expect, it } from "vitest";
import { printedWarnings } from "../../../tests/support/printed-warnings.js";
import { type PlainValue, plainValues, setHost, setStrict } from "../../core/index.js";
import { type AsComponents, DepthImage, EncodedDepthImage, EncodedImage, Image, instancesToArray } from "../../types/index.js";
import { encodeImage } from "./encode-image.js";

const { PNG } = createRequire(import.meta.url)("pngjs") as {
  PNG: { sync: { read(bytes: Buffer, options?: object): { width: number; height: number; data: Uint16Array } } };
};

const warnings = printedWarnings();

beforeEach(() => {
  setHost({ readFile: () => new Uint8Array(0), encodeImage });
});

afterEach(() => {
  setHost(undefined);
});

function fieldsOf(archetype: AsComponents): Record<string, PlainValue | undefined> {
  return Object.fromEntries(
    archetype.layouts.flatMap(({ descriptor, type }, i) => {
      const data = archetype.data[i];
      return data === undefined ? [] : [[descriptor.component, plainValues(instancesToArray(type, data))[0]]];
    }),
  );
}

const blobOf = (archetype: AsComponents, name: string): Uint8Array => Uint8Array.from(fieldsOf(archetype)[name] as number[]);

it.each([
  ["L", 1],
  ["RGB", 3],
  ["BGR", 3],
] as const)("an image of color model %s becomes a JPEG of the same picture", async (colorModel, channels) => {
  const data = Uint8Array.from({ length: 64 * 64 * channels }, (_, i) => ((i / channels / 64) | 0) * 3 + (i % channels) * 20);
  const shape = channels === 1 ? [64, 64] : [64, 64, channels];
  const image = await new Image({ data, shape }, { colorModel, opacity: 0.5, drawOrder: 2 }).compress();
  expect(image).toBeInstanceOf(EncodedImage);
  const { "EncodedImage:blob": _, ...others } = fieldsOf(image);
  const kept = { "EncodedImage:draw_order": 2, "EncodedImage:media_type": "image/jpeg", "EncodedImage:opacity": 0.5 };
  expect(others).toEqual(kept);
  const jpeg = blobOf(image, "EncodedImage:blob");
  const decoded = await sharp(jpeg)
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([decoded.info.width, decoded.info.height, decoded.info.channels, decoded.info.format]).toEqual([
    64,
    64,
    channels,
    "raw",
  ]);
  const expected = colorModel === "BGR" ? data.map((_v, i) => data[i - (i % 3) + 2 - (i % 3)] ?? 0) : data;
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (decoded.data[i] ?? 0))), 0);
  expect(worst).toBeLessThan(8);
  const small = await new Image({ data, shape }, { colorModel }).compress({ jpegQuality: 5 });
  expect(blobOf(small, "EncodedImage:blob").length).toBeLessThan(jpeg.length);
});

it.each([
  ["8 bits", new Uint8Array([0, 1, 2, 253, 254, 255])],
  ["16 bits", new Uint16Array([0, 1, 258, 40_000, 65_534, 65_535])],
])("a depth image of %s becomes a PNG of the same values", async (_bits, data) => {
  const options = { meter: 1000, depthRange: [1, 2], colormap: "viridis", pointFillRatio: 0.5, drawOrder: 3 } as const;
  const image = await new DepthImage({ data, shape: [2, 3] }, options).compress({ compressLevel: 9 });
  expect(image).toBeInstanceOf(EncodedDepthImage);
  const { "EncodedDepthImage:blob": _, ...others } = fieldsOf(image);
  expect(others).toEqual({
    "EncodedDepthImage:colormap": 6,
    "EncodedDepthImage:depth_range": [1, 2],
    "EncodedDepthImage:draw_order": 3,
    "EncodedDepthImage:media_type": "image/png",
    "EncodedDepthImage:meter": 1000,
    "EncodedDepthImage:point_fill_ratio": 0.5,
  });
  const png = PNG.sync.read(Buffer.from(blobOf(image, "EncodedDepthImage:blob")), { skipRescale: true });
  expect([png.width, png.height]).toEqual([3, 2]);
  expect([...png.data].filter((_value, i) => i % 4 === 0)).toEqual([...data]);
});

it("what cannot be compressed stays as it is, with a warning; strict mode throws", async () => {
  const rgba = new Image({ data: new Uint8Array(16), shape: [2, 2, 4] });
  const floats = new Image({ data: new Float32Array(4), shape: [2, 2] });
  const nv12 = new Image({ bytes: new Uint8Array(6), width: 2, height: 2, pixelFormat: "NV12" });
  const depth = new DepthImage({ data: new Float32Array(4), shape: [2, 2] });
  const short = new Image({ bytes: new Uint8Array(5), width: 2, height: 2, colorModel: "L", datatype: "U8" });
  const empty = new Image({ data: new Uint8Array(0), shape: [0, 0] });
  for (const image of [rgba, floats, nv12, short, empty, depth]) expect(await image.compress()).toBe(image);
  expect(warnings).toHaveLength(6);
  expect(warnings[0]).toContain("Image.compress: expected the color model L, RGB or BGR for a JPEG, got RGBA. The image stays");
  expect(await Image.cleared().compress()).toBeInstanceOf(Image);
  setStrict(true);
  await expect(rgba.compress()).rejects.toMatchObject({ code: "InvalidArgument" });
  await expect(depth.compress()).rejects.toThrow("expected the datatype U8 or U16 for a PNG, got F32");
});

it("a bad quality is refused in any mode, and where nothing can encode the image stays", async () => {
  const image = new Image({ data: new Uint8Array(4), shape: [2, 2] });
  await expect(image.compress({ jpegQuality: 0 })).rejects.toThrow("jpegQuality: expected a whole number 1..100, got 0");
  const depth = new DepthImage({ data: new Uint8Array(4), shape: [2, 2] });
  await expect(depth.compress({ compressLevel: 9.5 })).rejects.toThrow("compressLevel: expected a whole number 0..9, got 9.5");
  setHost(undefined);
  expect(await image.compress()).toBe(image);
  expect(warnings).toEqual([expect.stringContaining("images cannot be encoded here")]);
});

it("pixels of another realm, as those of a notebook's cells are, are pixels", async () => {
  const data = runInNewContext("new Uint8Array(12)") as Uint8Array;
  expect(await new Image({ data, shape: [2, 2, 3] }).compress()).toBeInstanceOf(EncodedImage);
  const depth = runInNewContext("new Uint16Array(4)") as Uint16Array;
  expect(await new DepthImage({ data: depth, shape: [2, 2] }).compress()).toBeInstanceOf(EncodedDepthImage);
});
