import type { Float16Values, NumberArray } from "../likes.js";

const SMALLEST_SUBNORMAL = 2 ** -24;
const SMALLEST_NORMAL = 2 ** -14;
const LARGEST_BEFORE_INFINITY = 65520;

/** Bits of the nearest half float, ties to even. NaN stays NaN, what is too large becomes infinite. */
export function halfFromNumber(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= LARGEST_BEFORE_INFINITY) return sign | 0x7c00;
  if (size < SMALLEST_NORMAL) return sign | roundHalfToEven(size / SMALLEST_SUBNORMAL);
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent -= 1;
  else if (2 ** (exponent + 1) <= size) exponent += 1;
  const mantissa = roundHalfToEven((size / 2 ** exponent - 1) * 1024);
  return sign | (((exponent + 15) << 10) + mantissa);
}

/** The nearest whole number; of two equally near ones the even. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Numbers rounded to 16-bit floats (nearest, ties to even), for images and tensors of half floats. */
export function float16(numbers: NumberArray): Float16Values {
  const bits = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) bits[i] = halfFromNumber(numbers[i] as number);
  return { float16Bits: bits };
}
