/** Images of all element types, from arrays and from bytes. */
import * as rr from "../../../src/types/index.js";
import { BYTES, type ConvenienceCase, DTYPES, range } from "./case.js";

const RGB = { data: Uint8Array.from(range(18)), shape: [2, 3, 3] };

export const IMAGES: readonly ConvenienceCase[] = [
  ...DTYPES.flatMap(([name, from]): readonly ConvenienceCase[] => [
    [`/l/${name}`, () => new rr.Image({ data: from(range(6)), shape: [2, 3] })],
    [`/rgb/${name}`, () => new rr.Image({ data: from(range(18)), shape: [2, 3, 3] })],
    [`/rgba/${name}`, () => new rr.Image({ data: from(range(24)), shape: [2, 3, 4] })],
  ]),
  [
    "/l/float64",
    () =>
      new rr.Image([
        [0, 1, 2],
        [3, 4, 5],
      ]),
  ],
  [
    "/l/int64",
    () =>
      new rr.Image([
        [0n, 1n, 2n],
        [3n, 4n, 5n],
      ]),
  ],
  [
    "/rgb/uint8",
    () =>
      new rr.Image([0, 9].map((row) => [0, 3, 6].map((pixel) => Uint8Array.of(row + pixel, row + pixel + 1, row + pixel + 2)))),
  ],
  ["/bgr", () => new rr.Image(RGB, { colorModel: "BGR" })],
  ["/bgra", () => new rr.Image({ data: Uint8Array.from(range(24)), shape: [2, 3, 4] }, { colorModel: rr.ColorModel.BGRA })],
  ["/leading1", () => new rr.Image({ data: RGB.data, shape: [1, 2, 3, 3] })],
  ["/trailing1", () => new rr.Image({ data: Uint8Array.from(range(6)), shape: [2, 3, 1] })],
  ...(Object.keys(rr.PixelFormat) as (keyof typeof rr.PixelFormat)[]).map(
    (pixelFormat): ConvenienceCase => [
      `/pf/${pixelFormat}`,
      () => new rr.Image({ bytes: BYTES, width: 4, height: 4, pixelFormat }),
    ],
  ),
  ["/bytes", () => new rr.Image({ bytes: BYTES.subarray(0, 12), width: 2, height: 2, colorModel: "RGB", datatype: "U8" })],
  ["/bytes16", () => new rr.Image({ bytes: range(8), width: 2, height: 2 }, { colorModel: "L", datatype: "u16" })],
  ["/opts", () => new rr.Image(RGB, { opacity: 0.5, drawOrder: -3, magnificationFilter: "Linear" })],
];
