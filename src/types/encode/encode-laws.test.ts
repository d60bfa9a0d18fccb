import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BINARY,
  BOOL,
  type DataType,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  field,
  fixedSizeListOf,
  halfToNumber,
  INT8,
  INT32,
  INT64,
  listOf,
  NULL,
  type PlainValue,
  plainValues,
  UINT16,
  UINT64,
  UTF8,
  valueAt,
} from "../../core/index.js";
import { packColor, rgba } from "./colors.js";
import { float16, halfFromNumber, roundHalfToEven } from "./half-float.js";
import { instancesToArray } from "./instances.js";
import { arrayFromValues } from "./nested.js";
import { type Elements, elementsOf, numbersEncoder } from "./numbers.js";
import { stripEncoder } from "./strips.js";

interface Typed {
  readonly type: DataType;
  readonly value: fc.Arbitrary<unknown>;
}

const LEAVES: readonly Typed[] = [
  { type: BOOL, value: fc.boolean() },
  { type: UTF8, value: fc.string({ unit: "grapheme" }) },
  { type: BINARY, value: fc.uint8Array({ maxLength: 5 }) },
  { type: INT8, value: fc.integer({ min: -128, max: 127 }) },
  { type: INT32, value: fc.integer() },
  { type: UINT16, value: fc.nat(65535) },
  { type: INT64, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: UINT64, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { type: FLOAT32, value: fc.float() },
  { type: FLOAT64, value: fc.double() },
  { type: FLOAT16, value: fc.nat(0x7bff).map(halfToNumber) },
];

/** Random types with the values they hold, up to three levels deep. */
const typed: fc.Arbitrary<Typed> = fc.letrec<{ any: Typed }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc.tuple(tie("any"), fc.boolean()).map(([item, nullable]): Typed => {
      const type = listOf(item.type, nullable);
      return { type, value: fc.array(orNull(item.value, nullable), { maxLength: 4 }) };
    }),
    fc.tuple(tie("any"), fc.boolean(), fc.integer({ min: 1, max: 3 })).map(([item, nullable, size]): Typed => {
      const type = fixedSizeListOf(item.type, size, nullable);
      return { type, value: fc.array(orNull(item.value, nullable), { minLength: size, maxLength: size }) };
    }),
    fc.array(fc.tuple(tie("any"), fc.boolean()), { minLength: 1, maxLength: 3 }).map((members): Typed => {
      const fields = members.map(([member, nullable], i) => field(`member_${i}`, member.type, nullable));
      const values = members.map(([member, nullable], i) => [`member_${i}`, orNull(member.value, nullable)] as const);
      return { type: { kind: "struct", fields }, value: fc.record(Object.fromEntries(values)) };
    }),
  ),
})).any;

function orNull(value: fc.Arbitrary<unknown>, nullable: boolean): fc.Arbitrary<unknown> {
  return nullable ? fc.option(value) : value;
}

