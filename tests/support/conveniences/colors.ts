/** Colours in all the ways in which they may be given. */
import * as rr from "../../../src/types/index.js";
import type { ConvenienceCase } from "./case.js";

const P2 = [
  [0, 0, 0],
  [1, 0, 0],
];

function colored(colors: rr.Rgba32ArrayLike, positions: rr.VectorArrayLike = P2): ConvenienceCase[1] {
  return () => new rr.Points3D(positions, { colors });
}

export const COLORS: readonly ConvenienceCase[] = [
  ["/c/u32_one", colored(0xff8000ff)],
  ["/c/tuple_rgb", colored([255, 128, 0])],
  ["/c/tuple_rgba", colored([255, 128, 0, 7])],
  [
    "/c/list_of_tuples",
    colored([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ],
  [
    "/c/list_of_rgba",
    colored([
      [1, 2, 3, 4],
      [4, 5, 6, 7],
    ]),
  ],
  ["/c/float_rgb", colored(rr.rgba(0, 0.5, 1))],
  ["/c/float_list", colored([rr.rgba(0.1, 0.2, 0.3), Float64Array.of(1, 0.25, 0.75)])],
  ["/c/float_rgba", colored([Float32Array.of(0.1, 0.2, 0.3, 0.4)])],
  ["/c/float_round", colored([rr.rgba(0.5, 0.001, 0.998), rr.rgba(0.502, 0.4999, 0.3333)])],
  ["/c/u32_array", colored(Uint32Array.of(0x11223344, 0xaabbccdd))],
  [
    "/c/u32_list5",
    colored(
      [0x01020304, 0x11121314, 0x21222324, 0x31323334, 0xffffffff],
      [0, 1, 2, 3, 4].map((x) => [x, 0, 0]),
    ),
  ],
  ["/c/u8_nx3", colored({ data: Uint8Array.of(1, 2, 3, 9, 8, 7), shape: [2, 3] })],
  ["/c/u8_flat8", colored(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))],
  ["/c/f32_nx4", colored(Float32Array.of(0, 0.25, 0.5, 1, 1, 1, 1, 0))],
  [
    "/c/mixed_len",
    colored([
      [1, 2, 3],
      [4, 5, 6, 7],
    ]),
  ],
  ["/c/rgba32_objs", colored([{ rgba: 0x01020304 }, [9, 8, 7]])],
  ["/c/color_objs", colored([[1, 2, 3], 0xff])],
  ["/c/empty", colored([])],
];
