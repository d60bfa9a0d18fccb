import { type ArrayData, type DataType, type TypedArray, valuesPerElement } from "../../core/index.js";
import { countUnsetBits } from "../bits.js";
import { typedArrayClass } from "../typed-buffer.js";
import { corrupt, type FlatReader } from "./flat-reader.js";
import { NotDirect, type WireField } from "./schema-decode.js";

const NO_OFFSETS = new Int32Array(1);

/**
 * Reads the arrays of a record batch, parents before children, as views of `body` (copies of what is not aligned).
 * Everything is checked, so that whoever gets the arrays may trust lengths, offsets and type ids.
 */
export class BatchReader {
  readonly numRows: number;
  readonly #reader: FlatReader;
  readonly #body: Uint8Array;
  readonly #nodes: { readonly at: number; readonly count: number };
  readonly #buffers: { readonly at: number; readonly count: number };
  /** Elements that take no bytes (nulls, empty structs) are bounded too: nobody can count to 2^62. */
  readonly #maxLength: number;
  #node = 0;
  #buffer = 0;

  constructor(reader: FlatReader, batch: number, body: Uint8Array) {
    this.#reader = reader;
    this.#body = body;
    this.#nodes = reader.vectorIn(batch, 1, 16);
    this.#buffers = reader.vectorIn(batch, 2, 16);
    this.#maxLength = 1024 + 8 * body.length;
    if (reader.slot(batch, 3, 4) !== 0) throw new NotDirect("body compression");
    const length = reader.slot(batch, 0, 8);
    this.numRows = length === 0 ? 0 : reader.i64(length);
    if (this.numRows < 0 || this.numRows > this.#maxLength) throw corrupt(`${this.numRows} rows`);
  }

  read(wire: WireField): ArrayData {
    const { type } = wire.field;
    const { length, nulls } = this.#nextNode();
    if (type.kind === "null") return { type, length, nullCount: length };
    if (type.kind === "union") return this.#readUnion(wire, type, length);
    const validity = this.#readValidity(length, nulls);
    switch (type.kind) {
      case "bool":
        return { type, length, ...validity, values: this.#nextBytes(Math.ceil(length / 8)) };
      case "fixedSizeBinary":
      case "decimal":
        return { type, length, ...validity, values: this.#nextBytes(length * valuesPerElement(type)) };
      case "utf8":
      case "binary": {
        const offsets = this.#readOffsets(wire, length);
        const values = this.#nextBytes(0, true);
        checkOffsets(offsets, length, values.length);
        return { type, length, ...validity, offsets, values };
      }
      case "list": {
        const offsets = this.#readOffsets(wire, length);
        const child = this.#readChild(wire, 0);
        checkOffsets(offsets, length, child.length);
        return { type, length, ...validity, offsets, children: [child] };
      }
      case "fixedSizeList": {
        const child = this.#readChild(wire, 0);
        if (child.length < length * type.size) throw corrupt(`a list of ${length} × ${type.size} has ${child.length} items`);
        return { type, length, ...validity, children: [child] };
      }
      case "struct":
        return { type, length, ...validity, children: this.#readChildren(wire, length) };
      default:
        return { type, length, ...validity, values: this.#nextValues(type, length) };
    }
  }

  #readUnion(wire: WireField, type: Extract<DataType, { kind: "union" }>, length: number): ArrayData {
    const bytes = this.#nextBytes(length);
    const typeIds = new Int8Array(bytes.buffer, bytes.byteOffset, length);
    const isDense = type.mode === "dense";
    const offsets = isDense ? (this.#nextTyped(Int32Array, length) as Int32Array) : undefined;
    const children = this.#readChildren(wire, isDense ? 0 : length);
    const lengthOf = new Int32Array(128).fill(-1);
    type.typeIds.forEach((id, index) => {
      lengthOf[id] = children[index]?.length ?? 0;
    });
    for (let i = 0; i < length; i++) {
      const branch = lengthOf[typeIds[i]!] ?? -1;
      const offset = offsets === undefined ? 0 : offsets[i]!;
      if (branch < 0) throw corrupt(`a union has no branch ${typeIds[i]}`);
      if (offsets !== undefined && (offset < 0 || offset >= branch)) throw corrupt(`offset ${offset} in a branch of ${branch}`);
    }
    return offsets === undefined
      ? { type, length, nullCount: 0, typeIds, children }
      : { type, length, nullCount: 0, typeIds, offsets, children };
  }

  #readChild(wire: WireField, index: number): ArrayData {
    const child = wire.children[index];
    if (child === undefined) throw corrupt("a nested type has no child");
    return this.read(child);
  }

  #readChildren(wire: WireField, minLength: number): ArrayData[] {
    return wire.children.map((each) => {
      const child = this.read(each);
      if (child.length < minLength) throw corrupt(`a child has ${child.length} elements, its parent ${minLength}`);
      return child;
    });
  }

  #readValidity(length: number, nulls: number): { nullCount: number; validity?: Uint8Array } {
    const bits = this.#nextBytes(nulls === 0 ? 0 : Math.ceil(length / 8), nulls === 0);
    if (nulls === 0 || length === 0) return { nullCount: 0 };
    const nullCount = countUnsetBits(bits, 0, length);
    return nullCount === 0 ? { nullCount } : { nullCount, validity: bits };
  }

  #readOffsets(wire: WireField, length: number): Int32Array {
    if (!wire.isWide) {
      const offsets = this.#nextTyped(Int32Array, length + 1, length === 0) as Int32Array;
      return offsets.length === 0 ? NO_OFFSETS : offsets;
    }
    const wide = this.#nextTyped(BigInt64Array, length + 1, length === 0) as BigInt64Array;
    const offsets = new Int32Array(length + 1);
    for (let i = 0; i < wide.length; i++) {
      if (wide[i]! < 0n || wide[i]! > 0x7fffffffn) throw corrupt(`the offset ${wide[i]} does not fit 32 bits`);
      offsets[i] = Number(wide[i]);
    }
    return offsets;
  }

  #nextValues(type: DataType, length: number): TypedArray {
    const Type = typedArrayClass(type);
    if (Type === undefined) throw corrupt(`${type.kind} has no values`);
    return this.#nextTyped(Type, length);
  }

