/** Tensors of all element types and bar charts. */
import * as rr from "../../../src/types/index.js";
import { type ConvenienceCase, DTYPES, range } from "./case.js";

export const TENSORS: readonly ConvenienceCase[] = [
  ...DTYPES.map(
    ([name, from]): ConvenienceCase => [
      `/t/${name}`,
      () => new rr.Tensor({ data: from(range(24)), shape: [2, 3, 4] }, { dimNames: ["a", "b", "c"] }),
    ],
  ),
  ["/noname", () => new rr.Tensor(Float64Array.from(range(6)))],
  ["/noname", () => new rr.Tensor(range(6))],
  [
    "/range",
    () =>
      new rr.Tensor(
        [
          [0n, 1n],
          [2n, 3n],
          [4n, 5n],
        ],
        { valueRange: [0, 10] },
      ),
  ],
  [
    "/list",
    () =>
      new rr.Tensor([
        [1n, 2n],
        [3n, 4n],
      ]),
  ],
  ["/tdata", () => new rr.Tensor({ shape: [2, 2], names: ["x", "y"], buffer: Float32Array.of(1, 1, 1, 1) })],
  ["/bar/f", () => new rr.BarChart([1.5, 2, 3], { color: [1, 2, 3] })],
  ["/bar/i", () => new rr.BarChart([8n, 4n, 0n], { abscissa: [1n, 2n, 5n], widths: 0.5 })],
  ["/bar/u8", () => new rr.BarChart(Uint8Array.from(range(5)), { widths: [1, 2, 3, 4, 5] })],
];