describe("arrays of any type", () => {
  test("reading gives back what was encoded", () => {
    const withValues = typed.chain(({ type, value }) => fc.tuple(fc.constant(type), fc.array(value, { maxLength: 6 })));
    fc.assert(
      fc.property(withValues, ([type, values]) => {
        const array = arrayFromValues(type, values);
        expect(array.length).toBe(values.length);
        expect(plainValues(array)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test("struct members may be named in camelCase", () => {
    const type: DataType = { kind: "struct", fields: [field("class_id", UINT16, false), field("x", UTF8, true)] };

    expect(plainValues(arrayFromValues(type, [{ classId: 3 }, { class_id: 4, x: "a" }]))).toEqual([
      { class_id: 3, x: null },
      { class_id: 4, x: "a" },
    ]);
  });

  test("unions are chosen by kind, in dense and in sparse ones", () => {
    const fields = [field("_null_markers", NULL, true), field("CursorRelative", INT64, false), field("Infinite", NULL, true)];
    for (const mode of ["dense", "sparse"] as const) {
      const type: DataType = { kind: "union", mode, typeIds: [0, 1, 2], fields };
      const array = arrayFromValues(type, [
        { kind: "cursorRelative", value: -5n },
        { kind: "infinite" },
        { kind: "CursorRelative", value: 7 },
      ]);

      expect(plainValues(array), mode).toEqual([-5n, null, 7n] satisfies PlainValue[]);
      expect(Array.from(array.typeIds ?? []), mode).toEqual([1, 2, 1]);
    }
  });

  test("a typed array of the element type becomes the child of its list without a copy", () => {
    const values = Float32Array.of(1, 2, 3);
    expect(arrayFromValues(listOf(FLOAT32, false), [values]).children?.[0]?.values).toBe(values);
  });
});

describe("numbers", () => {
  const vectors = numbersEncoder(3, elementsOf(FLOAT32) as Elements);
  const triples = fc.array(fc.tuple(fc.float(), fc.float(), fc.float()), { minLength: 1, maxLength: 8 });

  test("flat, nested, typed and shaped input give the same instances", () => {
    fc.assert(
      fc.property(triples, (points) => {
        const flat = points.flat();
        const forms: unknown[] = [
          points,
          flat,
          Float32Array.from(flat),
          Float64Array.from(flat),
          points.map((point) => Float32Array.from(point)),
          { data: Float32Array.from(flat), shape: [points.length, 3] },
          { data: flat, shape: [points.length, 3] },
        ];
        for (const form of forms)
          expect(plainValues(instancesToArray(fixedSizeListOf(FLOAT32, 3), vectors(form)))).toEqual(points);
      }),
    );
  });

  test("typed arrays of the stored type and flat lists are passed on, not copied", () => {
    const typedArray = new Float32Array(6);
    const list = [1, 2, 3];
    expect(vectors(typedArray)).toBe(typedArray);
    expect(vectors(list)).toBe(list);
    expect(vectors([list])).toBe(list);
  });

  test("64-bit integers come exactly from numbers and bigints", () => {
    const encode = numbersEncoder(1, elementsOf(INT64) as Elements);
    expect(encode([1, 2n ** 62n, -3])).toEqual(BigInt64Array.of(1n, 2n ** 62n, -3n));
    expect(encode(5)).toBe(5n);
  });

  test("strips keep their points whatever form they come in", () => {
    const type = listOf(fixedSizeListOf(FLOAT32, 3), false);
    const encode = stripEncoder(type);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(fc.float(), fc.float(), fc.float()), { minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 4,
        }),
        (strips) => {
          for (const form of [
            strips,
            strips.map((strip) => Float32Array.from(strip.flat())),
            strips.map((strip) => strip.map((point) => Float64Array.from(point))),
          ]) {
            const isOneStrip = form.every((strip) => ArrayBuffer.isView(strip) && strip.length === 3);
            const array = instancesToArray(type, encode(form));
            expect(plainValues(array)).toEqual(isOneStrip ? [strips.flat()] : strips);
          }
        },
      ),
    );
  });
});

describe("half floats", () => {
  test("every half float survives the way to a number and back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const number = halfToNumber(bits);
      if (Number.isNaN(number)) continue;
      if (halfFromNumber(number) !== bits) expect(halfFromNumber(number), `bits ${bits}`).toBe(bits);
    }
  });

  test("a number becomes the nearest half float, of two equally near ones the even", () => {
    const positive = Array.from({ length: 0x7c01 }, (_, bits) => halfToNumber(bits));
    fc.assert(
      fc.property(fc.nat(0x7bfe), fc.double({ min: 0, max: 1, noNaN: true }), (bits, share) => {
        const low = positive[bits] as number;
        const high = bits === 0x7bfe ? low : (positive[bits + 1] as number);
        const value = low + (high - low) * share;
        const middle = low + (high - low) / 2;
        const expected = value < middle ? bits : value > middle ? bits + 1 : bits % 2 === 0 ? bits : bits + 1;
        if (high !== low) expect(halfFromNumber(value)).toBe(expected);
        expect(halfFromNumber(-value) & 0x7fff).toBe(halfFromNumber(value));
      }),
    );
  });

  test("what is too large becomes infinite, NaN stays NaN", () => {
    expect(plainValues(arrayFromValues(FLOAT16, [65519, 65520, -1e9, Number.NaN]))).toEqual([
      65504,
      Infinity,
      -Infinity,
      Number.NaN,
    ]);
    expect(float16([1, 0.5]).float16Bits).toEqual(Uint16Array.of(0x3c00, 0x3800));
  });
});

describe("colours", () => {
  test("bytes give the same colour packed and in parts", () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(byte, byte, byte, byte, (r, g, b, a) => {
        const packed = r * 2 ** 24 + g * 2 ** 16 + b * 2 ** 8 + a;
        expect(packColor([r, g, b, a])).toBe(packed);
        expect(packColor(packed)).toBe(packed);
        expect(packColor(Uint8Array.of(r, g, b, a))).toBe(packed);
        expect(rgba(r / 255, g / 255, b / 255, a / 255).rgba).toBe(packed);
      }),
    );
  });

  test("halves are rounded to the even number", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5].map(roundHalfToEven)).toEqual([0, 2, 2, 0, -2]);
  });
});

test("an element is read by its index", () => {
  expect(valueAt(arrayFromValues(listOf(UTF8), [["a", null], []]), 0)).toEqual(["a", null]);
});