  /** The next buffer as `length` elements; empty instead when `mayBeEmpty` and there is nothing. */
  #nextTyped(Type: TypedArrayConstructor, length: number, mayBeEmpty = false): TypedArray {
    const width = Type.BYTES_PER_ELEMENT;
    const bytes = this.#nextBytes(length * width, mayBeEmpty);
    if (bytes.length < length * width) return new Type(0);
    if (bytes.byteOffset % width === 0) return new Type(bytes.buffer, bytes.byteOffset, length);
    const copy = new Uint8Array(bytes.subarray(0, length * width));
    return new Type(copy.buffer, copy.byteOffset, length);
  }

  /** The next buffer, cut to `length` bytes; whole when `isOpen`, whatever its length. */
  #nextBytes(length: number, isOpen = false): Uint8Array {
    if (this.#buffer >= this.#buffers.count) throw corrupt(`there are only ${this.#buffers.count} buffers`);
    const entry = this.#buffers.at + 16 * this.#buffer++;
    const offset = this.#reader.i64(entry);
    const size = this.#reader.i64(entry + 8);
    if (offset < 0 || size < 0 || offset + size > this.#body.length) {
      throw corrupt(`a buffer of ${size} bytes at ${offset} does not fit the body of ${this.#body.length}`);
    }
    if (isOpen) return this.#body.subarray(offset, offset + size);
    if (size < length) throw corrupt(`a buffer has ${size} bytes, expected ${length}`);
    return this.#body.subarray(offset, offset + length);
  }

  #nextNode(): { readonly length: number; readonly nulls: number } {
    if (this.#node >= this.#nodes.count) throw corrupt(`there are only ${this.#nodes.count} arrays`);
    const entry = this.#nodes.at + 16 * this.#node++;
    const length = this.#reader.i64(entry);
    if (length < 0 || length > this.#maxLength) throw corrupt(`an array of ${length} elements`);
    return { length, nulls: this.#reader.i64(entry + 8) };
  }
}

type TypedArrayConstructor = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
  new (length: number): TypedArray;
};

function checkOffsets(offsets: Int32Array, length: number, limit: number): void {
  let previous = offsets[0]!;
  if (previous < 0) throw corrupt(`the offset ${previous}`);
  for (let i = 1; i <= length; i++) {
    const offset = offsets[i]!;
    if (offset < previous) throw corrupt(`the offset ${offset} comes after ${previous}`);
    previous = offset;
  }
  if (previous > limit) throw corrupt(`the offset ${previous} lies beyond the end at ${limit}`);
}
