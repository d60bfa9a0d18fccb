import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePng, encodeDrawing, encodePng } from "./png.js";

interface PngFile {
  readonly data: Buffer;
}
/** Another implementation of the format; it comes without types. */
const { PNG } = createRequire(import.meta.url)("pngjs") as {
  readonly PNG: (new (size: {
    width: number;
    height: number;
  }) => PngFile) & {
    readonly sync: { read(file: Buffer): PngFile; write(png: PngFile, options: object): Buffer };
  };
};

const picture = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.boolean())
  .chain(([width, height, isOpaque]) =>
    fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((bytes) => {
      const rgba = bytes.map((value, i) => (isOpaque && i % 4 === 3 ? 255 : value));
      return { width, height, rgba };
    }),
  );

describe("png", () => {
  it("another decoder reads what encode writes, and decode reads it as well", () => {
    fc.assert(
      fc.property(picture, (pixels) => {
        for (const encode of [encodePng, encodeDrawing]) {
          const file = encode(pixels);
          expect(new Uint8Array(PNG.sync.read(Buffer.from(file)).data)).toEqual(pixels.rgba);
          expect(decodePng(file)).toEqual(pixels);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("decode reads all filters and colour types another encoder writes", () => {
    for (const colorType of [0, 2, 4, 6] as const) {
      for (const filterType of [0, 1, 2, 3, 4]) {
        const png = new PNG({ width: 7, height: 5 });
        for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : (i * 37 + (i >> 3) * 11) & 255;
        if (colorType === 0 || colorType === 4) {
          for (let i = 0; i < png.data.length; i += 4) png.data.fill(png.data[i] ?? 0, i, i + 3);
        }
        const file = PNG.sync.write(png, { colorType, filterType });
        expect([colorType, filterType, decodePng(file)?.rgba]).toEqual([colorType, filterType, new Uint8Array(png.data)]);
      }
    }
  });

  it("any cut or flipped byte gives pixels or nothing, never an error", () => {
    const file = encodePng({ width: 4, height: 3, rgba: new Uint8Array(48).map((_, i) => i * 5) });
    for (let cut = 0; cut < file.length; cut++) expect(() => decodePng(file.subarray(0, cut))).not.toThrow();
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      expect(() => decodePng(flipped)).not.toThrow();
    }
  });
});
