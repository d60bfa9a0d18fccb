/** A flat list of numbers. Typed arrays of the stored element type are not copied before `log()` takes them. */
export type NumberArray =
  | readonly number[]
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** A flat list of whole numbers, 64-bit ones included. */
export type IntegerArray = NumberArray | readonly (number | bigint)[] | BigInt64Array | BigUint64Array;

/** Half floats: numbers rounded to 16 bits, as `float16()` makes them. */
export interface Float16Values {
  readonly float16Bits: Uint16Array;
}

/** Numbers with a shape, rows first, as libraries for n-dimensional arrays have it: `{ data, shape: [height, width, 3] }`. */
export interface NdArray {
  readonly data: NumberArray | BigInt64Array | BigUint64Array | Float16Values;
  readonly shape: readonly number[];
}

/** Numbers nested as deep as there are dimensions. */
export type NestedNumbers = readonly (number | bigint | NestedNumbers)[] | NumberArray | BigInt64Array | BigUint64Array;

/** Several values of a fixed number of elements: nested, flat (a multiple of that number) or with a shape. */
export type VectorArrayLike = NumberArray | readonly NumberArray[] | NdArray;

/** The same where elements are 16-bit floats. */
export type HalfVectorArrayLike = VectorArrayLike | readonly (readonly NumberArray[])[] | Float16Values;

/** One text or several. Numbers are written out. */
export type TextArrayLike = string | number | readonly (string | number)[];

/** Bytes: a typed array's bytes or a list of numbers 0..255. */
export type BlobLike = Uint8Array | Uint8ClampedArray | ArrayBuffer | readonly number[];

/** One blob or several. */
export type BlobArrayLike = BlobLike | readonly (Uint8Array | ArrayBuffer | readonly number[])[];

/** A name of an enum in any case, or its number. */
export type EnumLike<Name extends string> = Name | Lowercase<Name> | Uppercase<Name> | number;

/** A colour that says how it is meant: made by `rgba()` from parts 0..1. */
export interface PackedColor {
  /** 0xRRGGBBAA */
  readonly rgba: number;
}

/**
 * One colour: a number `0xRRGGBBAA`, three or four whole numbers 0..255 (alpha 255 when absent), or parts 0..1 in a
 * `Float32Array` or `Float64Array` or from `rgba()`.
 */
export type Rgba32Like = number | PackedColor | NumberArray;

/**
 * Colours: one, a list of them, a `Uint32Array` of `0xRRGGBBAA`, or a flat `Uint8Array` (0..255) or `Float32Array` (0..1) in rows of four.
 * A flat list of three or four numbers below 256 is one colour.
 */
export type Rgba32ArrayLike = Rgba32Like | readonly Rgba32Like[] | NdArray;

/** An angle: radians, or what `Angle` holds. */
export type AngleLike = number | { readonly radians: number } | { readonly degrees: number };

/** A rotation: `[x, y, z, w]`. */
export type QuaternionLike = NumberArray | { readonly xyzw: NumberArray };
export type QuaternionArrayLike = QuaternionLike | readonly QuaternionLike[] | NdArray;

/** A rotation about an axis, which need not be of length one. */
export type RotationAxisAngleLike =
  | { readonly axis: NumberArray; readonly angle: AngleLike }
  | { readonly axis: NumberArray; readonly radians: number }
  | { readonly axis: NumberArray; readonly degrees: number };
export type RotationAxisAngleArrayLike = RotationAxisAngleLike | readonly RotationAxisAngleLike[];

/** A square matrix: rows, all elements row by row, or `{ columns }`. */
export type MatrixLike =
  | NumberArray
  | readonly NumberArray[]
  | NdArray
  | { readonly columns: readonly NumberArray[] | NumberArray };
export type MatrixArrayLike = MatrixLike | readonly MatrixLike[] | readonly (readonly NumberArray[])[];

/** Which way the three axes point, as numbers 1..6 (up, down, right, left, forward, back) or a constant of `ViewCoordinates`. */
export type ViewCoordinatesLike = NumberArray | { readonly data: readonly unknown[]; readonly layouts: readonly unknown[] };
export type ViewCoordinatesArrayLike = ViewCoordinatesLike | readonly ViewCoordinatesLike[];

/** One strip of points, or several. */
export type StripArrayLike = readonly NumberArray[] | readonly (readonly NumberArray[])[] | NdArray;

/** An n-dimensional array of numbers, with names of its dimensions if wanted. */
export interface TensorDataParts {
  readonly shape: readonly (number | bigint)[] | BigUint64Array;
  readonly names?: readonly string[] | null | undefined;
  readonly buffer: NumberArray | BigInt64Array | BigUint64Array | Float16Values;
}
/** Nested lists of numbers (64-bit floats), of bigints (64-bit integers), a typed array, or parts. */
export type TensorDataLike =
  | NestedNumbers
  | Float16Values
  | (NdArray & { readonly names?: readonly string[] | null | undefined })
  | TensorDataParts;
export type TensorDataArrayLike = TensorDataLike | readonly (TensorDataParts | NdArray)[];

/** A limit of a visible time range. */
export type TimeRangeBoundaryLike =
  | { readonly kind: "absolute" | "cursorRelative"; readonly value: number | bigint }
  | { readonly kind: "infinite"; readonly value?: undefined };
