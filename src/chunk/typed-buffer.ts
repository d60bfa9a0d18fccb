import { type DataType, type TypedArray, timeBits } from "../core/index.js";

/** Typed array classes that hold Arrow values. */
export type TypedArrayClass =
  | typeof Uint8Array
  | typeof Uint16Array
  | typeof Uint32Array
  | typeof BigUint64Array
  | typeof Int8Array
  | typeof Int16Array
  | typeof Int32Array
  | typeof BigInt64Array
  | typeof Float32Array
  | typeof Float64Array;

const SIGNED = { 8: Int8Array, 16: Int16Array, 32: Int32Array, 64: BigInt64Array } as const;
const UNSIGNED = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array, 64: BigUint64Array } as const;
const FLOATS = { 16: Uint16Array, 32: Float32Array, 64: Float64Array } as const;

/** The class that holds values of a fixed-width scalar type; `undefined` for every other type. */
export function typedArrayClass(type: DataType): TypedArrayClass | undefined {
  switch (type.kind) {
    case "int":
      return type.signed ? SIGNED[type.bits] : UNSIGNED[type.bits];
    case "float":
      return FLOATS[type.bits];
    case "timestamp":
    case "duration":
      return BigInt64Array;
    case "date":
      return type.unit === "day" ? Int32Array : BigInt64Array;
    case "time":
      return SIGNED[timeBits(type.unit)];
    default:
      return undefined;
  }
}

/** Appends larger than this get exactly their size when they are the first: they are seldom followed by another one. */
const BIG_APPEND_BYTES = 1 << 16;

/**
 * Capacity, in elements, of a buffer that has `capacity` and needs `needed`: doubled, but exact for a first big append.
 */
export function grownCapacity(capacity: number, needed: number, elementBytes: number, minimum: number): number {
  if (capacity === 0 && needed * elementBytes >= BIG_APPEND_BYTES) return needed;
  return Math.max(needed, capacity * 2, minimum);
}

/**
 * Small buffers lie side by side in one allocation: an `ArrayBuffer` of its own costs more than filling a small one (measured).
 * Whoever keeps one keeps its slab, so slabs are small.
 */
const SLAB_BYTES = 1 << 16;
const MAX_SHARE_BYTES = SLAB_BYTES >> 3;
let slab = new ArrayBuffer(0);
let slabUsed = 0;

/** A copy of `old` with room for `capacity` elements. */
export function grown<T extends TypedArray>(old: T, used: number, capacity: number): T {
  const larger = zeroed(old, capacity);
  if (used > 0) larger.set((used === old.length ? old : old.subarray(0, used)) as never);
  return larger;
}

/** `length` zeros in an array of the same class. */
function zeroed<T extends TypedArray>(like: T, length: number): T {
  const arrayClass = like.constructor as new (lengthOrBuffer: number | ArrayBuffer, at?: number, length?: number) => T;
  const size = Math.ceil((length * like.BYTES_PER_ELEMENT) / 8) * 8;
  if (size > MAX_SHARE_BYTES) return new arrayClass(length);
  if (slabUsed + size > slab.byteLength) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  slabUsed += size;
  return new arrayClass(slab, slabUsed - size, length);
}

/**
 * The first `used` elements of a buffer that is not written any more: a view, or a copy when the buffer is much too large
 * for what it holds and would keep that memory alive (a part of a slab keeps the slab alive in any case).
 */
export function trimmed<T extends TypedArray>(buffer: T, used: number): T {
  if (used === buffer.length) return buffer;
  const isShared = buffer.byteLength < buffer.buffer.byteLength;
  return (!isShared && buffer.length > used + (used >> 1) + 64 ? buffer.slice(0, used) : buffer.subarray(0, used)) as T;
}

/** Validity bits, made when the first null comes. Growing, one bit per element. */
export class ValidityBits {
  nullCount = 0;
  #bits: Uint8Array | undefined;

  /** Marks elements `start` to `end` as present. */
  setValid(start: number, end: number): void {
    if (this.#bits === undefined) return;
    const bits = this.#room(end);
    for (let i = start; i < end; i++) bits[i >> 3]! |= 1 << (i & 7);
  }

  /** Marks elements `start` to `end` as null. */
  setNull(start: number, end: number): void {
    if (end === start) return;
    if (this.#bits === undefined) {
      this.#bits = new Uint8Array(Math.max(16, (end + 7) >> 3));
      this.setValid(0, start);
    } else {
      this.#room(end);
    }
    this.nullCount += end - start;
  }

  /** Members for an `ArrayData` of `length` elements. */
  finish(length: number): { readonly nullCount: number; readonly validity?: Uint8Array } {
    if (this.#bits === undefined) return { nullCount: 0 };
    return { nullCount: this.nullCount, validity: this.#bits.slice(0, (length + 7) >> 3) };
  }

  #room(length: number): Uint8Array {
    let bits = this.#bits ?? new Uint8Array(0);
    const needed = (length + 7) >> 3;
    if (needed > bits.length) bits = grown(bits, bits.length, grownCapacity(bits.length, needed, 1, 16));
    this.#bits = bits;
    return bits;
  }
}
