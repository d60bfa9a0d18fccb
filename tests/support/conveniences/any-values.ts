/** Values without a schema. */
import * as rr from "../../../src/types/index.js";
import { type ConvenienceCase, TEXT } from "./case.js";

export const ANY: readonly ConvenienceCase[] = [
  ["/i", () => new rr.AnyValues({ v: 3n })],
  ["/f", () => new rr.AnyValues({ w: 3.5 })],
  ["/s", () => new rr.AnyValues({ x: "text" })],
  ["/b", () => new rr.AnyValues({ y: true })],
  ["/li", () => new rr.AnyValues({ li: [1n, 2n, 3n] })],
  ["/lf", () => new rr.AnyValues({ lf: [1.5, 2] })],
  ["/ls", () => new rr.AnyValues({ ls: ["a", "b"] })],
  ["/np32", () => new rr.AnyValues({ np32: Float32Array.of(1, 2) })],
  ["/nested", () => new rr.AnyValues({ nested: [[1n, 2n], [3n]] })],
  ["/bytes", () => new rr.AnyValues({ by: TEXT.encode("ab") })],
  ["/none", () => new rr.AnyValues({ a: 1n, n: null })],
  ["/multi", () => new rr.AnyValues({ r: [0.5], q: "z", p: 1n })],
  ["/comp", () => new rr.AnyValues({ col: rr.describedBatch(rr.components.Color, [1, 2]) })],
  ["/dict", () => new rr.AnyValues({ d: [{ a: 1n, b: "x" }] })],
  ["/boollist", () => new rr.AnyValues({ bl: [true, false] })],
  [
    "/np2d",
    () =>
      new rr.AnyValues({
        n2: [
          [0n, 1n],
          [2n, 3n],
        ],
      }),
  ],
  [
    "/dyn",
    () =>
      new rr.DynamicArchetype("MyArch", { components: { home: "https://x", num: [1n, 2n] } })
        .withComponentOverride("conf", "rerun.components.Scalar", [1.2, 3.4])
        .withComponentFromData("foo", [true]),
  ],
  ["/ov", () => new rr.AnyValues({ z: 1n }).withComponentOverride("desc", "rerun.components.Text", "bla")],
  ["/cols", () => rr.AnyValues.columns({ a: [1n, 2n, 3n], b: ["x", "y", "z"], c: [[1, 2], [3], []] })],
  ["/dcols", () => rr.DynamicArchetype.columns("Arch", { components: { q: [0n, 1n] } })],
];
