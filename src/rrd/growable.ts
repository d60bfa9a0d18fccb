/** A typed array that grows: one value per chunk, without an object per value. */
export class GrowableFloat64 {
  #values: Float64Array;
  #length: number;

  /** @param values the first ones, copied */
  constructor(values: Float64Array = new Float64Array(0)) {
    this.#values = new Float64Array(Math.max(16, values.length));
    this.#values.set(values);
    this.#length = values.length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const values = new Float64Array(2 * this.#length);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets all values behind the first `length`. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A view of the values so far. */
  toArray(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** The same for times. */
export class GrowableInt64 {
  #values: BigInt64Array;
  #length: number;

  /** @param values the first ones, copied */
  constructor(values: BigInt64Array = new BigInt64Array(0)) {
    this.#values = new BigInt64Array(Math.max(16, values.length));
    this.#values.set(values);
    this.#length = values.length;
  }

  push(value: bigint): void {
    if (this.#length === this.#values.length) {
      const values = new BigInt64Array(2 * this.#length);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#length++] = value;
  }

  /** Forgets all values behind the first `length`. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A view of the values so far. */
  toArray(): BigInt64Array {
    return this.#values.subarray(0, this.#length);
  }
}
